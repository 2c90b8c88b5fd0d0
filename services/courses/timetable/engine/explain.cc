#include "services/courses/timetable/engine/explain.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace klynge::courses::timetable {
namespace {

std::vector<RuleChange> Changes(const std::vector<int64_t>& before,
                                const std::vector<int64_t>& after) {
  std::vector<RuleChange> changes;
  for (size_t r = 0; r < before.size(); ++r) {
    if (after[r] != before[r]) changes.push_back({static_cast<int>(r), after[r] - before[r]});
  }
  return changes;
}

// Makes the move, calls `look`, and takes it back.
template <class Look>
void Try(State& state, const Move& move, const Look& look) {
  const std::vector<int64_t> counts = state.counts();
  const int64_t cost = state.cost();
  const int64_t broken = state.broken();
  state.Apply(move);
  look(Changes(counts, state.counts()), state.cost() - cost, state.broken() - broken);
  state.Revert(move);
}

class Obstructions {
 public:
  Obstructions(const Board& board, int event, const Placement& to)
      : board_(board), instance_(board.instance()), event_(event), to_(to) {}

  std::vector<Obstruction> Find() {
    using Kind = Obstruction::Kind;
    const bool begins = instance_.start_open.at(event_, to_.period);
    if (!begins) Add(Kind::kNoStart, to_.period);
    if (!instance_.venue_fits.at(event_, to_.venue)) Add(Kind::kUnfit, to_.period);
    const std::vector<int>& able = instance_.events[event_].lecturers;
    const bool nobody_needed = able.empty() && to_.lecturer == kNone;
    if (!nobody_needed && std::count(able.begin(), able.end(), to_.lecturer) == 0) {
      Add(Kind::kUnable, to_.period);
    }
    // Where it may not begin it has no periods after the first: they need not follow each other.
    const int end = to_.period + (begins ? instance_.events[event_].duration : 1);
    for (int p = to_.period; p < end; ++p) InPeriod(p);
    return std::move(found_);
  }

 private:
  void Add(Obstruction::Kind kind, int period, int group = kNone, int other = kNone) {
    found_.push_back({kind, period, group, other});
  }

  void InPeriod(int period) {
    using Kind = Obstruction::Kind;
    const int there = board_.occupant(period, to_.venue);
    if (there < kNone) Add(Kind::kVenueClosed, period);
    if (there >= 0 && there != event_) Add(Kind::kVenueTaken, period, kNone, there);
    if (to_.lecturer != kNone && !instance_.lecturer_open.at(to_.lecturer, period)) {
      Add(Kind::kLecturerAway, period);
    }
    for (int group : board_.members(event_)) {
      if (!instance_.group_open.at(group, period)) Add(Kind::kGroupAway, period, group);
    }
    for (int v = 0; v < instance_.venue_count(); ++v) {
      const int other = board_.occupant(period, v);
      if (other < 0 || other == event_) continue;
      if (to_.lecturer != kNone && board_.at(other).lecturer == to_.lecturer) {
        Add(Kind::kLecturerBusy, period, kNone, other);
      }
      const std::vector<int>& members = board_.members(other);
      for (int group : board_.members(event_)) {
        if (std::count(members.begin(), members.end(), group) > 0) {
          Add(Kind::kGroupBusy, period, group, other);
        }
      }
    }
  }

  const Board& board_;
  const Instance& instance_;
  const int event_;
  const Placement to_;
  std::vector<Obstruction> found_;
};

}  // namespace

std::vector<Reason> AllReasons(const State& state) {
  std::vector<Reason> reasons;
  for (size_t r = 0; r < state.model().rules.size(); ++r) {
    const int rule = static_cast<int>(r);
    state.constraint(rule).Explain(state.board(), [&](const Match& match) {
      reasons.push_back({rule, match});
    });
  }
  return reasons;
}

std::vector<Reason> Why(const State& state, int event) {
  std::vector<Reason> reasons = AllReasons(state);
  reasons.erase(
      std::remove_if(reasons.begin(), reasons.end(),
                     [event](const Reason& reason) { return reason.match.event != event; }),
      reasons.end());
  return reasons;
}

std::vector<int64_t> CostByEvent(const State& state) {
  std::vector<int64_t> costs(state.instance().event_count());
  for (const Reason& reason : AllReasons(state)) {
    const Rule& rule = state.model().rules[reason.rule];
    if (!rule.hard) costs[reason.match.event] += int64_t{rule.weight} * reason.match.count;
  }
  return costs;
}

Consequence WhyNot(State& state, int event, const Placement& to) {
  Consequence consequence;
  consequence.obstructions = Obstructions(state.board(), event, to).Find();
  if (!consequence.obstructions.empty()) return consequence;
  Move move;
  move.shifts.push_back({event, state.board().at(event), to});
  Try(state, move, [&](std::vector<RuleChange> changes, int64_t cost, int64_t broken) {
    consequence.changes = std::move(changes);
    consequence.cost = cost;
    consequence.broken = broken;
  });
  return consequence;
}

std::vector<Suggestion> Suggest(State& state, int event, int count) {
  const Board& board = state.board();
  const Instance& instance = state.instance();
  const Placement from = board.at(event);
  std::vector<Suggestion> all;
  const auto offer = [&](const Move& move) {
    Try(state, move, [&](std::vector<RuleChange> changes, int64_t cost, int64_t broken) {
      all.push_back({move, std::move(changes), cost, broken});
    });
  };
  std::vector<int> lecturers = instance.events[event].lecturers;
  if (lecturers.empty()) lecturers.push_back(kNone);
  for (int period = 0; period < instance.period_count(); ++period) {
    for (int venue = 0; venue < instance.venue_count(); ++venue) {
      const int there = board.occupant(period, venue);
      for (int lecturer : lecturers) {
        const Placement to{period, venue, lecturer};
        if (to == from) continue;
        Move move;
        move.shifts.push_back({event, from, to});
        if (there == kNone || there == event) {
          if (board.Fits(event, to)) offer(move);
          continue;
        }
        // What is there goes where the event was, with its own lecturer.
        if (there < 0 || board.at(there).period != period ||
            instance.events[there].duration != instance.events[event].duration) {
          continue;
        }
        // Where the two meet in time, one lecturer can't hold both.
        const bool meet = std::abs(period - from.period) < instance.events[event].duration;
        if (meet && lecturer != kNone && lecturer == board.at(there).lecturer) continue;
        const Placement back{from.period, from.venue, board.at(there).lecturer};
        if (!board.Fits(event, to, there) || !board.Fits(there, back, event)) continue;
        move.shifts.push_back({there, board.at(there), back});
        offer(move);
      }
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Suggestion& a, const Suggestion& b) {
    return std::tie(a.broken, a.cost) < std::tie(b.broken, b.cost);
  });
  if (static_cast<int>(all.size()) > count) all.resize(std::max(count, 0));
  return all;
}

}  // namespace klynge::courses::timetable
