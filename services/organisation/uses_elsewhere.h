// What goals, observations and courses keep of some units: asked of them over gRPC when a
// reorganisation is previewed. They answer ListUnitUses from memory and ask nobody, so that nobody
// waits for each other in a circle. A service that cannot be asked takes only its own part away.
#pragma once

#include <absl/strings/string_view.h>

#include <cstdint>
#include <string>
#include <vector>

#include "services/platform/date.h"
#include "services/platform/rpc/call.h"
#include "services/platform/rpc/unit_uses.h"

namespace klynge::rpc {
class Peer;
}

namespace klynge::organisation {

// What one service answered.
struct UsesThere {
  std::string service;  // "goals", "observations" or "courses"
  // By unit, sort and id within each thousand units; at most UsesElsewhere::kMostListed.
  rpc::UnitUses uses;
  // How many there are, listed or not; of the units that could be asked about.
  int64_t total = 0;
  // The service's revision that the answer shows; 0 when it gave none.
  int64_t revision = 0;
  // Empty when it answered for all units. Else why not, in a sentence; what came is kept.
  std::string missing_because;

  bool whole() const { return missing_because.empty(); }
};

// Thread-safe.
class UsesElsewhere {
 public:
  // How many uses of one service are listed, and how long all of it may take, whatever time the
  // caller has.
  static constexpr size_t kMostListed = 2000;
  static constexpr absl::Duration kLongest = absl::Seconds(5);

  // Null: this process was given no address of that service, and says so. Others must outlive this.
  UsesElsewhere(rpc::Peer* goals, rpc::Peer* observations, rpc::Peer* courses)
      : goals_(goals), observations_(observations), courses_(courses) {}

  // What refers to the units on `from` or later: one entry for each of the three services, in the
  // order goals, observations, courses. Blocks for at most kLongest, and less when the caller has
  // less time: not for gRPC's own threads. Never fails.
  std::vector<UsesThere> Ask(const rpc::Call& call, const std::vector<std::string>& unit_ids,
                             Date from) const;

 private:
  rpc::Peer* const goals_;
  rpc::Peer* const observations_;
  rpc::Peer* const courses_;
};

}  // namespace klynge::organisation
