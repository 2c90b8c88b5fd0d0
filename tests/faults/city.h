// The little that the clients of faults need to be there: one institution, a framework, a goal for
// each writer.
#pragma once

#include <string>

#include "klynge/goals/v1/goal.pb.h"
#include "tests/support/cluster.h"

namespace klynge::faults {

inline constexpr char kRoot[] = "buf";
inline constexpr char kUnit[] = "e-vvk-01-01";

// Writers are called w0, w1, …
std::string WriterName(int number);
// The id of the agreed goal on which the writer checks in.
std::string GoalOf(const std::string& writer);
// A draft of kUnit.
goals::v1::Goal NewGoal(const std::string& goal_id);

// Enters all of it, for `writers` writers; fails the test when that does not work.
void PrepareCity(const testing::Replica& organisation, const testing::Replica& goals, int writers);

}  // namespace klynge::faults
