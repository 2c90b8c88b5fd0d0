// Which build this is.
#pragma once

namespace klynge::telemetry {

extern const char kVersion[];  // "0.1.0", the project's
extern const char kCommit[];   // what the build was told with -DKLYNGE_COMMIT, or "unknown"

}  // namespace klynge::telemetry
