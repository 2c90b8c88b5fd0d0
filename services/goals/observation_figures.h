// Asks the observations service for the figures that criteria are bound to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "klynge/observations/v1/observations_service.grpc.pb.h"
#include "services/goals/goal.h"
#include "services/platform/rpc/call.h"
#include "services/platform/rpc/client/peer.h"

namespace klynge::goals {

// A figure, or why there is none.
struct Figure {
  enum class Outcome { kShown, kSuppressed, kNoData, kUnavailable };
  Outcome outcome = Outcome::kUnavailable;
  double value = 0;
  int64_t sample_size = 0;
  std::string message;  // empty when shown
};

// Thread-safe; blocks.
class ObservationFigures {
 public:
  // `observations` must outlive this.
  explicit ObservationFigures(rpc::Peer& observations);

  // The figure of each binding, in the same order; each binding names its unit. Bindings that
  // differ in nothing but the unit are asked for together. Never fails as a whole: what cannot be
  // had is kUnavailable with the reason in words.
  std::vector<Figure> Ask(const rpc::Call& call, const std::vector<Binding>& bindings);

 private:
  std::vector<Figure> AskGroup(const rpc::Call& call, const std::vector<Binding>& group);
  absl::StatusOr<std::vector<observations::v1::Aggregate>> Query(
      const rpc::Call& call, observations::v1::QueryAggregatesRequest request);

  rpc::Peer& observations_;
  const std::unique_ptr<observations::v1::ObservationsService::Stub> stub_;
};

// The figure that the binding means, out of the aggregates of its unit in the order of the answer.
// Pure.
Figure ChooseFigure(const Binding& binding,
                    const std::vector<observations::v1::Aggregate>& aggregates);

}  // namespace klynge::goals
