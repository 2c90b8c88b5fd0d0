#include "services/platform/sql/idempotent_write.h"

#include <absl/strings/escaping.h>
#include <openssl/evp.h>

#include "services/platform/rpc/stable_bytes.h"
#include "services/platform/rpc/status.h"
#include "services/platform/rpc/validation.h"

namespace klynge::sql {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string StringField(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return "";
  return message.GetReflection()->GetString(message, field);
}

bool BoolField(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_BOOL) return false;
  return message.GetReflection()->GetBool(message, field);
}

void SetRevision(Message* response, int64_t revision) {
  const FieldDescriptor* field = response->GetDescriptor()->FindFieldByName("revision");
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_INT64) return;
  response->GetReflection()->SetInt64(response, field, revision);
}

// True when the request was answered before; then `response` is that answer.
absl::StatusOr<bool> AnsweredBefore(const WriteTransaction& transaction,
                                    const Idempotency& idempotency, Message* response) {
  const RememberedAnswer* first = transaction.first_answer();
  if (first == nullptr) return false;
  if (first->fingerprint != idempotency.fingerprint) {
    return MakeStatus(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                      absl::StrCat("request_id \"", idempotency.request_id,
                                   "\" was used for another request; use a new one"));
  }
  if (!response->ParseFromString(first->response)) {
    return absl::DataLossError("a remembered answer cannot be read");
  }
  return true;
}

absl::Status WriteOnce(WriteTransaction& transaction, Message* response, const WriteBody& body) {
  const WriteContext& context = transaction.context();
  const bool remember = !context.idempotency.request_id.empty() && !context.dry_run;
  if (remember) {
    KLYNGE_ASSIGN_OR_RETURN(const bool repeated,
                            AnsweredBefore(transaction, context.idempotency, response));
    if (repeated) {
      transaction.Discard();
      return absl::OkStatus();
    }
  }
  response->Clear();  // a body that runs again starts afresh
  KLYNGE_RETURN_IF_ERROR(body(transaction));
  const bool changes = !transaction.discarded() && !context.dry_run;
  SetRevision(response, transaction.revision() - (changes ? 0 : 1));
  if (remember) transaction.Remember(response->SerializeAsString());
  return absl::OkStatus();
}

absl::StatusOr<WriteContext> ContextOf(const rpc::Call& call, const Message& request) {
  std::string request_id = StringField(request, "request_id");
  Violations violations;
  CheckRequestId(violations, request_id);
  KLYNGE_RETURN_IF_ERROR(
      violations.ToStatus(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS", ""));
  std::string fingerprint = request_id.empty() ? "" : Fingerprint(request);
  return WriteContext{call.method,
                      call.actor,
                      call.deadline,
                      BoolField(request, "validate_only"),
                      {std::move(request_id), std::move(fingerprint)}};
}

}  // namespace

std::string Fingerprint(const Message& request) {
  const std::string named = absl::StrCat(request.GetTypeName(), "\n", StableBytes(request));
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  EVP_Digest(named.data(), named.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
             EVP_sha256(), nullptr);
  digest.resize(size);
  return absl::BytesToHexString(digest);
}

absl::Status IdempotentWrite(Database& database, const WriteContext& context, Message* response,
                             const WriteBody& body) {
  return database
      .Write(context,
             [&](WriteTransaction& transaction) { return WriteOnce(transaction, response, body); })
      .status();
}

absl::Status IdempotentWrite(Database& database, const rpc::Call& call, const Message& request,
                             Message* response, const WriteBody& body) {
  KLYNGE_ASSIGN_OR_RETURN(const WriteContext context, ContextOf(call, request));
  return IdempotentWrite(database, context, response, body);
}

absl::Status StartIdempotentWrite(Database& database, const rpc::Call& call, const Message& request,
                                  Message* response, WriteBody body,
                                  absl::AnyInvocable<void(const absl::Status&)> done) {
  KLYNGE_ASSIGN_OR_RETURN(WriteContext context, ContextOf(call, request));
  return database.StartWrite(
      std::move(context),
      [response, body = std::move(body)](WriteTransaction& transaction) {
        return WriteOnce(transaction, response, body);
      },
      [done = std::move(done)](const absl::StatusOr<int64_t>& outcome) mutable {
        done(outcome.status());
      });
}

}  // namespace klynge::sql
