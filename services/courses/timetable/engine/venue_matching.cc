#include "services/courses/timetable/engine/venue_matching.h"

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <vector>

namespace klynge::courses::timetable {
namespace {

// The venue of each event at the least sum of `prices` ([event][venue]; below 0: not possible).
// Empty: there is none.
std::vector<int> CheapestAssignment(int events, int venues, const std::vector<int64_t>& prices) {
  using Graph = lemon::SmartDigraph;
  Graph graph;
  graph.reserveNode(events + venues + 1);
  std::vector<Graph::Node> event_nodes, venue_nodes;
  for (int e = 0; e < events; ++e) event_nodes.push_back(graph.addNode());
  for (int v = 0; v < venues; ++v) venue_nodes.push_back(graph.addNode());
  const Graph::Node sink = graph.addNode();
  Graph::ArcMap<int64_t> cost(graph, 0), capacity(graph, 1);
  std::vector<Graph::Arc> arcs(static_cast<size_t>(events) * venues, lemon::INVALID);
  for (int e = 0; e < events; ++e) {
    for (int v = 0; v < venues; ++v) {
      const size_t pair = static_cast<size_t>(e) * venues + v;
      if (prices[pair] < 0) continue;
      arcs[pair] = graph.addArc(event_nodes[e], venue_nodes[v]);
      cost[arcs[pair]] = prices[pair];
      capacity[arcs[pair]] = 1;
    }
  }
  for (int v = 0; v < venues; ++v) capacity[graph.addArc(venue_nodes[v], sink)] = 1;
  Graph::NodeMap<int64_t> supply(graph, 0);
  for (int e = 0; e < events; ++e) supply[event_nodes[e]] = 1;
  supply[sink] = -events;
  lemon::NetworkSimplex<Graph, int64_t> simplex(graph);
  simplex.upperMap(capacity).costMap(cost).supplyMap(supply);
  if (simplex.run() != lemon::NetworkSimplex<Graph, int64_t>::OPTIMAL) return {};
  std::vector<int> assigned(events, kNone);
  for (int e = 0; e < events; ++e) {
    for (int v = 0; v < venues; ++v) {
      const Graph::Arc arc = arcs[static_cast<size_t>(e) * venues + v];
      if (arc != lemon::INVALID && simplex.flow(arc) > 0) assigned[e] = v;
    }
  }
  return assigned;
}

}  // namespace

void MatchVenues(State& state) {
  const Instance& instance = state.instance();
  const Board& board = state.board();
  std::vector<int> events;
  for (int period = 0; period < instance.period_count(); ++period) {
    // Longer events would tie periods together: they stay where they are.
    events.clear();
    for (int v = 0; v < instance.venue_count(); ++v) {
      const int there = board.occupant(period, v);
      if (there >= 0 && instance.events[there].duration == 1) events.push_back(there);
    }
    if (events.empty()) continue;
    const std::vector<int64_t> prices = state.PriceVenues(events);
    const std::vector<int> assigned =
        CheapestAssignment(static_cast<int>(events.size()), instance.venue_count(), prices);
    Move move;
    for (size_t i = 0; i < assigned.size(); ++i) {
      Placement to = board.at(events[i]);
      to.venue = assigned[i];
      if (to.venue != board.at(events[i]).venue) {
        move.shifts.push_back({events[i], board.at(events[i]), to});
      }
    }
    // The prices were taken one event at a time; what counts over several may see it otherwise.
    if (!move.shifts.empty() && state.Apply(move) > 0) state.Revert(move);
  }
}

}  // namespace klynge::courses::timetable
