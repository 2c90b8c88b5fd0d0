#include "services/platform/rpc/shared_limits.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <openssl/sha.h>

namespace klynge::rpc {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(100);
// A counter that nobody has added to for this long is gone; the next total then starts anew.
constexpr absl::Duration kKept = absl::Minutes(1);

}  // namespace

std::string CounterName(absl::string_view service, absl::string_view caller) {
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(caller.data()), caller.size(), hash);
  return absl::StrCat(
      "caller_requests:", service, ":",
      absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(hash), 16)));
}

SharedLimits::SharedLimits(std::string service, CallerLimits& limits, AddToCounters add,
                           bool threaded)
    : service_(std::move(service)), limits_(limits), add_(std::move(add)) {
  if (threaded) thread_ = std::thread([this] { Run(); });
}

SharedLimits::~SharedLimits() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void SharedLimits::Run() {
  while (true) {
    {
      MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kInterval)) return;
    }
    Exchange();
  }
}

void SharedLimits::Exchange() {
  const std::vector<CallerLimits::Usage> usage = limits_.TakeUsage();
  if (usage.empty()) return totals_.clear();
  std::vector<std::pair<std::string, int64_t>> deltas;
  for (const auto& [caller, requests] : usage) {
    deltas.emplace_back(CounterName(service_, caller), requests);
  }
  const auto totals = add_(deltas, kKept);
  absl::flat_hash_map<std::string, int64_t> known;
  if (totals.ok() && totals->size() == usage.size()) {
    for (size_t i = 0; i < usage.size(); ++i) {
      const auto& [caller, requests] = usage[i];
      known[caller] = (*totals)[i];
      const auto before = totals_.find(caller);
      // Of a total seen for the first time nobody knows how old it is.
      if (before == totals_.end()) continue;
      // Negative when the counters were lost meanwhile.
      const int64_t others = (*totals)[i] - before->second - requests;
      if (others > 0) limits_.Charge(caller, others);
    }
  }
  totals_ = std::move(known);
}

}  // namespace klynge::rpc
