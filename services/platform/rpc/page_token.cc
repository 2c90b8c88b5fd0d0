#include "services/platform/rpc/page_token.h"

#include <absl/container/flat_hash_map.h>
#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <openssl/evp.h>

#include <vector>

#include "klynge/type/v1/errors.pb.h"
#include "services/platform/rpc/stable_bytes.h"
#include "services/platform/rpc/status.h"

namespace klynge::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kBindingBytes = 8;
constexpr size_t kBindingSize = 2 * kBindingBytes;  // in hexadecimal

// The fields of a request that matter here. Finding them by name is slow, so a thread does it once
// for each type.
struct PageFields {
  const FieldDescriptor* token = nullptr;
  const FieldDescriptor* known_at = nullptr;
  const FieldDescriptor* min_revision = nullptr;
  std::vector<const FieldDescriptor*> free;  // a token may be used whatever they are
};

const PageFields& FieldsOf(const Descriptor& type) {
  thread_local absl::flat_hash_map<const Descriptor*, PageFields> known;
  const auto [found, is_new] = known.try_emplace(&type);
  PageFields& fields = found->second;
  if (!is_new) return fields;
  fields.token = type.FindFieldByName("page_token");
  fields.known_at = type.FindFieldByName("known_at");
  fields.min_revision = type.FindFieldByName("min_revision");
  for (const char* name :
       {"page_token", "page_size", "min_revision", "min_organisation_revision"}) {
    if (const auto* field = type.FindFieldByName(name)) fields.free.push_back(field);
  }
  return fields;
}

std::string Binding(const Message& request) {
  // Fetched once: EVP_sha256() is looked for again in every digest.
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::unique_ptr<Message> copy(request.New());
  copy->CopyFrom(request);
  const PageFields& fields = FieldsOf(*request.GetDescriptor());
  const bool of_a_moment =
      fields.known_at != nullptr && request.GetReflection()->HasField(request, fields.known_at);
  for (const FieldDescriptor* field : fields.free) {
    if (of_a_moment && field == fields.min_revision) continue;
    copy->GetReflection()->ClearField(copy.get(), field);
  }
  const std::string named =
      absl::StrCat(request.GetDescriptor()->full_name(), "\n", StableBytes(*copy));
  unsigned char digest[EVP_MAX_MD_SIZE] = {};
  EVP_Digest(named.data(), named.size(), digest, nullptr, sha256, nullptr);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), kBindingBytes));
}

}  // namespace

absl::StatusOr<int> PageSize(int32_t asked) {
  Violations violations;
  if (asked < 0) violations.Add("page_size", "is negative; 0 means 50, at most 1000");
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(type::v1::ERROR_REASON_INVALID_FIELDS));
  return asked == 0 ? kDefaultPageSize : std::min<int>(asked, kMaxPageSize);
}

std::string MakePageToken(const Message& request, const std::string& position) {
  return absl::WebSafeBase64Escape(absl::StrCat(Binding(request), position));
}

absl::StatusOr<std::string> PagePosition(const Message& request) {
  const FieldDescriptor* field = FieldsOf(*request.GetDescriptor()).token;
  const std::string token =
      field == nullptr ? "" : request.GetReflection()->GetString(request, field);
  if (token.empty()) return std::string();
  std::string text;
  if (absl::WebSafeBase64Unescape(token, &text) && text.size() > kBindingSize &&
      text.substr(0, kBindingSize) == Binding(request)) {
    return text.substr(kBindingSize);
  }
  Violations violations;
  violations.Add("page_token",
                 "was not made for this request: send the next_page_token of the page before, with "
                 "everything else in the request as it was");
  return violations.ToStatus(type::v1::ERROR_REASON_INVALID_PAGE_TOKEN);
}

}  // namespace klynge::rpc
