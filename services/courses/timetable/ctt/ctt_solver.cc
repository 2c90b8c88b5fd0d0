#include "services/courses/timetable/ctt/ctt_solver.h"

#include <algorithm>

#include "services/courses/timetable/ctt/ctt_model.h"
#include "services/courses/timetable/engine/people_constraints.h"

namespace klynge::courses::timetable {
namespace {

// How many timetables a curve has at most, the first included; the first may take a third of the
// limits.
constexpr int kCurvePoints = 8;
constexpr int kShareOfFirst = 3;

CttResult ToResult(const CttInstance& instance, const SearchResult& found) {
  CttResult result;
  result.feasible = found.feasible;
  result.timetable = FromSolution(instance, found.solution);
  result.cost = found.cost;
  result.iterations = found.iterations;
  result.elapsed = found.elapsed;
  return result;
}

void Close(const CttInstance& ctt, const CttDisruption& disruption, Instance& instance) {
  const auto each_slot = [&](int day, const auto& close) {
    for (int slot = 0; slot < ctt.periods_per_day; ++slot) close(day * ctt.periods_per_day + slot);
  };
  for (const auto& [room, day] : disruption.room_days) {
    each_slot(day, [&, r = room](int period) { instance.venue_open.Set(r, period, false); });
  }
  for (const auto& [day, slot] : disruption.periods) {
    for (int e = 0; e < instance.event_count(); ++e) {
      instance.start_open.Set(e, day * ctt.periods_per_day + slot, false);
    }
  }
  for (const auto& [teacher, day] : disruption.teacher_days) {
    for (size_t c = 0; c < ctt.courses.size(); ++c) {
      if (ctt.courses[c].teacher != teacher) continue;
      for (int e : instance.series[c].events) {
        each_slot(day, [&, e](int period) { instance.start_open.Set(e, period, false); });
      }
    }
  }
}

SearchOptions ShareOf(const SearchOptions& options, int64_t parts) {
  SearchOptions share = options;
  if (share.time_limit != absl::InfiniteDuration()) share.time_limit /= parts;
  if (share.max_iterations != std::numeric_limits<int64_t>::max()) share.max_iterations /= parts;
  share.lukewarm = true;
  return share;
}

int CountChanges(const Solution& before, const Solution& now) {
  int changes = 0;
  for (size_t e = 0; e < before.placements.size(); ++e) {
    if (!(before.placements[e] == now.placements[e])) ++changes;
  }
  return changes;
}

}  // namespace

CttResult SolveCtt(const CttInstance& instance, const SearchOptions& options) {
  return ToResult(instance, Search(CttModel(instance), options));
}

CttResult ImproveCtt(const CttInstance& instance, const CttTimetable& start,
                     const SearchOptions& options) {
  SearchOptions lukewarm = options;
  lukewarm.lukewarm = true;
  return ToResult(instance, Search(CttModel(instance), lukewarm, CttSolution(instance, start)));
}

CttReplan ReplanCtt(const CttInstance& ctt, const CttTimetable& published,
                    const CttDisruption& disruption, int max_changes,
                    const SearchOptions& options) {
  Model model = CttModel(ctt);
  Close(ctt, disruption, model.instance);
  const Solution before = CttSolution(ctt, published);
  const auto allow = [&](int changes) {
    Model allowed = model;
    Published was;
    was.placements = before.placements;
    was.by_event = true;
    was.allowed = changes;
    allowed.rules.push_back(MakeRule<Changes>("changes", true, 1, was));
    return allowed;
  };
  CttReplan replan;
  // With nothing allowed, what is broken least is the fewest changes.
  const SearchResult first = Search(allow(0), ShareOf(options, kShareOfFirst), before);
  const int fewest = CountChanges(before, first.solution);
  if (!first.complete || fewest > max_changes) return replan;
  replan.changes.push_back(fewest);
  replan.curve.push_back(ToResult(ctt, first));
  replan.curve.back().feasible = true;
  // That search knew no costs to speak of: as few changes may be had cheaper.
  std::vector<int> caps;
  for (int more = 0; fewest + more < max_changes && caps.size() + 1 < kCurvePoints;
       more = std::max(1, more * 2)) {
    caps.push_back(fewest + more);
  }
  caps.push_back(max_changes);
  Solution best = first.solution;
  const int64_t parts = kShareOfFirst * static_cast<int64_t>(caps.size()) / (kShareOfFirst - 1) + 1;
  for (int cap : caps) {
    const SearchResult found = Search(allow(cap), ShareOf(options, parts), best);
    if (!found.feasible || found.cost >= replan.curve.back().cost) continue;
    best = found.solution;
    const int changes = CountChanges(before, best);
    while (!replan.changes.empty() && changes <= replan.changes.back()) {
      replan.changes.pop_back();
      replan.curve.pop_back();
    }
    replan.changes.push_back(changes);
    replan.curve.push_back(ToResult(ctt, found));
  }
  return replan;
}

}  // namespace klynge::courses::timetable
