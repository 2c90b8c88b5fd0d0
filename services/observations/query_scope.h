// Which units, rounds and items a question about figures may be about.
#pragma once

#include <absl/status/status.h>

#include <memory>
#include <string>
#include <vector>

#include "klynge/observations/v1/aggregate.pb.h"
#include "services/observations/round.h"
#include "services/observations/round_view.h"

namespace klynge::observations {

inline constexpr int kMostUnits = 1'000;
inline constexpr int kDefaultFigures = 1'000;
inline constexpr int kMostFigures = 5'000;

using Ids = google::protobuf::RepeatedPtrField<std::string>;
using Rounds = std::vector<std::shared_ptr<const Round>>;

// The nodes of a round's tree that a question is about, in the tree's order: the scopes themselves
// or what is below them at the level. No scope means the top. Scopes that the tree does not have
// are passed over.
std::vector<int> NodesAt(const analytics::ReportingTree& tree, const Ids& unit_ids,
                         v1::AggregateLevel level);

// kNotFound, UNIT_NOT_IN_ROUND, listing every unit that is in none of the rounds' trees.
absl::Status RequireUnits(const Ids& unit_ids, const Rounds& rounds);

// kNotFound, UNIT_NOT_FOUND, listing every unit that the organisation does not have on an ISO day.
absl::Status RequireUnitsOn(const organisation::Tree& organisation, const Ids& unit_ids,
                            const std::string& day);

// The round over its own tree, or, when an ISO day is given, over the organisation's on that day.
RoundView ViewOf(std::shared_ptr<const Round> round, const organisation::Tree* organisation,
                 const std::string& tree_as_of);

// kInvalidArgument, UNKNOWN_ITEM, listing every item that none of the rounds' instruments has.
absl::Status RequireItems(const Ids& item_ids, const Rounds& rounds);

}  // namespace klynge::observations
