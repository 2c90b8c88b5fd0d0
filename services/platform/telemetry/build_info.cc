#include "services/platform/telemetry/build_info.h"

namespace klynge::telemetry {

const char kVersion[] = KLYNGE_VERSION;
const char kCommit[] = KLYNGE_COMMIT;

}  // namespace klynge::telemetry
