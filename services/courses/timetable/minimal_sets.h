// Which of several things to give up, when only trying tells whether enough is given up.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_MINIMAL_SETS_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_MINIMAL_SETS_H_

#include <functional>
#include <set>
#include <vector>

namespace klynge::courses::timetable {

using IndexSet = std::set<int>;
// Whether the set is enough. Whatever contains a set that is enough, is enough. Expensive.
using Enough = std::function<bool(const IndexSet&)>;

// The subsets of 0 … count-1 that are enough and have the fewest members, at most `most` of them.
// Empty when not even everything is enough.
std::vector<IndexSet> SmallestEnough(int count, size_t most, const Enough& enough);

// A subset of 0 … count-1 that is enough while none of its proper subsets is, with few trials when
// it is small. Expects that everything is enough and nothing is not.
IndexSet MinimalEnough(int count, const Enough& enough);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_MINIMAL_SETS_H_
