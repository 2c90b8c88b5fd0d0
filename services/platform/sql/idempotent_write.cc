#include "services/platform/sql/idempotent_write.h"

#include <absl/strings/escaping.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <openssl/evp.h>

#include "services/platform/rpc/status.h"
#include "services/platform/rpc/validation.h"

namespace klynge::sql {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// How long a repeat is recognised.
constexpr absl::Duration kRemembered = absl::Hours(24 * 7);

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
absl::StatusOr<bool> AnsweredBefore(WriteTransaction& transaction, const std::string& actor,
                                    const Idempotency& idempotency, Message* response) {
  KLYNGE_ASSIGN_OR_RETURN(auto rows,
                          transaction.Query("SELECT fingerprint, response FROM klynge_idempotency "
                                            "WHERE actor = :actor AND request_id = :request_id",
                                            {actor, idempotency.request_id}));
  if (rows.empty()) return false;
  if (rows[0].Text(0) != idempotency.fingerprint) {
    return MakeStatus(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                      absl::StrCat("request_id \"", idempotency.request_id,
                                   "\" was used for another request; use a new one"));
  }
  std::string bytes;
  if (!absl::Base64Unescape(rows[0].Text(1), &bytes) || !response->ParseFromString(bytes)) {
    return absl::DataLossError("a remembered answer cannot be read");
  }
  return true;
}

absl::Status Remember(WriteTransaction& transaction, const std::string& actor,
                      const Idempotency& idempotency, const Message& response) {
  KLYNGE_RETURN_IF_ERROR(
      transaction.Execute("DELETE FROM klynge_idempotency WHERE at_us < :oldest",
                          {absl::ToUnixMicros(transaction.now() - kRemembered)}));
  return transaction.Execute(
      "INSERT INTO klynge_idempotency (actor, request_id, fingerprint, response, at_us) "
      "VALUES (:actor, :request_id, :fingerprint, :response, :at_us) "
      "ON CONFLICT (actor, request_id) DO NOTHING",
      {actor, idempotency.request_id, idempotency.fingerprint,
       absl::Base64Escape(response.SerializeAsString()), absl::ToUnixMicros(transaction.now())});
}

}  // namespace

std::string Fingerprint(const Message& request) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream output(&bytes);
    google::protobuf::io::CodedOutputStream coded(&output);
    coded.SetSerializationDeterministic(true);  // maps have no order of their own
    request.SerializePartialToCodedStream(&coded);
  }
  const std::string named = absl::StrCat(request.GetTypeName(), "\n", bytes);
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  EVP_Digest(named.data(), named.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
             EVP_sha256(), nullptr);
  digest.resize(size);
  return absl::BytesToHexString(digest);
}

absl::Status IdempotentWrite(Database& database, const WriteContext& context,
                             const Idempotency& idempotency, Message* response,
                             const std::function<absl::Status(WriteTransaction&)>& body) {
  const bool remember = !idempotency.request_id.empty() && !context.dry_run;
  bool repeated = false;
  bool unremembered = false;
  auto revision = database.Write(context, [&](WriteTransaction& transaction) -> absl::Status {
    if (remember) {
      KLYNGE_ASSIGN_OR_RETURN(repeated,
                              AnsweredBefore(transaction, context.actor, idempotency, response));
      if (repeated) {
        transaction.Discard();
        return absl::OkStatus();
      }
    }
    response->Clear();  // a body that runs again starts afresh
    KLYNGE_RETURN_IF_ERROR(body(transaction));
    unremembered = transaction.discarded();
    SetRevision(response, transaction.revision() - (unremembered || context.dry_run ? 1 : 0));
    if (!remember || unremembered) return absl::OkStatus();
    return Remember(transaction, context.actor, idempotency, *response);
  });
  if (!revision.ok() || !remember || repeated || !unremembered) return revision.status();
  // The write changed nothing, yet a repeat must get the same answer.
  return database
      .Write(context,
             [&](WriteTransaction& transaction) {
               transaction.KeepRevision();
               return Remember(transaction, context.actor, idempotency, *response);
             })
      .status();
}

absl::Status IdempotentWrite(Database& database, const rpc::Call& call, const Message& request,
                             Message* response,
                             const std::function<absl::Status(WriteTransaction&)>& body) {
  const std::string request_id = StringField(request, "request_id");
  Violations violations;
  CheckRequestId(violations, request_id);
  KLYNGE_RETURN_IF_ERROR(
      violations.ToStatus(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS", ""));
  return IdempotentWrite(
      database, {call.method, call.actor, call.deadline, BoolField(request, "validate_only")},
      {request_id, request_id.empty() ? "" : Fingerprint(request)}, response, body);
}

}  // namespace klynge::sql
