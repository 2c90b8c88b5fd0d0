#include "services/courses/timetable/engine/explain_test_support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "services/courses/timetable/engine/venue_matching.h"

namespace klynge::courses::timetable::testing {
namespace {

using Kind = Obstruction::Kind;
using Found = std::set<std::tuple<Kind, int, int, int>>;  // kind, period, group, other

Solution Saved(const State& state) {
  Solution solution;
  state.Save(solution);
  return solution;
}

// Who attends each event.
std::vector<std::set<int>> Members(const Instance& instance, const Solution& solution) {
  std::vector<std::set<int>> members(instance.event_count());
  for (int e = 0; e < instance.event_count(); ++e) {
    const std::vector<int>& audience = instance.series[instance.events[e].series].audience;
    members[e].insert(audience.begin(), audience.end());
  }
  for (size_t c = 0; c < instance.choices.size(); ++c) {
    members[solution.choices[c]].insert(instance.choices[c].group);
  }
  return members;
}

bool IsOn(const Instance& instance, const Solution& solution, int event, int period) {
  const int start = solution.placements[event].period;
  return start <= period && period < start + instance.events[event].duration;
}

// What is in the way of the event at `to`, while the others are where `solution` has them.
Found InTheWay(const Instance& instance, const Solution& solution, int event, const Placement& to) {
  const std::vector<std::set<int>> members = Members(instance, solution);
  Found found;
  const auto add = [&found](Kind kind, int period, int group = kNone, int other = kNone) {
    found.emplace(kind, period, group, other);
  };
  const std::vector<int>& able = instance.events[event].lecturers;
  const bool begins = instance.start_open.at(event, to.period);
  if (!begins) add(Kind::kNoStart, to.period);
  if (!instance.venue_fits.at(event, to.venue)) add(Kind::kUnfit, to.period);
  if (!(able.empty() && to.lecturer == kNone) &&
      std::find(able.begin(), able.end(), to.lecturer) == able.end()) {
    add(Kind::kUnable, to.period);
  }
  // Only from where it may begin are the periods that follow those that it would take.
  const int end = to.period + (begins ? instance.events[event].duration : 1);
  for (int p = to.period; p < end; ++p) {
    if (!instance.venue_open.at(to.venue, p)) add(Kind::kVenueClosed, p);
    if (to.lecturer != kNone && !instance.lecturer_open.at(to.lecturer, p)) {
      add(Kind::kLecturerAway, p);
    }
    for (int group : members[event]) {
      if (!instance.group_open.at(group, p)) add(Kind::kGroupAway, p, group);
    }
    for (int other = 0; other < instance.event_count(); ++other) {
      if (other == event || !IsOn(instance, solution, other, p)) continue;
      const Placement& there = solution.placements[other];
      if (there.venue == to.venue) add(Kind::kVenueTaken, p, kNone, other);
      if (to.lecturer != kNone && there.lecturer == to.lecturer) {
        add(Kind::kLecturerBusy, p, kNone, other);
      }
      for (int group : members[event]) {
        if (members[other].count(group) > 0) add(Kind::kGroupBusy, p, group, other);
      }
    }
  }
  return found;
}

bool Fits(const Instance& instance, const Solution& solution, int event) {
  return InTheWay(instance, solution, event, solution.placements[event]).empty();
}

std::map<int, int64_t> ByRule(const std::vector<RuleChange>& changes) {
  std::map<int, int64_t> by_rule;
  for (const RuleChange& each : changes) by_rule[each.rule] = each.count;
  return by_rule;
}

// What a state made anew of `solution` counts more than `before`.
struct Change {
  std::map<int, int64_t> by_rule;
  int64_t cost = 0;
  int64_t broken = 0;
};

Change ChangeTo(const State& before, const Solution& solution) {
  const State after(before.model(), solution);
  Change change;
  for (size_t r = 0; r < before.counts().size(); ++r) {
    const int64_t more = after.counts()[r] - before.counts()[r];
    if (more != 0) change.by_rule[static_cast<int>(r)] = more;
  }
  change.cost = after.cost() - before.cost();
  change.broken = after.broken() - before.broken();
  return change;
}

// Notes on construction, and looks whether it is so again at the end.
class Unchanged {
 public:
  explicit Unchanged(const State& state)
      : state_(state), solution_(Saved(state)), counts_(state.counts()), cost_(state.cost()) {}
  ~Unchanged() {
    const Solution now = Saved(state_);
    EXPECT_EQ(now.placements, solution_.placements);
    EXPECT_EQ(now.choices, solution_.choices);
    EXPECT_EQ(state_.counts(), counts_);
    EXPECT_EQ(state_.cost(), cost_);
  }

 private:
  const State& state_;
  const Solution solution_;
  const std::vector<int64_t> counts_;
  const int64_t cost_;
};

// The timetable after a suggestion, if the event goes to `to` and `other` (or kNone) where it was.
Solution After(const Solution& now, int event, const Placement& to, int other) {
  Solution after = now;
  after.placements[event] = to;
  if (other != kNone) {
    after.placements[other].period = now.placements[event].period;
    after.placements[other].venue = now.placements[event].venue;
  }
  return after;
}

using Offer = std::tuple<int, int, int, int>;  // period, venue, lecturer; whom it drives out

// Every other place where the event fits, alone or in exchange with one that begins there.
std::set<Offer> AllOffers(const State& state, int event) {
  const Instance& instance = state.instance();
  const Solution now = Saved(state);
  std::vector<int> lecturers = instance.events[event].lecturers;
  if (lecturers.empty()) lecturers.push_back(kNone);
  std::set<Offer> offers;
  for (int p = 0; p < instance.period_count(); ++p) {
    for (int v = 0; v < instance.venue_count(); ++v) {
      int there = kNone;
      for (int e = 0; e < instance.event_count(); ++e) {
        const Placement& at = now.placements[e];
        const bool alike = instance.events[e].duration == instance.events[event].duration;
        if (e != event && alike && at.period == p && at.venue == v) there = e;
      }
      for (int l : lecturers) {
        const Placement to{p, v, l};
        if (to == now.placements[event]) continue;
        const Solution after = After(now, event, to, there);
        if (Fits(instance, after, event) && (there == kNone || Fits(instance, after, there))) {
          offers.emplace(p, v, l, there);
        }
      }
    }
  }
  return offers;
}

// The least price of the events of the period over all deals of venues among them.
int64_t CheapestDeal(const State& state, const std::vector<int>& events, size_t next,
                     Solution& solution) {
  if (next == events.size()) {
    const State dealt(state.model(), solution);
    return dealt.cost() + state.penalty() * dealt.broken();
  }
  int64_t least = std::numeric_limits<int64_t>::max();
  Placement& at = solution.placements[events[next]];
  const Placement was = at;
  for (int v = 0; v < state.instance().venue_count(); ++v) {
    at.venue = v;
    bool free = state.instance().venue_fits.at(events[next], v) &&
                state.instance().venue_open.at(v, at.period);
    for (int e = 0; free && e < state.instance().event_count(); ++e) {
      // Those that are yet to be dealt one are in nobody's way.
      const bool waits =
          std::find(events.begin() + static_cast<int64_t>(next), events.end(), e) != events.end();
      free = waits || solution.placements[e].venue != v ||
             !IsOn(state.instance(), solution, e, at.period);
    }
    if (free) least = std::min(least, CheapestDeal(state, events, next + 1, solution));
  }
  at = was;
  return least;
}

}  // namespace

void ExpectReasonsToAddUp(const State& state) {
  const Unchanged unchanged(state);
  std::vector<int64_t> counts(state.counts().size());
  const std::vector<Reason> all = AllReasons(state);
  for (const Reason& reason : all) {
    EXPECT_GT(reason.match.count, 0);
    EXPECT_NE(reason.match.event, kNone);
    counts[reason.rule] += reason.match.count;
  }
  EXPECT_EQ(counts, state.counts());
  const std::vector<int64_t> by_event = CostByEvent(state);
  ASSERT_EQ(static_cast<int>(by_event.size()), state.instance().event_count());
  size_t reasons = 0;
  int64_t sum = 0;
  for (int e = 0; e < state.instance().event_count(); ++e) {
    int64_t cost = 0;
    for (const Reason& reason : Why(state, e)) {
      const Rule& rule = state.model().rules[reason.rule];
      cost += rule.hard ? 0 : int64_t{rule.weight} * reason.match.count;
      EXPECT_EQ(reason.match.event, e);
      ++reasons;
    }
    EXPECT_EQ(by_event[e], cost);
    sum += cost;
  }
  EXPECT_EQ(reasons, all.size());
  EXPECT_EQ(sum, state.cost());
}

bool ExpectWhyNotToBeSo(State& state, int event, const Placement& to) {
  const Unchanged unchanged(state);
  const Consequence consequence = WhyNot(state, event, to);
  Found named;
  for (const Obstruction& each : consequence.obstructions) {
    EXPECT_TRUE(named.emplace(each.kind, each.period, each.group, each.other).second);
  }
  Solution solution = Saved(state);
  EXPECT_EQ(named, InTheWay(state.instance(), solution, event, to));
  Change change;
  solution.placements[event] = to;
  if (named.empty()) change = ChangeTo(state, solution);
  EXPECT_EQ(ByRule(consequence.changes), change.by_rule);
  EXPECT_EQ(consequence.cost, change.cost);
  EXPECT_EQ(consequence.broken, change.broken);
  return !named.empty();
}

int ExpectTheBestSuggestions(State& state, int event) {
  const Unchanged unchanged(state);
  const Solution now = Saved(state);
  const std::vector<Suggestion> all = Suggest(state, event, std::numeric_limits<int>::max());
  std::set<Offer> offered;
  std::tuple<int64_t, int64_t, int> last{std::numeric_limits<int64_t>::min(), 0, 0};
  for (const Suggestion& suggestion : all) {
    const std::vector<Move::Shift>& shifts = suggestion.move.shifts;
    const Placement& to = shifts[0].to;
    EXPECT_EQ(shifts[0].event, event);
    const int other = shifts.size() > 1 ? shifts[1].event : kNone;
    EXPECT_TRUE(offered.emplace(to.period, to.venue, to.lecturer, other).second);
    const Solution after = After(now, event, to, other);
    if (other != kNone) {
      EXPECT_TRUE(shifts[1].to == after.placements[other]);
    }
    const Change change = ChangeTo(state, after);
    EXPECT_EQ(ByRule(suggestion.changes), change.by_rule);
    EXPECT_EQ(suggestion.cost, change.cost);
    EXPECT_EQ(suggestion.broken, change.broken);
    const std::tuple<int64_t, int64_t, int> rank{change.broken, change.cost, to.period};
    EXPECT_LE(last, rank);
    last = rank;
  }
  EXPECT_EQ(offered, AllOffers(state, event));
  const std::vector<Suggestion> first = Suggest(state, event, 3);
  EXPECT_EQ(first.size(), std::min<size_t>(3, all.size()));
  for (size_t i = 0; i < first.size(); ++i) {
    EXPECT_TRUE(first[i].move.shifts[0].to == all[i].move.shifts[0].to);
  }
  return static_cast<int>(all.size());
}

int64_t ExpectVenuesToBeMatched(State& state) {
  const Instance& instance = state.instance();
  const auto price = [&state] { return state.cost() + state.penalty() * state.broken(); };
  const Solution before = Saved(state);
  const int64_t price_before = price();
  MatchVenues(state);
  Solution after = Saved(state);
  EXPECT_LE(price(), price_before);
  EXPECT_EQ(ChangeTo(state, after).by_rule, (std::map<int, int64_t>()));
  EXPECT_EQ(after.choices, before.choices);
  std::vector<int> last;
  for (int e = 0; e < instance.event_count(); ++e) {
    const Placement& at = after.placements[e];
    EXPECT_EQ(at.period, before.placements[e].period);
    EXPECT_EQ(at.lecturer, before.placements[e].lecturer);
    EXPECT_TRUE(Fits(instance, after, e));
    if (instance.events[e].duration > 1) continue;
    if (!last.empty() && at.period > after.placements[last[0]].period) last.clear();
    if (last.empty() || at.period == after.placements[last[0]].period) last.push_back(e);
  }
  if (!last.empty()) {
    EXPECT_EQ(price(), CheapestDeal(state, last, 0, after));
  }
  return price_before - price();
}

}  // namespace klynge::courses::timetable::testing
