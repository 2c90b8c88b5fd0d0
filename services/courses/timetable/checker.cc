#include "services/courses/timetable/checker.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "absl/strings/str_cat.h"

namespace klynge::courses::timetable {
namespace {

std::string Day(Date date) { return absl::FormatCivilTime(date); }

std::string Name(const Event& event) {
  return absl::StrCat("The event of series '", event.series_id, "' on ", Day(event.date));
}

template <class Item>
std::map<std::string, const Item*> ById(const std::vector<Item>& items) {
  std::map<std::string, const Item*> by_id;
  for (const Item& item : items) by_id[item.id] = &item;
  return by_id;
}

class Checker {
 public:
  Checker(const Problem& problem, const Timetable& timetable)
      : problem_(problem),
        timetable_(timetable),
        series_(ById(problem.series)),
        teams_(ById(problem.teams)),
        venues_(ById(problem.venues)),
        lecturers_(ById(problem.lecturers)) {}

  std::vector<Violation> Check() {
    References();
    // Nothing else can be judged when names are unknown.
    if (!violations_.empty()) return violations_;
    for (const Event& event : timetable_.events) {
      CheckDate(event);
      CheckSeats(event);
      CheckLecturer(event);
    }
    CheckUsedOncePerDay();
    CheckEventCounts();
    CheckAttendance();
    CheckGaps();
    CheckCoverage();
    CheckClusters();
    CheckPins();
    return violations_;
  }

 private:
  template <class... Parts>
  void Add(std::string rule, const Parts&... parts) {
    violations_.push_back({std::move(rule), absl::StrCat(parts...)});
  }

  void References() {
    for (const Event& event : timetable_.events) {
      if (series_.count(event.series_id) == 0) {
        Add("reference", "Series '", event.series_id, "' is unknown.");
      }
      if (venues_.count(event.venue_id) == 0) {
        Add("reference", "Venue '", event.venue_id, "' is unknown.");
      }
      if (lecturers_.count(event.lecturer_id) == 0) {
        Add("reference", "Lecturer '", event.lecturer_id, "' is unknown.");
      }
      for (const std::string& team : event.team_ids) {
        if (teams_.count(team) == 0) Add("reference", "Team '", team, "' is unknown.");
      }
    }
  }

  void CheckDate(const Event& event) {
    if (event.date < problem_.from || event.date > problem_.until) {
      Add("period", Name(event), " is outside the period from ", Day(problem_.from), " to ",
          Day(problem_.until), ".");
    }
    if (UseOf(event.date, problem_.calendar) == DayUse::kClosed) {
      Add("calendar", Name(event), " is on a closed day (",
          ReasonAgainst(event.date, problem_.calendar), ").");
    }
  }

  void CheckSeats(const Event& event) {
    const Venue& venue = *venues_.at(event.venue_id);
    int heads = 0;
    for (const std::string& team : event.team_ids) heads += teams_.at(team)->heads;
    if (heads > venue.seats) {
      Add("seats", Name(event), " has ", heads, " persons in venue '", venue.id, "' with ",
          venue.seats, " seats.");
    }
    if (venue.unavailable.count(event.date) > 0) {
      Add("venue", Name(event), " is in venue '", venue.id, "', unavailable that day.");
    }
  }

  void CheckLecturer(const Event& event) {
    const Lecturer& lecturer = *lecturers_.at(event.lecturer_id);
    const std::string& theme = series_.at(event.series_id)->theme;
    if (lecturer.themes.count(theme) == 0) {
      Add("lecturer", Name(event), " has lecturer '", lecturer.id, "', who does not teach theme '",
          theme, "'.");
    }
    if (lecturer.unavailable.count(event.date) > 0) {
      Add("lecturer", Name(event), " has lecturer '", lecturer.id, "', unavailable that day.");
    }
  }

  void CheckUsedOncePerDay() {
    std::map<std::pair<Date, std::string>, int> venues, lecturers;
    for (const Event& event : timetable_.events) {
      ++venues[{event.date, event.venue_id}];
      ++lecturers[{event.date, event.lecturer_id}];
    }
    for (const auto& [key, events] : venues) {
      if (events < 2) continue;
      Add("venue", "Venue '", key.second, "' has ", events, " events on ", Day(key.first), ".");
    }
    for (const auto& [key, events] : lecturers) {
      if (events < 2) continue;
      Add("lecturer", "Lecturer '", key.second, "' has ", events, " events on ", Day(key.first),
          ".");
    }
  }

  void CheckEventCounts() {
    std::map<std::string, int> held;
    for (const Event& event : timetable_.events) {
      ++held[event.series_id];
      if (event.team_ids.empty()) Add("events", Name(event), " has no team.");
    }
    for (const Series& series : problem_.series) {
      if (series.events == 0 || held[series.id] == series.events) continue;
      Add("events", "Series '", series.id, "' is held ", held[series.id], " times instead of ",
          series.events, ".");
    }
  }

  void CheckAttendance() {
    std::map<std::pair<std::string, std::string>, int> attended;
    for (const Event& event : timetable_.events) {
      for (const std::string& team : event.team_ids) ++attended[{team, event.series_id}];
    }
    for (const Team& team : problem_.teams) {
      for (const Series& series : problem_.series) {
        const int times = attended[{team.id, series.id}];
        if (times == 1) continue;
        Add("attendance", "Team '", team.id, "' attends series '", series.id, "' ", times,
            " times instead of once.");
      }
    }
  }

  // The date on which `team` attends `series`; nullopt when it doesn't.
  absl::optional<Date> DateOf(const std::string& team, const std::string& series) const {
    for (const Event& event : timetable_.events) {
      if (event.series_id != series) continue;
      if (std::count(event.team_ids.begin(), event.team_ids.end(), team) > 0) return event.date;
    }
    return absl::nullopt;
  }

  void CheckGaps() {
    const Limits& limits = problem_.limits;
    for (const Team& team : problem_.teams) {
      for (size_t s = 0; s + 1 < problem_.series.size(); ++s) {
        const std::string& first = problem_.series[s].id;
        const std::string& second = problem_.series[s + 1].id;
        const auto date = DateOf(team.id, first);
        const auto next = DateOf(team.id, second);
        if (!date || !next) continue;  // told by CheckAttendance
        const int64_t gap = *next - *date;
        if (gap <= 0) {
          Add("order", "Team '", team.id, "' has series '", second, "' on ", Day(*next),
              ", not after series '", first, "' on ", Day(*date), ".");
        } else if (gap < limits.min_gap_days || gap > limits.max_gap_days) {
          Add("gap", "Team '", team.id, "' has ", gap, " days between series '", first, "' on ",
              Day(*date), " and '", second, "' on ", Day(*next), "; ", limits.min_gap_days, "–",
              limits.max_gap_days, " are allowed.");
        }
      }
    }
  }

  void CheckCoverage() {
    std::map<std::string, int> size;
    for (const Team& team : problem_.teams) ++size[team.area_id];
    std::map<std::pair<Date, std::string>, int> away;
    for (const Event& event : timetable_.events) {
      for (const std::string& team : event.team_ids) {
        ++away[{event.date, teams_.at(team)->area_id}];
      }
    }
    for (const auto& [key, teams] : away) {
      const int all = size[key.second];
      const double share = problem_.limits.max_away_share;
      const bool within_share = teams <= share * all + 1e-9;
      if (within_share || teams <= problem_.limits.always_allowed_away) continue;
      Add("coverage", "On ", Day(key.first), " ", teams, " of the ", all, " teams of area '",
          key.second, "' are away; a share of ", share, " is allowed.");
    }
  }

  void CheckClusters() {
    std::map<std::pair<Date, std::string>, int> away;
    for (const Event& event : timetable_.events) {
      for (const std::string& team : event.team_ids) {
        const std::string& cluster = teams_.at(team)->cluster_id;
        if (!cluster.empty()) ++away[{event.date, cluster}];
      }
    }
    for (const auto& [key, teams] : away) {
      if (teams < 2) continue;
      Add("cluster", "On ", Day(key.first), " ", teams, " teams of cluster '", key.second,
          "' are away at once.");
    }
  }

  static bool Keeps(const Event& event, const Pin& pin) {
    if (event.series_id != pin.series_id) return false;
    if (pin.date && *pin.date != event.date) return false;
    if (!pin.venue_id.empty() && pin.venue_id != event.venue_id) return false;
    if (!pin.lecturer_id.empty() && pin.lecturer_id != event.lecturer_id) return false;
    return std::all_of(pin.team_ids.begin(), pin.team_ids.end(), [&](const std::string& team) {
      return std::count(event.team_ids.begin(), event.team_ids.end(), team) > 0;
    });
  }

  // Gives pin `p` and those after it an event each, trying every way.
  bool EachPinHasItsEvent(size_t p, std::vector<bool>& taken) const {
    if (p == problem_.pins.size()) return true;
    for (size_t e = 0; e < timetable_.events.size(); ++e) {
      if (taken[e] || !Keeps(timetable_.events[e], problem_.pins[p])) continue;
      taken[e] = true;
      if (EachPinHasItsEvent(p + 1, taken)) return true;
      taken[e] = false;
    }
    return false;
  }

  void CheckPins() {
    for (const Pin& pin : problem_.pins) {
      const bool kept = std::any_of(timetable_.events.begin(), timetable_.events.end(),
                                    [&](const Event& event) { return Keeps(event, pin); });
      if (!kept) Add("pin", "No event of series '", pin.series_id, "' is as pinned.");
    }
    std::vector<bool> taken(timetable_.events.size());
    if (violations_.empty() && !EachPinHasItsEvent(0, taken)) {
      Add("pin", "Two pins would have to share one event.");
    }
  }

  const Problem& problem_;
  const Timetable& timetable_;
  const std::map<std::string, const Series*> series_;
  const std::map<std::string, const Team*> teams_;
  const std::map<std::string, const Venue*> venues_;
  const std::map<std::string, const Lecturer*> lecturers_;
  std::vector<Violation> violations_;
};

// A team's events in theme order.
std::vector<const Event*> EventsOf(const Problem& problem, const Timetable& timetable,
                                   const Team& team) {
  std::vector<const Event*> events;
  for (const Series& series : problem.series) {
    for (const Event& event : timetable.events) {
      const auto& teams = event.team_ids;
      if (event.series_id != series.id) continue;
      if (std::count(teams.begin(), teams.end(), team.id) > 0) events.push_back(&event);
    }
  }
  return events;
}

struct TeamCounts {
  int64_t spread = 0, travel = 0, venues = 0;
};

TeamCounts CountsOf(const Problem& problem, const Timetable& timetable, const Team& team) {
  int64_t even_gap = (problem.until - problem.from) / static_cast<int64_t>(problem.series.size());
  even_gap = std::max<int64_t>(even_gap, problem.limits.min_gap_days);
  even_gap = std::min<int64_t>(even_gap, problem.limits.max_gap_days);
  const auto venues = ById(problem.venues);
  TeamCounts counts;
  std::set<std::string> visited;
  const Event* before = nullptr;
  for (const Event* event : EventsOf(problem, timetable, team)) {
    if (before != nullptr) counts.spread += std::abs(event->date - before->date - even_gap) / 7;
    if (venues.at(event->venue_id)->area_id != team.area_id) ++counts.travel;
    visited.insert(event->venue_id);
    before = event;
  }
  counts.venues = visited.empty() ? 0 : static_cast<int64_t>(visited.size()) - 1;
  return counts;
}

}  // namespace

std::vector<Violation> CheckTimetable(const Problem& problem, const Timetable& timetable) {
  return Checker(problem, timetable).Check();
}

std::vector<ConstraintCost> CostTimetable(const Problem& problem, const Timetable& timetable) {
  TeamCounts sum;
  for (const Team& team : problem.teams) {
    const TeamCounts counts = CountsOf(problem, timetable, team);
    sum.spread += counts.spread;
    sum.travel += counts.travel;
    sum.venues += counts.venues;
  }
  int64_t weekdays = 0, holidays = 0;
  for (const Event& event : timetable.events) {
    const auto& preferred = problem.preferred_weekdays;
    if (!preferred.empty() && preferred.count(absl::GetWeekday(event.date)) == 0) ++weekdays;
    if (UseOf(event.date, problem.calendar) == DayUse::kAvoided) ++holidays;
  }
  const Weights& weights = problem.weights;
  return {{"spread", sum.spread, sum.spread * weights.spread},
          {"preferred_weekdays", weekdays, weekdays * weights.preferred_weekdays},
          {"travel", sum.travel, sum.travel * weights.travel},
          {"venue_stability", sum.venues, sum.venues * weights.venue_stability},
          {"school_holidays", holidays, holidays * weights.school_holidays}};
}

}  // namespace klynge::courses::timetable
