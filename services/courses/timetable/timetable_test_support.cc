#include "services/courses/timetable/timetable_test_support.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/courses/timetable/engine/random.h"

namespace klynge::courses::timetable {
namespace {

Team MakeTeam(const std::string& area, int number, int heads) {
  return {absl::StrCat("team-", area, "-", number), area, absl::StrCat("kl-", area, "-", number),
          heads};
}

std::set<Date> RandomDates(Random& random, Date from, Date until, int percent) {
  std::set<Date> dates;
  for (Date date = from; date <= until; ++date) {
    if (random.Below(100) < percent) dates.insert(date);
  }
  return dates;
}

template <class Items>
const auto& ById(const Items& items, const std::string& id) {
  return *std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.id == id; });
}

// Tries every date and venue for every team and series, then looks for lecturers.
class Enumeration {
 public:
  explicit Enumeration(const Problem& problem) : problem_(problem) {
    for (Date date = problem.from; date <= problem.until; ++date) {
      if (UseOf(date, problem.calendar) != DayUse::kClosed) dates_.push_back(date);
    }
  }

  bool Place(size_t index) {
    const size_t series = index / problem_.teams.size();
    const Team& team = problem_.teams[index % problem_.teams.size()];
    if (series == problem_.series.size()) return Staff(0);
    for (Date date : dates_) {
      if (!GapAllows(team, series, date)) continue;
      for (const Venue& venue : problem_.venues) {
        if (venue.unavailable.count(date) > 0 || !VenueAllows(series, date, venue)) continue;
        Join(team, series, date, venue);
        if (LimitsHold(series, date) && Place(index + 1)) return true;
        Leave(team, series, date, venue);
      }
    }
    return false;
  }

 private:
  bool GapAllows(const Team& team, size_t series, Date date) {
    if (series == 0) return true;
    for (const Event& event : timetable_.events) {
      const bool mine = std::count(event.team_ids.begin(), event.team_ids.end(), team.id) > 0;
      if (!mine || event.series_id != problem_.series[series - 1].id) continue;
      const int64_t gap = date - event.date;
      return gap >= problem_.limits.min_gap_days && gap <= problem_.limits.max_gap_days;
    }
    return false;
  }

  bool VenueAllows(size_t series, Date date, const Venue& venue) {
    return std::none_of(timetable_.events.begin(), timetable_.events.end(),
                        [&](const Event& event) {
                          return event.date == date && event.venue_id == venue.id &&
                                 event.series_id != problem_.series[series].id;
                        });
  }

  // Limits that more teams would not mend: events asked for, seats, and who is away on `date`.
  bool LimitsHold(size_t series, Date date) const {
    const int asked = problem_.series[series].events;
    int held = 0, away = 0;
    std::set<std::string> clusters;
    for (const Event& event : timetable_.events) {
      held += event.series_id == problem_.series[series].id ? 1 : 0;
      if (event.date != date) continue;
      int heads = 0;
      for (const std::string& id : event.team_ids) {
        const Team& team = ById(problem_.teams, id);
        heads += team.heads;
        if (!clusters.insert(team.cluster_id).second) return false;
      }
      if (heads > ById(problem_.venues, event.venue_id).seats) return false;
      away += static_cast<int>(event.team_ids.size());  // all teams are of one area
    }
    const double share =
        problem_.limits.max_away_share * static_cast<double>(problem_.teams.size());
    return (asked == 0 || held <= asked) &&
           (away <= share || away <= problem_.limits.always_allowed_away);
  }

  void Join(const Team& team, size_t series, Date date, const Venue& venue) {
    for (Event& event : timetable_.events) {
      if (event.date != date || event.venue_id != venue.id) continue;
      event.team_ids.push_back(team.id);
      return;
    }
    // Any lecturer for now; Staff tries them all.
    timetable_.events.push_back(
        {problem_.series[series].id, date, venue.id, problem_.lecturers[0].id, {team.id}});
  }

  void Leave(const Team&, size_t, Date date, const Venue& venue) {
    for (size_t e = 0; e < timetable_.events.size(); ++e) {
      Event& event = timetable_.events[e];
      if (event.date != date || event.venue_id != venue.id) continue;
      event.team_ids.pop_back();
      if (event.team_ids.empty()) timetable_.events.erase(timetable_.events.begin() + e);
      return;
    }
  }

  bool Staff(size_t e) {
    if (e == timetable_.events.size()) return CheckTimetable(problem_, timetable_).empty();
    for (const Lecturer& lecturer : problem_.lecturers) {
      if (lecturer.unavailable.count(timetable_.events[e].date) > 0) continue;
      timetable_.events[e].lecturer_id = lecturer.id;
      if (Staff(e + 1)) return true;
    }
    return false;
  }

  const Problem& problem_;
  std::vector<Date> dates_;
  Timetable timetable_;
};

}  // namespace

Problem LeadershipEducation() {
  Problem problem;
  problem.from = Date(2021, 9, 1);
  problem.until = Date(2023, 12, 31);
  problem.preferred_weekdays = {absl::Weekday::tuesday, absl::Weekday::wednesday,
                                absl::Weekday::thursday};
  problem.series = {{"seminar-1", "structure", 0},  {"seminar-2", "structure", 0},
                    {"seminar-3", "data", 0},       {"seminar-4", "systematic", 0},
                    {"seminar-5", "systematic", 0}, {"seminar-6", "cooperation", 0}};
  for (int i = 1; i <= 12; ++i) {
    problem.teams.push_back(MakeTeam("vvk", i, 4 + i % 3));
    problem.teams.push_back(MakeTeam("io", i, 4 + (i + 1) % 3));
  }
  problem.venues = {{"hall", "vvk", 60, {}}, {"school", "io", 40, {}}, {"university", "", 80, {}}};
  problem.lecturers = {{"lecturer-1", {"structure", "data"}, {}},
                       {"lecturer-2", {"data", "systematic"}, {}},
                       {"lecturer-3", {"systematic", "cooperation"}, {}},
                       {"lecturer-4", {"structure", "cooperation"}, {}}};
  problem.limits.max_away_share = 1.0 / 3;
  problem.limits.min_gap_days = 60;
  problem.limits.max_gap_days = 200;
  return problem;
}

Problem SmallProblem() {
  Problem problem;
  problem.from = Date(2022, 9, 1);
  problem.until = Date(2022, 9, 30);
  problem.series = {{"seminar-1", "structure", 0}, {"seminar-2", "data", 0}};
  problem.teams = {MakeTeam("vvk", 1, 5), MakeTeam("vvk", 2, 6)};
  problem.venues = {{"hall", "vvk", 20, {}}};
  problem.lecturers = {{"lecturer-1", {"structure", "data"}, {}}};
  problem.limits.min_gap_days = 7;
  problem.limits.max_gap_days = 21;
  return problem;
}

Timetable SmallTimetable() {
  const std::vector<std::string> both = {"team-vvk-1", "team-vvk-2"};
  return {{{"seminar-1", Date(2022, 9, 6), "hall", "lecturer-1", {both[0]}},
           {"seminar-1", Date(2022, 9, 7), "hall", "lecturer-1", {both[1]}},
           {"seminar-2", Date(2022, 9, 20), "hall", "lecturer-1", {both[0]}},
           {"seminar-2", Date(2022, 9, 21), "hall", "lecturer-1", {both[1]}}}};
}

Problem RandomSmallProblem(uint64_t seed) {
  Random random(seed);
  Problem problem;
  problem.from = Date(2022, 9, 5) + random.Below(30);
  problem.until = problem.from + 9 + random.Below(4);
  problem.series = {{"seminar-1", "a", random.Below(4)}, {"seminar-2", "b", random.Below(4)}};
  for (int i = 0; i < 3; ++i) problem.teams.push_back(MakeTeam("x", i, 1 + random.Below(5)));
  problem.teams[1].cluster_id = problem.teams[random.Below(2)].cluster_id;
  for (int v = 0; v <= random.Below(2); ++v) {
    problem.venues.push_back({absl::StrCat("venue-", v), "x", 3 + random.Below(8),
                              RandomDates(random, problem.from, problem.until, 25)});
  }
  const std::vector<std::set<std::string>> themes = {{"a"}, {"b"}, {"a", "b"}};
  for (int l = 0; l < 2; ++l) {
    problem.lecturers.push_back({absl::StrCat("lecturer-", l), themes[random.Below(3)],
                                 RandomDates(random, problem.from, problem.until, 25)});
  }
  problem.limits.max_away_share = random.Below(2) == 0 ? 1.0 : 0.67;
  problem.limits.min_gap_days = 1 + random.Below(4);
  problem.limits.max_gap_days = problem.limits.min_gap_days + random.Below(5);
  return problem;
}

Problem RandomLargeProblem(uint64_t seed) {
  Random random(seed);
  Problem problem;
  problem.from = Date(2018 + random.Below(12), 1 + random.Below(12), 1);
  problem.until = problem.from + 500 + random.Below(400);
  const int series = 3 + random.Below(4);
  for (int s = 0; s < series; ++s) {
    problem.series.push_back({absl::StrCat("seminar-", s), absl::StrCat("theme-", s % 3), 0});
  }
  const int areas = 1 + random.Below(4);
  for (int i = 0; i < 8 + random.Below(25); ++i) {
    problem.teams.push_back(
        MakeTeam(absl::StrCat("area-", random.Below(areas)), i, 1 + random.Below(8)));
  }
  for (int v = 0; v < 2 + random.Below(3); ++v) {
    problem.venues.push_back({absl::StrCat("venue-", v), absl::StrCat("area-", v),
                              20 + random.Below(60),
                              RandomDates(random, problem.from, problem.until, 20)});
  }
  for (int l = 0; l < 3; ++l) {
    problem.lecturers.push_back({absl::StrCat("lecturer-", l),
                                 {absl::StrCat("theme-", l), absl::StrCat("theme-", (l + 1) % 3)},
                                 RandomDates(random, problem.from, problem.until, 30)});
  }
  if (random.Below(2) == 0) problem.preferred_weekdays = {absl::Weekday::wednesday};
  problem.limits.max_away_share = 0.25 + 0.05 * random.Below(10);
  problem.limits.min_gap_days = 14 + random.Below(30);
  problem.limits.max_gap_days = 250;
  return problem;
}

Problem RandomFullProblem(uint64_t seed) {
  Problem problem = RandomLargeProblem(seed);
  Random random(seed + 1000);
  problem.series[1].days = 2;
  problem.series[0].required_features = {"screen"};
  for (size_t v = 1; v < problem.venues.size(); ++v) problem.venues[v].features = {"screen"};
  problem.preferred_weekdays = {absl::Weekday::tuesday, absl::Weekday::thursday};
  problem.weights.lecturer_stability = 3;
  problem.limits.max_away_share = 0.75;
  problem.lecturers.push_back({"substitute", {"theme-0", "theme-1", "theme-2"}, {}});
  problem.venues.push_back({"theatre", "", 80, {}, {"screen"}});
  for (Team& team : problem.teams) {
    for (int i = 0; i < 8; ++i) team.unavailable.insert(problem.from + random.Below(500));
  }
  return problem;
}

bool HasTimetable(const Problem& problem) { return Enumeration(problem).Place(0); }

int64_t CostOf(const Problem& problem, const Timetable& timetable) {
  int64_t sum = 0;
  for (const ConstraintCost& cost : CostTimetable(problem, timetable)) sum += cost.cost;
  return sum;
}

std::string Rules(const std::vector<Violation>& violations) {
  return absl::StrJoin(violations, " ", [](std::string* out, const Violation& violation) {
    absl::StrAppend(out, violation.rule);
  });
}

std::string Rules(const std::vector<Obstacle>& obstacles) {
  return absl::StrJoin(obstacles, " ", [](std::string* out, const Obstacle& obstacle) {
    absl::StrAppend(out, obstacle.rule);
  });
}

}  // namespace klynge::courses::timetable
