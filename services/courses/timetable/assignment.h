// Who gets what, one each, so that the sum of the costs is least.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ASSIGNMENT_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ASSIGNMENT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace klynge::courses::timetable {

using CostMatrix = std::vector<std::vector<int64_t>>;

// The column of each row. Expects a square.
std::vector<size_t> CheapestAssignment(const CostMatrix& cost);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ASSIGNMENT_H_
