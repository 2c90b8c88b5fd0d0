// Answers of expensive reads, computed once for all who ask the same: in this process, and through
// Redis in all replicas of the service.
//
// The name of an answer contains every revision that it depends on, so a stale answer is never
// read, only unused. It may depend on nothing else: not on who asks, nor on the time of day.
// Personal data never goes into Redis: cache only answers about units, rounds, goals and figures.
#pragma once

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/platform/mutex.h"
#include "services/platform/shared_state/answer_lru.h"
#include "services/platform/shared_state/shared_state.h"

namespace google::protobuf {
class MessageLite;
}

namespace klynge::shared_state {

// The revision of a service's data that an answer is made from.
struct Dependency {
  std::string service;
  int64_t revision = 0;
};

// "courses:GetProgrammeStatus:courses=7,goals=12:<hash>". The hash is of the request and of this
// program's build: a replica of another release may answer with other fields. Leave out of
// `request` what does not change the answer (min_revision).
std::string AnswerName(absl::string_view service, absl::string_view rpc,
                       const std::vector<Dependency>& dependencies,
                       const google::protobuf::MessageLite& request);

// Thread-safe. Never holds up an answer for longer than Redis' timeout, and never fails one:
// without Redis it is a cache of this process.
class AnswerCache {
 public:
  struct Options {
    size_t max_bytes = 64 << 20;             // in this process
    size_t max_shared_bytes = 1 << 20;       // of one answer that goes into Redis
    absl::Duration ttl = absl::Minutes(10);  // in Redis; a new revision leaves it behind
  };
  // What happened since the start.
  struct Counts {
    int64_t hits = 0;         // found in this process
    int64_t shared_hits = 0;  // found in Redis
    int64_t waited = 0;       // waited for another caller's computation
    int64_t computed = 0;
    int64_t stored = 0;  // of these: handed to Redis
  };

  using Compute = std::function<absl::StatusOr<std::string>()>;

  // `shared_state` must outlive this.
  AnswerCache(SharedState& shared_state, Options options);

  // The answer of that name (AnswerName), computed on the caller's thread if it is not known and
  // nobody computes it already. May block: call it on the executor. Errors are not cached.
  //
  // Whoever waits for another caller's computation does so until `deadline`, then gets
  // kDeadlineExceeded, reason ANSWER_LATE. If that computation fails, those who wait get the same
  // error, since they asked the same; but when it failed for what concerns only who computed it
  // (kCancelled, kDeadlineExceeded, an exception), one of them computes anew.
  absl::StatusOr<std::string> GetOrCompute(const std::string& name, absl::Time deadline,
                                           const Compute& compute);

  Counts counts() const;
  size_t bytes() const;

 private:
  // A computation under way.
  struct Flight {
    bool done = false;
    absl::StatusOr<std::string> answer = absl::CancelledError("");
  };

  absl::StatusOr<std::string> FetchOrCompute(const std::string& name, const Compute& compute);
  void Land(const std::string& name, Flight& flight);

  SharedState& shared_state_;
  const Options options_;
  mutable Mutex mutex_;
  AnswerLru held_ ABSL_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::shared_ptr<Flight>> flights_ ABSL_GUARDED_BY(mutex_);
  std::atomic<int64_t> hits_ = 0, shared_hits_ = 0, waited_ = 0, computed_ = 0, stored_ = 0;
};

}  // namespace klynge::shared_state
