// Solves published instances, and plans them anew when something falls away.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_SOLVER_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_SOLVER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "services/courses/timetable/ctt/ctt.h"
#include "services/courses/timetable/engine/search.h"

namespace klynge::courses::timetable {

struct CttResult {
  bool feasible = false;
  CttTimetable timetable;  // lacks lectures when no place was found for them
  int64_t cost = 0;
  int64_t iterations = 0;
  absl::Duration elapsed;
};

CttResult SolveCtt(const CttInstance& instance, const SearchOptions& options);
// From `start`, which may break rules: what does not fit is placed anew. Never worse than a
// feasible start.
CttResult ImproveCtt(const CttInstance& instance, const CttTimetable& start,
                     const SearchOptions& options);

// What can't be used any more.
struct CttDisruption {
  std::vector<std::pair<int, int>> room_days;             // room, day
  std::vector<std::pair<int, int>> periods;               // day, period
  std::vector<std::pair<std::string, int>> teacher_days;  // teacher, day
};

// What the disruption costs, against how many lectures are somewhere else than published. The
// first entry changes as few as could be done, and is the cheapest found of those; each of the
// others changes more, up to the cap, and costs less. Empty when no timetable was found within the
// cap.
struct CttReplan {
  std::vector<CttResult> curve;
  std::vector<int> changes;  // of each entry, rising
};

// Shares the limits of `options` out over the curve.
CttReplan ReplanCtt(const CttInstance& instance, const CttTimetable& published,
                    const CttDisruption& disruption, int max_changes, const SearchOptions& options);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_SOLVER_H_
