#include "services/platform/shared_state/answer_cache.h"

#include <absl/cleanup/cleanup.h>
#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/message_lite.h>
#include <openssl/sha.h>

#include "services/platform/rpc/status.h"
#include "services/platform/shared_state/build_id.h"

namespace klynge::shared_state {
namespace {

// True for errors that say nothing about the question, only about who was answering it.
bool ConcernsOneCaller(const absl::Status& status) {
  return absl::IsCancelled(status) || absl::IsDeadlineExceeded(status);
}

}  // namespace

std::string AnswerName(absl::string_view service, absl::string_view rpc,
                       const std::vector<Dependency>& dependencies,
                       const google::protobuf::MessageLite& request) {
  const std::string hashed = absl::StrCat(BuildId(), ":", request.SerializeAsString());
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(hashed.data()), hashed.size(), digest);
  const std::string revisions =
      absl::StrJoin(dependencies, ",", [](std::string* out, const Dependency& dependency) {
        absl::StrAppend(out, dependency.service, "=", dependency.revision);
      });
  return absl::StrCat(
      service, ":", rpc, ":", revisions, ":",
      absl::BytesToHexString(absl::string_view(reinterpret_cast<char*>(digest), sizeof digest)));
}

AnswerCache::AnswerCache(SharedState& shared_state, Options options)
    : shared_state_(shared_state), options_(options), held_(options.max_bytes) {}

AnswerCache::Counts AnswerCache::counts() const {
  return {hits_, shared_hits_, waited_, computed_, stored_};
}

size_t AnswerCache::bytes() const {
  MutexLock lock(&mutex_);
  return held_.bytes();
}

absl::StatusOr<std::string> AnswerCache::GetOrCompute(const std::string& name, absl::Time deadline,
                                                      const Compute& compute) {
  std::shared_ptr<Flight> flight;
  while (true) {
    MutexLock lock(&mutex_);
    if (auto held = held_.Find(name)) {
      ++hits_;
      return *std::move(held);
    }
    std::shared_ptr<Flight>& under_way = flights_[name];
    if (under_way == nullptr) {
      flight = under_way = std::make_shared<Flight>();
      break;
    }
    flight = under_way;
    ++waited_;
    if (!mutex_.AwaitWithDeadline(absl::Condition(&flight->done), deadline)) {
      return MakeStatus(absl::StatusCode::kDeadlineExceeded, "ANSWER_LATE",
                        "what another caller computes was not ready before the deadline");
    }
    if (ConcernsOneCaller(flight->answer.status())) continue;
    return flight->answer;
  }
  const auto land = absl::MakeCleanup([&] { Land(name, *flight); });
  auto answer = FetchOrCompute(name, compute);
  MutexLock lock(&mutex_);
  flight->answer = answer;
  return answer;
}

absl::StatusOr<std::string> AnswerCache::FetchOrCompute(const std::string& name,
                                                        const Compute& compute) {
  if (auto shared = shared_state_.FetchAnswer(name); shared.ok()) {
    ++shared_hits_;
    return shared;
  }
  ++computed_;
  auto answer = compute();
  if (answer.ok() && answer->size() <= options_.max_shared_bytes) {
    ++stored_;
    shared_state_.StoreAnswer(name, *answer, options_.ttl);
  }
  return answer;
}

void AnswerCache::Land(const std::string& name, Flight& flight) {
  MutexLock lock(&mutex_);
  if (flight.answer.ok()) held_.Insert(name, *flight.answer);
  flights_.erase(name);
  flight.done = true;
}

}  // namespace klynge::shared_state
