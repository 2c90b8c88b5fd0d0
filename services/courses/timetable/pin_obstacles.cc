#include "services/courses/timetable/pin_obstacles.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace klynge::courses::timetable {
namespace {

template <class Items>
auto* FindById(const Items& items, const std::string& id) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.id == id; });
  return found == items.end() ? nullptr : &*found;
}

int SeriesPosition(const Problem& problem, const Pin& pin) {
  return static_cast<int>(FindById(problem.series, pin.series_id) - problem.series.data());
}

std::string Name(const Pin& pin) {
  return absl::StrCat("The pinned event of series '", pin.series_id, "'",
                      pin.date ? absl::StrCat(" on ", absl::FormatCivilTime(*pin.date)) : "");
}

void AgainstCalendar(const Problem& problem, const Pin& pin, std::vector<Obstacle>& obstacles) {
  if (!pin.date) return;
  if (*pin.date < problem.from || *pin.date > problem.until) {
    obstacles.push_back({"pin", absl::StrCat(Name(pin), " is outside the period from ",
                                             absl::FormatCivilTime(problem.from), " to ",
                                             absl::FormatCivilTime(problem.until), ".")});
  } else if (UseOf(*pin.date, problem.calendar) == DayUse::kClosed) {
    obstacles.push_back({"pin", absl::StrCat(Name(pin), " is on a closed day (",
                                             ReasonAgainst(*pin.date, problem.calendar), ").")});
  }
}

void AgainstVenue(const Problem& problem, const Pin& pin, std::vector<Obstacle>& obstacles) {
  const Venue* venue = FindById(problem.venues, pin.venue_id);
  if (venue == nullptr) return;
  if (pin.date && venue->unavailable.count(*pin.date) > 0) {
    obstacles.push_back(
        {"pin", absl::StrCat(Name(pin), " is in venue '", venue->id, "', unavailable that day.")});
  }
  int heads = 0;
  for (const std::string& id : pin.team_ids) heads += FindById(problem.teams, id)->heads;
  if (heads > venue->seats) {
    obstacles.push_back({"pin", absl::StrCat(Name(pin), " has ", heads, " persons in venue '",
                                             venue->id, "' with ", venue->seats, " seats.")});
  }
}

void AgainstLecturer(const Problem& problem, const Pin& pin, std::vector<Obstacle>& obstacles) {
  const Lecturer* lecturer = FindById(problem.lecturers, pin.lecturer_id);
  if (lecturer == nullptr) return;
  const std::string& theme = FindById(problem.series, pin.series_id)->theme;
  if (lecturer->themes.count(theme) == 0) {
    obstacles.push_back({"pin", absl::StrCat(Name(pin), " has lecturer '", lecturer->id,
                                             "', who does not teach theme '", theme, "'.")});
  }
  if (pin.date && lecturer->unavailable.count(*pin.date) > 0) {
    obstacles.push_back({"pin", absl::StrCat(Name(pin), " has lecturer '", lecturer->id,
                                             "', unavailable that day.")});
  }
}

std::vector<std::string> TeamsInBoth(const Pin& a, const Pin& b) {
  std::vector<std::string> both;
  for (const std::string& team : a.team_ids) {
    if (std::count(b.team_ids.begin(), b.team_ids.end(), team) > 0) both.push_back(team);
  }
  return both;
}

void AgainstEachOther(const Problem& problem, const Pin& a, const Pin& b,
                      std::vector<Obstacle>& obstacles) {
  if (a.date && a.date == b.date) {
    for (const auto& [kind, one, other] : {std::tuple("venue", a.venue_id, b.venue_id),
                                           std::tuple("lecturer", a.lecturer_id, b.lecturer_id)}) {
      if (one.empty() || one != other) continue;
      obstacles.push_back(
          {"pin", absl::StrCat(Name(a), " and that of series '", b.series_id,
                               "' the same day have the same ", kind, " '", one, "'.")});
    }
  }
  if (!a.date || !b.date) return;
  const std::vector<std::string> both = TeamsInBoth(a, b);
  if (both.empty()) return;
  // From `a` to `b` in theme order; the same series twice is a CheckProblem error.
  const int steps = SeriesPosition(problem, b) - SeriesPosition(problem, a);
  int64_t days = (*b.date - *a.date) * (steps > 0 ? 1 : -1);
  // Gaps begin on the last day of an event.
  const int first = std::min(SeriesPosition(problem, a), SeriesPosition(problem, b));
  for (int s = first; s < first + std::abs(steps); ++s) days -= problem.series[s].days - 1;
  const int64_t least = int64_t{std::abs(steps)} * problem.limits.min_gap_days;
  const int64_t most = int64_t{std::abs(steps)} * problem.limits.max_gap_days;
  if (days >= least && days <= most) return;
  obstacles.push_back({"pin", absl::StrCat(Name(a), " and that of series '", b.series_id, "' on ",
                                           absl::FormatCivilTime(*b.date), " are ", days,
                                           " days apart in theme order for team '", both.front(),
                                           "'; ", least, "–", most, " are allowed.")});
}

}  // namespace

std::vector<Obstacle> PinObstacles(const Problem& problem) {
  std::vector<Obstacle> obstacles;
  for (size_t i = 0; i < problem.pins.size(); ++i) {
    const Pin& pin = problem.pins[i];
    AgainstCalendar(problem, pin, obstacles);
    AgainstVenue(problem, pin, obstacles);
    AgainstLecturer(problem, pin, obstacles);
    for (size_t j = 0; j < i; ++j) AgainstEachOther(problem, problem.pins[j], pin, obstacles);
  }
  return obstacles;
}

}  // namespace klynge::courses::timetable
