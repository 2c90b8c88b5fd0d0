#include "services/courses/timetable/difference.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/courses/timetable/assignment.h"
#include "services/courses/timetable/changes.h"
#include "services/courses/timetable/checker.h"
#include "services/courses/timetable/problem_index.h"

namespace klynge::courses::timetable {
namespace {

using Events = std::vector<const Event*>;

Events ByDate(Events events) {
  std::stable_sort(events.begin(), events.end(),
                   [](const Event* a, const Event* b) { return a->date < b->date; });
  return events;
}

// The teams of `a` that `b` (null: nobody's) doesn't have.
std::vector<std::string> TeamsOnlyOf(const Event& a, const Event* b) {
  std::vector<std::string> teams;
  for (const std::string& team : a.team_ids) {
    if (b == nullptr || std::count(b->team_ids.begin(), b->team_ids.end(), team) == 0) {
      teams.push_back(team);
    }
  }
  return teams;
}

std::string Describe(const EventDifference& difference) {
  const Event& known = difference.before ? *difference.before : *difference.after;
  const std::string name =
      absl::StrCat("The event of series '", known.series_id, "' on ",
                   absl::FormatCivilTime(known.date), " in venue '", known.venue_id, "'");
  if (!difference.before) return absl::StrCat(name, " is new.");
  if (!difference.after) return absl::StrCat(name, " is not held any more.");
  const Event& after = *difference.after;
  std::vector<std::string> parts;
  if (difference.date) {
    parts.push_back(absl::StrCat("is moved to ", absl::FormatCivilTime(after.date)));
  }
  if (difference.venue) parts.push_back(absl::StrCat("goes to venue '", after.venue_id, "'"));
  if (difference.lecturer) {
    parts.push_back(
        absl::StrCat("has lecturer '", after.lecturer_id, "' for '", known.lecturer_id, "'"));
  }
  const auto teams = [&](const std::vector<std::string>& ids, const char* does) {
    if (!ids.empty()) parts.push_back(absl::StrCat(does, " '", absl::StrJoin(ids, "', '"), "'"));
  };
  teams(difference.teams_gone, "loses");
  teams(difference.teams_new, "gets");
  return absl::StrCat(name, " ", absl::StrJoin(parts, ", "), ".");
}

// Either may be null.
EventDifference Compare(const Event* before, const Event* after) {
  EventDifference difference;
  if (before != nullptr) difference.before = *before;
  if (after != nullptr) difference.after = *after;
  if (before != nullptr && after != nullptr) {
    difference.date = before->date != after->date;
    difference.venue = before->venue_id != after->venue_id;
    difference.lecturer = before->lecturer_id != after->lecturer_id;
  }
  if (before != nullptr) difference.teams_gone = TeamsOnlyOf(*before, after);
  if (after != nullptr) difference.teams_new = TeamsOnlyOf(*after, before);
  return difference;
}

bool IsOtherwise(const EventDifference& difference) {
  return !difference.before || !difference.after || difference.date || difference.venue ||
         difference.lecturer || !difference.teams_gone.empty() || !difference.teams_new.empty();
}

void DiffSeries(const Problem& problem, const Events& before, const Events& after,
                TimetableDifference& out) {
  const size_t size = std::max(before.size(), after.size());
  const auto at = [](const Events& events, size_t i) {
    return i < events.size() ? events[i] : nullptr;
  };
  CostMatrix prices(size, std::vector<int64_t>(size));
  for (size_t i = 0; i < size; ++i) {
    for (size_t j = 0; j < size; ++j) {
      const Event* was = at(before, i);
      const int64_t changes = was == nullptr ? 0 : ChangesOf(problem, *was, at(after, j));
      // Among equals, in their order.
      prices[i][j] = changes * static_cast<int64_t>(size + 1) + (i == j ? 0 : 1);
    }
  }
  const std::vector<size_t> paired = CheapestAssignment(prices);
  for (size_t i = 0; i < size; ++i) {
    const Event* was = at(before, i);
    const Event* is = at(after, paired[i]);
    if (was != nullptr) out.changes += ChangesOf(problem, *was, is);
    EventDifference difference = Compare(was, is);
    if (!IsOtherwise(difference)) continue;
    difference.sentence = Describe(difference);
    out.events.push_back(std::move(difference));
  }
}

bool Knows(const Problem& problem, const Timetable& timetable) {
  return std::all_of(timetable.events.begin(), timetable.events.end(), [&](const Event& event) {
    return IndexOf(problem.series, event.series_id) != kNone &&
           IndexOf(problem.venues, event.venue_id) != kNone &&
           IndexOf(problem.lecturers, event.lecturer_id) != kNone &&
           std::all_of(event.team_ids.begin(), event.team_ids.end(), [&](const std::string& team) {
             return IndexOf(problem.teams, team) != kNone;
           });
  });
}

}  // namespace

TimetableDifference DiffTimetables(const Problem& problem, const Timetable& before,
                                   const Timetable& after) {
  TimetableDifference difference;
  for (const Series& series : problem.series) {
    DiffSeries(problem, ByDate(EventsOf(before, series.id)), ByDate(EventsOf(after, series.id)),
               difference);
  }
  if (!Knows(problem, before) || !Knows(problem, after)) return difference;
  difference.costs = CostTimetable(problem, after);
  const std::vector<ConstraintCost> costs_before = CostTimetable(problem, before);
  for (size_t c = 0; c < difference.costs.size(); ++c) {
    difference.costs[c].count -= costs_before[c].count;
    difference.costs[c].cost -= costs_before[c].cost;
    difference.cost += difference.costs[c].cost;
  }
  return difference;
}

}  // namespace klynge::courses::timetable
