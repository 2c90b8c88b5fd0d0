// What a timetable is made of: the problem (series, teams, venues, lecturers, dates, limits and
// weights) and its answer (events with a date, a venue, a lecturer and teams). Plain values, copied
// freely. The planner (planner.h) answers a problem; the checker (checker.h) judges an answer
// without the planner.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_MODEL_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_MODEL_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/types/optional.h"
#include "services/courses/timetable/calendar.h"

namespace klynge::courses::timetable {

// Weekends are always closed.
inline constexpr int kMaxEventDays = 5;

// One seminar day of the programme as content. Every team attends exactly one event of each series,
// and the series in the order in which the problem lists them (the theme order).
struct Series {
  std::string id;
  std::string theme;  // the lecturer must master it
  // How many times it is held. 0: as few times as seats and coverage allow, chosen by the planner.
  int events = 0;
  // An event takes this many days in a row, beginning on its date; every one of them must be
  // usable, so that no event spans a weekend. 1 to kMaxEventDays.
  int days = 1;
  std::set<std::string> required_features = {};  // the venue must have them all
};

// A leadership team: takes part as a whole or not at all.
struct Team {
  std::string id;
  std::string area_id;  // coverage counts the team here; required
  // The cluster (or network) whose units the members lead; empty: none. Limits say how many of a
  // cluster's leaders may be away on one day: somebody must be left with its units.
  std::string cluster_id;
  int heads = 0;  // persons, at least 1
  std::set<Date> unavailable = {};
};

struct Venue {
  std::string id;
  std::string area_id;  // empty: outside every area, so everybody travels
  int seats = 0;
  std::set<Date> unavailable;
  std::set<std::string> features = {};  // "screen", "step-free", "group rooms" …
};

struct Lecturer {
  std::string id;
  std::set<std::string> themes;  // what he or she can teach
  std::set<Date> unavailable;
};

// Limits that no timetable may break. An event of several days counts on each of them.
struct Limits {
  // Days from the last day of a team's event of one series to the first of its event of the next;
  // both inclusive. 1 <= min <= max.
  int min_gap_days = 28;
  int max_gap_days = 365;
  // The share of an area's teams, 0 < share <= 1, that may be away on one day, rounded down …
  double max_away_share = 0.5;
  // … but this many may always go, so that a small area is not shut out. 0 makes the share strict.
  int always_allowed_away = 1;
  // The share of the heads of a cluster's teams, 0 to 1, that may be away on one day; one team may
  // go alone however large it is. 0: teams of one cluster are never away on the same day.
  double max_cluster_away_share = 0;
  // Days with events in one calendar month; 0: no limit.
  int max_lecturer_days_per_month = 0;
  int max_team_days_per_month = 0;
};

// Cost of one unit of each soft constraint; 0 switches it off. Never negative. The even gap is the
// days from `from` to `until` divided by the number of series, kept within the gap limits.
struct Weights {
  int spread = 1;  // per whole week between a team's gap and the even gap, per team and gap
  int preferred_weekdays = 5;  // per day of an event on another weekday
  int travel = 2;              // per team at a venue outside its area, per event
  int venue_stability = 1;     // per venue beyond its first that a team has to find, per team
  int school_holidays = 20;    // per day of an event on an avoided date
  int lecturer_stability = 0;  // per lecturer beyond its first that a series has over its events
  int stay_published = 0;      // per changed part of the published timetable, see Problem
};

// A weight by its name, as ConstraintCost::constraint has it.
struct Wish {
  const char* name;
  int Weights::*weight;
};
inline constexpr Wish kWishes[] = {
    {"spread", &Weights::spread},
    {"preferred_weekdays", &Weights::preferred_weekdays},
    {"travel", &Weights::travel},
    {"venue_stability", &Weights::venue_stability},
    {"school_holidays", &Weights::school_holidays},
    {"lecturer_stability", &Weights::lecturer_stability},
    {"stay_published", &Weights::stay_published},
};
inline constexpr int kMaxWeight = 1000;

// Fixes parts of an event that is already published or held; what is left empty stays free. Several
// pins of one series pin several events of it.
struct Pin {
  std::string series_id;
  absl::optional<Date> date;
  std::string venue_id;
  std::string lecturer_id;
  std::vector<std::string> team_ids;  // these attend here; others may join
};

// One holding of a series.
struct Event {
  std::string series_id;
  Date date;  // its first day
  std::string venue_id;
  std::string lecturer_id;
  std::vector<std::string> team_ids;  // in the problem's order
};

struct Timetable {
  std::vector<Event> events;  // by date, then series, then venue
};

// Bounds the tables that the search builds; 30 years of days.
inline constexpr int kMaxPeriodDays = 11000;

struct Problem {
  Date from;   // first possible date, inclusive
  Date until;  // last possible date, inclusive
  CalendarRules calendar;
  std::set<absl::Weekday> preferred_weekdays;  // empty: all alike
  std::vector<Series> series;                  // in theme order
  std::vector<Team> teams;
  std::vector<Venue> venues;        // at most one event a day in each
  std::vector<Lecturer> lecturers;  // at most one event a day for each
  Limits limits;
  Weights weights;
  std::vector<Pin> pins;
  // What is announced already; empty: nothing. It may name venues, lecturers and teams that are
  // gone and need not keep the rules. How much of it a timetable changes: within each series, its
  // events are matched one to one with those of the timetable, as many as there are on the shorter
  // side, in the way that gives the least sum. A matched event changes 1 for another date, 1 for
  // another venue, 1 for another lecturer and 1 for each of its teams that attends elsewhere; an
  // event without a match changes all of that. Teams and series that the problem no longer has
  // don't count, and what is new is no change.
  Timetable published = {};
  int max_changes = -1;  // at most so many; -1: no cap
};

// What one soft constraint costs. `count` is in the units that Weights describes; cost = weight ×
// count.
struct ConstraintCost {
  std::string constraint;  // the name of its weight in Weights
  int64_t count = 0;
  int64_t cost = 0;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_MODEL_H_
