#include "services/courses/timetable/engine/time_constraints.h"

#include <numeric>
#include <utility>

namespace klynge::courses::timetable {
namespace {

// The taken slots that have no neighbour.
uint64_t Alone(uint64_t slots) { return slots & ~(slots << 1) & ~(slots >> 1); }

int CountAlone(uint64_t slots) { return __builtin_popcountll(Alone(slots)); }

}  // namespace

MinimumDays::MinimumDays(const Instance& instance, std::vector<int> wanted)
    : Constraint(kPeriod),
      days_(instance.day_count()),
      wanted_(std::move(wanted)),
      events_on_(static_cast<size_t>(instance.series_count()) * days_),
      used_(instance.series_count()) {}

int64_t MinimumDays::Initial() const {
  return std::accumulate(wanted_.begin(), wanted_.end(), int64_t{0});
}

int MinimumDays::Add(const Board& board, int event) {
  const Instance& instance = board.instance();
  const int series = instance.events[event].series;
  if (events_on_[series * days_ + instance.day_of[board.at(event).period]]++ > 0) return 0;
  return used_[series]++ < wanted_[series] ? -1 : 0;
}

int MinimumDays::Remove(const Board& board, int event) {
  const Instance& instance = board.instance();
  const int series = instance.events[event].series;
  if (--events_on_[series * days_ + instance.day_of[board.at(event).period]] > 0) return 0;
  return --used_[series] < wanted_[series] ? 1 : 0;
}

void MinimumDays::Explain(const Board& board, const std::function<void(const Match&)>& tell) const {
  const Instance& instance = board.instance();
  for (int s = 0; s < instance.series_count(); ++s) {
    std::vector<bool> used(days_);
    int missing = wanted_[s];
    for (int e : instance.series[s].events) {
      const int day = instance.day_of[board.at(e).period];
      if (used[day]) continue;
      used[day] = true;
      --missing;
    }
    if (missing > 0) tell({missing, instance.series[s].events.front(), kNone});
  }
}

Compactness::Compactness(const Instance& instance)
    : GroupConstraint(kPeriod | kTeams),
      days_(instance.day_count()),
      slots_(static_cast<size_t>(instance.group_count()) * days_) {}

// A group is in one place at a time, so its slots can be flipped one event at a time.
int Compactness::Flip(const Board& board, int group, int event) {
  const Instance& instance = board.instance();
  int change = 0;
  for (int k = 0; k < instance.events[event].duration; ++k) {
    const int period = board.at(event).period + k;
    uint64_t& slots = slots_[group * days_ + instance.day_of[period]];
    change -= CountAlone(slots);
    slots ^= uint64_t{1} << instance.slot_of[period];
    change += CountAlone(slots);
  }
  return change;
}

void Compactness::Explain(const Board& board, const std::function<void(const Match&)>& tell) const {
  const Instance& instance = board.instance();
  std::vector<uint64_t> slots(slots_.size());
  const auto each_period = [&](const auto& visit) {
    for (int e = 0; e < instance.event_count(); ++e) {
      for (int k = 0; k < instance.events[e].duration; ++k) {
        const int period = board.at(e).period + k;
        for (int group : board.members(e)) {
          visit(e, group, slots[group * days_ + instance.day_of[period]], instance.slot_of[period]);
        }
      }
    }
  };
  each_period([](int, int, uint64_t& taken, int slot) { taken |= uint64_t{1} << slot; });
  each_period([&](int e, int group, uint64_t taken, int slot) {
    if (Alone(taken) >> slot & 1) tell({1, e, group});
  });
}

int Preference::Add(const Board& board, int event) {
  const int start = board.at(event).period;
  int cost = 0;
  for (int p = start; p < start + board.instance().events[event].duration; ++p) cost += cost_[p];
  return cost;
}

void Preference::Explain(const Board& board, const std::function<void(const Match&)>& tell) const {
  for (int e = 0; e < board.instance().event_count(); ++e) {
    const int start = board.at(e).period;
    int cost = 0;
    for (int p = start; p < start + board.instance().events[e].duration; ++p) cost += cost_[p];
    if (cost > 0) tell({cost, e, kNone});
  }
}

Gap::Gap(const Instance&, std::vector<int> price, int span)
    : GroupConstraint(kPeriod | kTeams), price_(std::move(price)), span_(span) {}

int Gap::After(const Board& board, int group, int series) const {
  const Instance& instance = board.instance();
  const int earlier = board.event_of(group, series);
  const int later = board.event_of(group, series + 1);
  // Counted when the second of the two comes to stand, and no more when the first of them goes.
  if (earlier == kNone || later == kNone || board.at(earlier).period == kNone ||
      board.at(later).period == kNone) {
    return 0;
  }
  const int last = board.at(earlier).period + instance.events[earlier].duration - 1;
  const int days = instance.day_number[instance.day_of[board.at(later).period]] -
                   instance.day_number[instance.day_of[last]];
  return price_[span_ + days];
}

int Gap::Join(const Board& board, int group, int event) {
  const int series = board.instance().events[event].series;
  int count = 0;
  if (series > 0) count += After(board, group, series - 1);
  if (series + 1 < board.instance().series_count()) count += After(board, group, series);
  return count;
}

void Gap::Explain(const Board& board, const std::function<void(const Match&)>& tell) const {
  const Instance& instance = board.instance();
  for (int g = 0; g < instance.group_count(); ++g) {
    for (int s = 0; s + 1 < instance.series_count(); ++s) {
      if (const int count = After(board, g, s); count > 0) {
        tell({count, board.event_of(g, s + 1), g});
      }
    }
  }
}

}  // namespace klynge::courses::timetable
