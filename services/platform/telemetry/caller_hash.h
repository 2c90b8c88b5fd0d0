// Who called, in a form that may stand in a log: the same for the same caller, and not the caller.
#pragma once

#include <absl/strings/string_view.h>

#include <string>

namespace klynge::telemetry {

// With a key nobody can find the caller by hashing all callers there are, unless he has the key
// too. Call once, in main, before other threads ask; without a call, or with "", hashes have no
// key.
void SetCallerHashKey(const std::string& key);

// The first 16 hexadecimal digits of HMAC-SHA-256 of the caller under the key, or of SHA-256
// without one. As an operator computes it:
//   printf %s spiffe://klynge/courses | openssl dgst -sha256 -hmac "$(cat key)" -r | cut -c1-16
//   printf %s spiffe://klynge/courses | sha256sum | cut -c1-16
// Thread-safe; cheap for the callers a thread has asked for lately.
std::string CallerHash(absl::string_view caller);

}  // namespace klynge::telemetry
