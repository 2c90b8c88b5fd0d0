#include "services/platform/telemetry/caller_hash.h"

#include <absl/container/flat_hash_map.h>
#include <absl/strings/escaping.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

namespace klynge::telemetry {
namespace {

constexpr size_t kBytes = 8;
constexpr size_t kMostKnown = 64;  // callers whose hash a thread keeps

std::string& Key() {
  static auto* const key = new std::string;
  return *key;
}

std::string Hash(absl::string_view caller) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  const auto* const bytes = reinterpret_cast<const unsigned char*>(caller.data());
  const std::string& key = Key();
  if (key.empty()) {
    SHA256(bytes, caller.size(), digest);
  } else {
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, caller.size(), digest,
         nullptr);
  }
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest), kBytes));
}

}  // namespace

void SetCallerHashKey(const std::string& key) { Key() = key; }

std::string CallerHash(absl::string_view caller) {
  thread_local absl::flat_hash_map<std::string, std::string> known;
  if (const auto found = known.find(caller); found != known.end()) return found->second;
  if (known.size() >= kMostKnown) known.clear();
  return known[caller] = Hash(caller);
}

}  // namespace klynge::telemetry
