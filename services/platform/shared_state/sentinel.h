// Redis Sentinel: processes that watch a primary and its replicas, agree when it is gone and
// promote another one. Whoever wants the primary asks any of them.
// https://redis.io/docs/latest/develop/reference/sentinel-clients/
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <string>

#include "services/platform/shared_state/address.h"
#include "services/platform/shared_state/connection.h"

namespace klynge::shared_state {

// The primary according to the first Sentinel that answers and knows it. Sentinels are asked
// without a password, and with `password` if they want one. kUnavailable, with what each of them
// said, when none does.
absl::StatusOr<Endpoint> FindPrimary(const Address& address, const std::string& password,
                                     absl::Duration timeout);

// OK when `connection` leads to a primary. kUnavailable when it is a replica: Sentinels may be late
// to know. kFailedPrecondition when this user may not ask (the access rules lack "+role").
absl::Status VerifyPrimary(Connection& connection);

}  // namespace klynge::shared_state
