// A watch of the organisation, read message by message; cancelled at the end.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/organisation/content.h"
#include "services/organisation/service_test_support.h"

namespace klynge::organisation::testing {

inline v1::WatchOrganisationRequest WatchSince(int64_t revision) {
  v1::WatchOrganisationRequest request;
  request.set_since_revision(revision);
  return request;
}

class Watch {
 public:
  Watch(Replica& replica, int64_t since) : Watch(replica.stub(), WatchSince(since)) {}
  Watch(Replica& replica, const v1::WatchOrganisationRequest& request)
      : Watch(replica.stub(), request) {}
  Watch(v1::OrganisationService::Stub& stub, const v1::WatchOrganisationRequest& request) {
    context_.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    reader_ = stub.WatchOrganisation(&context_, request);
  }
  ~Watch() {
    context_.TryCancel();
    if (!finished_) reader_->Finish();
  }

  // The next message in words: the id of what was changed, "checkpoint 3", "2021-09-02 began e-1",
  // or "the end".
  std::string Next() {
    v1::WatchOrganisationResponse message;
    if (!reader_->Read(&message)) return "the end";
    if (message.has_checkpoint()) {
      checkpoint_ = message.checkpoint();
      return absl::StrCat("checkpoint ", checkpoint_.revision());
    }
    if (message.has_effect()) {
      const v1::Effect& effect = message.effect();
      return absl::StrCat(effect.date(),
                          effect.kind() == v1::EFFECT_KIND_BEGAN ? " began " : " ended ",
                          IdIn(ContentOf(effect.thing())));
    }
    return IdIn(ContentOf(message.change()));
  }
  // The next that is not a sign of life.
  std::string NextNews() {
    std::string next = Next();
    while (next.rfind("checkpoint", 0) == 0) next = Next();
    return next;
  }
  // All up to a checkpoint with at least this revision and this effective date.
  std::vector<std::string> Until(int64_t revision, const std::string& effective) {
    std::vector<std::string> news;
    while (checkpoint_.revision() < revision || checkpoint_.effective_date() < effective) {
      std::string next = Next();
      if (next == "the end") return {next};
      if (next.rfind("checkpoint", 0) != 0) news.push_back(std::move(next));
    }
    return news;
  }
  // Reads on until a checkpoint; the number of changes before it, and its revision.
  std::pair<int, int64_t> ToCheckpoint() {
    v1::WatchOrganisationResponse message;
    for (int changes = 0; reader_->Read(&message); ++changes) {
      if (!message.has_checkpoint()) continue;
      checkpoint_ = message.checkpoint();
      return {changes, checkpoint_.revision()};
    }
    return {-1, -1};
  }
  // The last that came.
  const v1::Checkpoint& checkpoint() const { return checkpoint_; }

  grpc::Status Finish() {
    finished_ = true;
    return reader_->Finish();
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchOrganisationResponse>> reader_;
  v1::Checkpoint checkpoint_;
  bool finished_ = false;
};

}  // namespace klynge::organisation::testing
