// The problem as the search reads it: everything by index instead of by id, dates as positions
// among the usable days. Built once per planning run and never changed.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_COMPILED_PROBLEM_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_COMPILED_PROBLEM_H_

#include <vector>

#include "services/courses/timetable/engine/instance.h"
#include "services/courses/timetable/model.h"

namespace klynge::courses::timetable {

// How many of `all` the share is, rounded down.
int RoundedDown(double share, int all);

struct CompiledPin {
  int day = kNone;
  int venue = kNone;
  int lecturer = kNone;
  std::vector<int> teams;
};

struct CompiledProblem {
  // Expects a problem without CheckProblem errors. A pinned date that is no usable day stays kNone
  // here; ProveInfeasible (obstacles.h) has refused such a problem before the search starts.
  explicit CompiledProblem(const Problem& problem);

  int day_count() const { return static_cast<int>(dates.size()); }
  int series_count() const { return static_cast<int>(lecturers_of_series.size()); }
  int team_count() const { return static_cast<int>(team_area.size()); }
  int venue_count() const { return static_cast<int>(venue_area.size()); }
  int lecturer_count() const { return static_cast<int>(lecturer_open.size()); }
  int area_count() const { return static_cast<int>(area_teams.size()); }

  // The usable day nearest to `offset` days after `from`.
  int NearestDay(int offset) const;

  // Usable days, ascending, with the days since `from`.
  std::vector<Date> dates;
  std::vector<int> day_offset;
  std::vector<bool> day_avoided;
  std::vector<bool> day_preferred;

  std::vector<int> team_area;
  std::vector<int> team_cluster;  // kNone: no cluster
  std::vector<int> team_heads;
  int cluster_count = 0;
  bool clusters_apart = true;  // two teams of one cluster are never away on the same day

  std::vector<std::string> area_ids;
  std::vector<int> area_teams;    // how many teams the area has
  std::vector<int> area_allowed;  // how many of them may be away on one day

  std::vector<int> venue_area;
  std::vector<int> venue_seats;
  std::vector<std::vector<bool>> venue_open;     // [venue][day]
  std::vector<std::vector<bool>> lecturer_open;  // [lecturer][day]

  std::vector<std::vector<int>> lecturers_of_series;
  std::vector<int> events_asked;  // per series; 0: the planner chooses
  std::vector<std::vector<CompiledPin>> pins_of_series;

  int min_gap = 0;
  int max_gap = 0;
  int even_gap = 0;
  Weights weights;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_COMPILED_PROBLEM_H_
