// Who in a leadership team could take care of what nobody does, and what could be taken from those
// who have too much: the tasks and members of a matrix as a DistributionProblem, and its solution
// as responsibilities. Pure.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "services/organisation/distribution_solver.h"
#include "services/organisation/responsibility_matrix.h"

namespace klynge::organisation {

// What makes one distribution better than another; see DistributionQuality in distribution.proto.
inline constexpr int64_t kOpenCost = 1'000'000;  // of a task that stays without anybody
inline constexpr int64_t kMissingLevelCost = 5'000;
inline constexpr int64_t kStepCost = 500;
inline constexpr int64_t kMoveCost = 1'000;

// Somebody who acts in at least one position of the team.
struct TeamActor {
  std::string person_id;
  std::vector<Seat> seats;  // in the team, by id of the position
  int before = 0;           // percent in all positions
  int after = 0;
};

// How well a task would be with a member.
struct Candidacy {
  const Seat* seat = nullptr;  // the nearest in reach of the unit; null: none is
  int distance = 0;
  std::vector<Lack> lacks;

  int missing_levels() const;
};

struct DistributionTask {
  const MatrixCell* cell = nullptr;
  const Responsibility* moved = nullptr;  // null: a gap
  int percent = 0;
  std::vector<Candidacy> candidacies;  // by member
  int home = kNowhere;                 // the member who has it
  int chosen = kNowhere;

  bool is_proposed() const { return chosen != kNowhere && chosen != home; }
};

struct DistributionProposal {
  ResponsibilityMatrix matrix;
  int most_percent = kFullTime;
  std::vector<TeamActor> members;       // by person id
  std::vector<DistributionTask> tasks;  // in the order of the matrix
  Distribution solution;
};

// The parts point into each other and into the tree, so it cannot be copied.
std::unique_ptr<const DistributionProposal> Propose(const Tree& tree, const std::string& unit_id,
                                                    Date on, int most_percent,
                                                    bool relieve_overload);

// The responsibility that a proposed task would be, with an id that is not in use.
Responsibility ProposedResponsibility(const Tree& tree, const DistributionProposal& proposal,
                                      const DistributionTask& task,
                                      const std::vector<std::string>& taken_ids);

}  // namespace klynge::organisation
