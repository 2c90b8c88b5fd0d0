// Repeats of a call that is stored in several transactions, such as a long stream of records: what
// its first try has stored is answered as then, and the rest is stored.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "services/platform/sql/idempotent_write.h"

namespace klynge::sql {

// One for each call. Not thread-safe.
class IdempotentStream {
 public:
  // With an empty request_id nothing is remembered. It must have passed CheckRequestId.
  explicit IdempotentStream(std::string request_id = "") : request_id_(std::move(request_id)) {}

  // Takes what was received into account: the parts of a repeat are recognised by everything
  // received until then.
  void Received(const google::protobuf::Message& message);

  // As IdempotentWrite, for the next part of the call; `last` says that nothing follows it. Every
  // try must cut the call into the same parts. A part that differs from that of the first try is
  // refused before anything of it is stored: kAlreadyExists, reason REQUEST_ID_REUSED. So is a call
  // that ends earlier or goes on longer than the first.
  absl::Status WritePart(Database& database, WriteContext context, bool last,
                         google::protobuf::Message* response, const WriteBody& body);

 private:
  std::string request_id_;
  std::string fingerprint_;  // of everything received
  int parts_ = 0;            // written so far
};

}  // namespace klynge::sql
