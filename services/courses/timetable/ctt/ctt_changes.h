// What one timetable has otherwise than another: which lectures moved, from where to where.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_CHANGES_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_CHANGES_H_

#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "services/courses/timetable/ctt/ctt.h"

namespace klynge::courses::timetable {

// One lecture of a course. Without `from` it is new, without `to` it is gone.
struct CttChange {
  int course = 0;
  absl::optional<CttLecture> from;
  absl::optional<CttLecture> to;
};

// The fewest changes that make `after` of `before`, by course. The lectures of a course are alike:
// what changed is the places they are in. A lecture that stays in its period and changes room is
// paired as such, then one that stays on its day, then the others in the order of their periods.
std::vector<CttChange> CttChanges(const CttInstance& instance, const CttTimetable& before,
                                  const CttTimetable& after);

// "day 0, period 3 in rB".
std::string DescribeCttPlace(const CttInstance& instance, const CttLecture& lecture);
// "c0001: day 0, period 3 in rB -> day 1, period 2 in rC".
std::string DescribeCttChange(const CttInstance& instance, const CttChange& change);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_CHANGES_H_
