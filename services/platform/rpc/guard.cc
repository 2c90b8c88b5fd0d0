#include "services/platform/rpc/guard.h"

#include <exception>

#include "services/platform/rpc/status.h"
#include "services/platform/telemetry/log.h"

namespace klynge {

absl::Status Guard(absl::FunctionRef<absl::Status()> body) {
  try {
    return body();
  } catch (const std::exception& error) {
    telemetry::Log(telemetry::Level::kError, "exception", {{"what", error.what()}});
    return MakeStatus(absl::StatusCode::kInternal, "INTERNAL",
                      "the service failed; its log has the reason under this call's trace id");
  }
}

}  // namespace klynge
