// What libraries throw does not end the process.
#pragma once

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>

namespace klynge {

// Runs `body`; an exception is logged and becomes kInternal.
absl::Status Guard(absl::FunctionRef<absl::Status()> body);

}  // namespace klynge
