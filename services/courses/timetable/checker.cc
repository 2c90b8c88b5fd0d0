#include "services/courses/timetable/checker.h"

#include <algorithm>
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
      CheckDates(event);
      CheckVenue(event);
      CheckLecturer(event);
      CheckTeams(event);
    }
    CheckUsedOncePerDay();
    CheckEventCounts();
    CheckAttendance();
    CheckGaps();
    CheckCoverage();
    CheckClusters();
    CheckWorkload();
    CheckPins();
    CheckChanges();
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

  // The days that `event` takes.
  std::vector<Date> DatesOf(const Event& event) const {
    std::vector<Date> dates;
    for (int d = 0; d < series_.at(event.series_id)->days; ++d) dates.push_back(event.date + d);
    return dates;
  }

  bool AnyOf(const Event& event, const std::set<Date>& dates) const {
    const std::vector<Date> taken = DatesOf(event);
    return std::any_of(taken.begin(), taken.end(), [&](Date d) { return dates.count(d) > 0; });
  }

  void CheckDates(const Event& event) {
    const std::vector<Date> dates = DatesOf(event);
    if (dates.front() < problem_.from || dates.back() > problem_.until) {
      Add("period", Name(event), " is outside the period from ", Day(problem_.from), " to ",
          Day(problem_.until), ".");
    }
    for (Date date : dates) {
      if (UseOf(date, problem_.calendar) != DayUse::kClosed) continue;
      Add("calendar", Name(event), " is on a closed day (", ReasonAgainst(date, problem_.calendar),
          ").");
    }
  }

  void CheckVenue(const Event& event) {
    const Venue& venue = *venues_.at(event.venue_id);
    int heads = 0;
    for (const std::string& team : event.team_ids) heads += teams_.at(team)->heads;
    if (heads > venue.seats) {
      Add("seats", Name(event), " has ", heads, " persons in venue '", venue.id, "' with ",
          venue.seats, " seats.");
    }
    if (AnyOf(event, venue.unavailable)) {
      Add("venue", Name(event), " is in venue '", venue.id, "', unavailable that day.");
    }
    for (const std::string& feature : series_.at(event.series_id)->required_features) {
      if (venue.features.count(feature) > 0) continue;
      Add("features", Name(event), " is in venue '", venue.id, "', which lacks '", feature, "'.");
    }
  }

  void CheckLecturer(const Event& event) {
    const Lecturer& lecturer = *lecturers_.at(event.lecturer_id);
    const std::string& theme = series_.at(event.series_id)->theme;
    if (lecturer.themes.count(theme) == 0) {
      Add("lecturer", Name(event), " has lecturer '", lecturer.id, "', who does not teach theme '",
          theme, "'.");
    }
    if (AnyOf(event, lecturer.unavailable)) {
      Add("lecturer", Name(event), " has lecturer '", lecturer.id, "', unavailable that day.");
    }
  }

  void CheckTeams(const Event& event) {
    for (const std::string& team : event.team_ids) {
      if (!AnyOf(event, teams_.at(team)->unavailable)) continue;
      Add("team", Name(event), " has team '", team, "', unavailable that day.");
    }
  }

  void CheckUsedOncePerDay() {
    std::map<std::pair<Date, std::string>, int> venues, lecturers;
    for (const Event& event : timetable_.events) {
      for (Date date : DatesOf(event)) {
        ++venues[{date, event.venue_id}];
        ++lecturers[{date, event.lecturer_id}];
      }
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

  // The event of `series` that `team` attends; null when there is none.
  const Event* EventOf(const std::string& team, const std::string& series) const {
    for (const Event& event : timetable_.events) {
      if (event.series_id != series) continue;
      if (std::count(event.team_ids.begin(), event.team_ids.end(), team) > 0) return &event;
    }
    return nullptr;
  }

  void CheckGaps() {
    const Limits& limits = problem_.limits;
    for (const Team& team : problem_.teams) {
      for (size_t s = 0; s + 1 < problem_.series.size(); ++s) {
        const std::string& first = problem_.series[s].id;
        const std::string& second = problem_.series[s + 1].id;
        const Event* event = EventOf(team.id, first);
        const Event* next = EventOf(team.id, second);
        if (event == nullptr || next == nullptr) continue;  // told by CheckAttendance
        const Date last = DatesOf(*event).back();
        const int64_t gap = next->date - last;
        if (gap <= 0) {
          Add("order", "Team '", team.id, "' has series '", second, "' on ", Day(next->date),
              ", not after series '", first, "' on ", Day(last), ".");
        } else if (gap < limits.min_gap_days || gap > limits.max_gap_days) {
          Add("gap", "Team '", team.id, "' has ", gap, " days between series '", first, "' on ",
              Day(last), " and '", second, "' on ", Day(next->date), "; ", limits.min_gap_days, "–",
              limits.max_gap_days, " are allowed.");
        }
      }
    }
  }

  struct Away {
    int teams = 0;
    int heads = 0;
  };
  using AwayOnDay = std::map<std::pair<Date, std::string>, Away>;

  // How many are away on each day, by what `group` says of their team.
  AwayOnDay CountAway(std::string Team::*group) const {
    AwayOnDay away;
    for (const Event& event : timetable_.events) {
      for (Date date : DatesOf(event)) {
        for (const std::string& id : event.team_ids) {
          const Team& team = *teams_.at(id);
          Away& sum = away[{date, team.*group}];
          ++sum.teams;
          sum.heads += team.heads;
        }
      }
    }
    return away;
  }

  void CheckCoverage() {
    std::map<std::string, int> size;
    for (const Team& team : problem_.teams) ++size[team.area_id];
    for (const auto& [key, away] : CountAway(&Team::area_id)) {
      const int all = size[key.second];
      const double share = problem_.limits.max_away_share;
      const bool within_share = away.teams <= share * all + 1e-9;
      if (within_share || away.teams <= problem_.limits.always_allowed_away) continue;
      Add("coverage", "On ", Day(key.first), " ", away.teams, " of the ", all, " teams of area '",
          key.second, "' are away; a share of ", share, " is allowed.");
    }
  }

  void CheckClusters() {
    std::map<std::string, int> heads;
    for (const Team& team : problem_.teams) heads[team.cluster_id] += team.heads;
    for (const auto& [key, away] : CountAway(&Team::cluster_id)) {
      if (key.second.empty() || away.teams < 2) continue;
      const double share = problem_.limits.max_cluster_away_share;
      const int all = heads[key.second];
      if (away.heads <= share * all + 1e-9) continue;
      Add("cluster", "On ", Day(key.first), " ", away.teams, " teams of cluster '", key.second,
          "' are away at once, ", away.heads, " of its ", all, " persons; a share of ", share,
          " is allowed.");
    }
  }

  void CheckMonths(const std::string& who, const std::map<std::string, std::vector<Date>>& days,
                   int limit) {
    if (limit == 0) return;
    for (const auto& [id, dates] : days) {
      std::map<absl::CivilMonth, int> months;
      for (Date date : dates) ++months[absl::CivilMonth(date)];
      for (const auto& [month, count] : months) {
        if (count <= limit) continue;
        Add("workload", who, " '", id, "' has ", count, " days in ", absl::FormatCivilTime(month),
            "; ", limit, " are allowed.");
      }
    }
  }

  void CheckWorkload() {
    std::map<std::string, std::vector<Date>> lecturers, teams;
    for (const Event& event : timetable_.events) {
      for (Date date : DatesOf(event)) {
        lecturers[event.lecturer_id].push_back(date);
        for (const std::string& team : event.team_ids) teams[team].push_back(date);
      }
    }
    CheckMonths("Lecturer", lecturers, problem_.limits.max_lecturer_days_per_month);
    CheckMonths("Team", teams, problem_.limits.max_team_days_per_month);
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

  void CheckChanges() {
    if (problem_.max_changes < 0) return;
    const int64_t changes = CountChanges(problem_, timetable_);
    if (changes <= problem_.max_changes) return;
    Add("changes", changes, " parts of the published timetable are changed; ", problem_.max_changes,
        " are allowed.");
  }

  const Problem& problem_;
  const Timetable& timetable_;
  const std::map<std::string, const Series*> series_;
  const std::map<std::string, const Team*> teams_;
  const std::map<std::string, const Venue*> venues_;
  const std::map<std::string, const Lecturer*> lecturers_;
  std::vector<Violation> violations_;
};

}  // namespace

std::vector<Violation> CheckTimetable(const Problem& problem, const Timetable& timetable) {
  return Checker(problem, timetable).Check();
}

}  // namespace klynge::courses::timetable
