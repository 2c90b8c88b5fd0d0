// Whether bodies are made up as their kind demands. Pure.
#pragma once

#include <vector>

#include "services/organisation/client/bodies.h"

namespace klynge::organisation {

enum class CompositionProblem { kTooFew, kTooMany, kNoMajority };

// A period in which a body has too few or too many of a role. Points to what it was worked out of.
struct CompositionGap {
  const Body* body = nullptr;
  const BodySeat* seat = nullptr;
  CompositionProblem problem = CompositionProblem::kTooFew;
  int count = 0;  // members with the role
  int least = 0;  // how many there should be at least; for a majority, of those members there are
  DateRange valid;

  // True when the kind says that such a state is refused.
  bool refused() const {
    return problem == CompositionProblem::kTooMany ? seat->refuse_too_many : seat->refuse_too_few;
  }
};

// The gaps on all days of the body, by first day and role; each as long as the same is wrong.
// `memberships` are those of the body, in any order.
std::vector<CompositionGap> GapsOf(const Body& body, const BodyKind& kind,
                                   const std::vector<const BodyMembership*>& memberships);

}  // namespace klynge::organisation
