#include "services/platform/sql/idempotent_stream.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/wrappers.pb.h>

namespace klynge::sql {
namespace {

std::string FingerprintOf(const std::string& text) {
  google::protobuf::StringValue message;
  message.set_value(text);
  return Fingerprint(message);
}

}  // namespace

void IdempotentStream::Received(const google::protobuf::Message& message) {
  if (request_id_.empty()) return;
  fingerprint_ = FingerprintOf(absl::StrCat(fingerprint_, Fingerprint(message)));
}

absl::Status IdempotentStream::WritePart(Database& database, WriteContext context, bool last,
                                         google::protobuf::Message* response,
                                         const WriteBody& body) {
  if (!request_id_.empty()) {
    // The first part has the id itself, so that its use for another RPC is noticed. A tab is in no
    // caller's id.
    context.idempotency.request_id =
        parts_ == 0 ? request_id_ : absl::StrCat(request_id_, "\t", parts_);
    context.idempotency.fingerprint =
        FingerprintOf(absl::StrCat(fingerprint_, last ? " last" : " more"));
  }
  ++parts_;
  return IdempotentWrite(database, context, response, body);
}

}  // namespace klynge::sql
