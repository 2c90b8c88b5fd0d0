// Plans a published programme anew when something falls away or comes to it: first with the fewest
// changes, then what more changes would save.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_REPLAN_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_REPLAN_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "services/courses/timetable/model.h"
#include "services/courses/timetable/planner.h"

namespace klynge::courses::timetable {

struct VenueLost {
  std::string venue_id;
  std::set<Date> dates;
};

struct LecturerIll {
  std::string lecturer_id;
  Date from;
  Date to;  // inclusive
};

// What happened after a timetable was published.
struct ProgrammeDisruption {
  std::vector<VenueLost> venues_lost;
  std::vector<Date> dates_closed;
  std::vector<LecturerIll> lecturers_ill;
  std::vector<Team> teams_added;
  std::vector<std::string> teams_left;  // ids
};

// The problem that is left from `today` on: `published` is what was published, its events that
// began before today are pinned with all their parts, and no team comes to a day that is past
// unless it was there. What the disruption says of days before today changes nothing. An id that
// the problem doesn't have adds to `errors`.
Problem Disrupt(const Problem& problem, const Timetable& published,
                const ProgrammeDisruption& disruption, Date today,
                std::vector<ProblemError>& errors);

// A timetable of the disrupted problem.
struct ProgrammeRepair {
  Timetable timetable;
  int64_t changes = 0;  // by CountChanges
  int64_t cost = 0;     // by CostTimetable
};

struct ReplanResult {
  // kFeasible: `curve` has at least one repair; otherwise as for PlanTimetable. kNotFound also when
  // nothing was found within the cap on changes.
  Outcome outcome = Outcome::kInvalid;
  Problem problem;  // as disrupted
  // The fewest changes first, the cheapest of those found; each that follows changes more and costs
  // less.
  std::vector<ProgrammeRepair> curve;
  absl::Duration first_repair_after;  // when any repair, not yet the first of the curve, was there
  std::vector<Obstacle> obstacles;
  std::vector<ProblemError> errors;
  int64_t iterations = 0;
  absl::Duration elapsed;
};

// `max_changes`: so many parts of what was published may change. Shares the limits of `options` out
// over the curve.
ReplanResult ReplanProgramme(const Problem& problem, const Timetable& published,
                             const ProgrammeDisruption& disruption, Date today, int max_changes,
                             const PlannerOptions& options = {});

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_REPLAN_H_
