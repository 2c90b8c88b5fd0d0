#include "services/platform/rpc/request_check.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <string>
#include <vector>

namespace klynge::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool Forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

void CheckOne(Violations& violations, std::string path, absl::string_view text) {
  for (size_t at = 0; at < text.size(); ++at) {
    if (!Forbidden(text[at])) continue;
    const int code = static_cast<unsigned char>(text[at]);
    violations.Add(
        std::move(path),
        absl::StrFormat("has the control character U+%04X at byte %d; leave it out", code, at + 1));
    return;
  }
}

void CheckField(Violations& violations, std::string path, const Message& message,
                const FieldDescriptor* field) {
  const Reflection& reflection = *message.GetReflection();
  const bool text = field->type() == FieldDescriptor::TYPE_STRING;
  if (!text && field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return;
  if (!field->is_repeated()) {
    if (text) return CheckOne(violations, std::move(path), reflection.GetString(message, field));
    return CheckText(violations, absl::StrCat(path, "."), reflection.GetMessage(message, field));
  }
  for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
    std::string element = absl::StrCat(path, "[", i, "]");
    if (text) {
      CheckOne(violations, std::move(element), reflection.GetRepeatedString(message, field, i));
    } else {
      CheckText(violations, absl::StrCat(element, "."),
                reflection.GetRepeatedMessage(message, field, i));
    }
  }
}

void RequireNotNegative(Violations& violations, const Message& request, const char* name,
                        absl::string_view zero_means) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->is_repeated()) return;
  const Reflection& reflection = *request.GetReflection();
  const bool negative = field->cpp_type() == FieldDescriptor::CPPTYPE_INT32
                            ? reflection.GetInt32(request, field) < 0
                        : field->cpp_type() == FieldDescriptor::CPPTYPE_INT64
                            ? reflection.GetInt64(request, field) < 0
                            : false;
  if (negative) violations.Add(name, absl::StrCat("is negative; 0 means ", zero_means));
}

}  // namespace

void CheckText(Violations& violations, absl::string_view prefix, const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    CheckField(violations, absl::StrCat(prefix, field->name()), message, field);
  }
}

absl::Status CheckRequest(const Message& request) {
  Violations violations;
  CheckText(violations, "", request);
  RequireNotNegative(violations, request, "page_size", "the usual number");
  RequireNotNegative(violations, request, "min_revision", "what is at hand");
  return violations.ToStatus(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS", "");
}

}  // namespace klynge::rpc
