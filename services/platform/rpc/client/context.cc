#include "services/platform/rpc/client/context.h"

#include <absl/time/clock.h>

#include <algorithm>

#include "services/platform/rpc/metadata_keys.h"

namespace klynge::rpc {

void PrepareContext(const Call& call, grpc::ClientContext* context, const Patience& patience) {
  const absl::Time now = absl::Now();
  const absl::Time deadline = std::min(call.deadline - patience.margin, now + patience.most);
  context->set_deadline(absl::ToChronoTime(std::max(deadline, now)));
  if (!call.traceparent.empty()) context->AddMetadata(kTraceparent, call.traceparent);
  if (!call.request_id.empty()) context->AddMetadata(kRequestId, call.request_id);
  if (!call.on_behalf_of.empty()) context->AddMetadata(kOnBehalfOf, call.on_behalf_of);
}

}  // namespace klynge::rpc
