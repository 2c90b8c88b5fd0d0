#include "services/platform/rpc/page_token.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>

#include "klynge/type/v1/errors.pb.h"
#include "services/platform/rpc/status.h"
#include "services/platform/sql/idempotent_write.h"

namespace klynge::rpc {
namespace {

constexpr size_t kBindingSize = 16;

std::string Binding(const google::protobuf::Message& request) {
  std::unique_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  for (const char* name :
       {"page_token", "page_size", "min_revision", "min_organisation_revision"}) {
    if (const auto* field = copy->GetDescriptor()->FindFieldByName(name)) {
      copy->GetReflection()->ClearField(copy.get(), field);
    }
  }
  return sql::Fingerprint(*copy).substr(0, kBindingSize);
}

}  // namespace

absl::StatusOr<int> PageSize(int32_t asked) {
  Violations violations;
  if (asked < 0) violations.Add("page_size", "is negative; 0 means 50, at most 1000");
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(type::v1::ERROR_REASON_INVALID_FIELDS));
  return asked == 0 ? kDefaultPageSize : std::min<int>(asked, kMaxPageSize);
}

std::string MakePageToken(const google::protobuf::Message& request, const std::string& position) {
  return absl::WebSafeBase64Escape(absl::StrCat(Binding(request), position));
}

absl::StatusOr<std::string> PagePosition(const google::protobuf::Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("page_token");
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
