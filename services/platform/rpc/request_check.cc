#include "services/platform/rpc/request_check.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <string>

#include "klynge/type/v1/errors.pb.h"

namespace klynge::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Numbers that count something, and what 0 means.
constexpr std::pair<const char*, const char*> kCounts[] = {
    {"page_size", "the usual number"},
    {"min_revision", "what is at hand"},
    {"min_organisation_revision", "what is at hand"}};

bool Forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

bool IsText(const FieldDescriptor& field) { return field.type() == FieldDescriptor::TYPE_STRING; }

void CheckOne(Violations& violations, std::string path, absl::string_view text) {
  const auto bad = std::find_if(text.begin(), text.end(), Forbidden);
  if (bad == text.end()) return;
  violations.Add(std::move(path),
                 absl::StrFormat("has the control character U+%04X at byte %d; leave it out",
                                 static_cast<unsigned char>(*bad), bad - text.begin() + 1));
}

void CheckField(Violations& violations, std::string path, const Message& message,
                const FieldDescriptor* field) {
  const Reflection& reflection = *message.GetReflection();
  const bool text = IsText(*field);
  if (!text && field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return;
  if (!field->is_repeated()) {
    if (text) return CheckOne(violations, std::move(path), reflection.GetString(message, field));
    return ListBadText(violations, absl::StrCat(path, "."), reflection.GetMessage(message, field));
  }
  for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
    std::string element = absl::StrCat(path, "[", i, "]");
    if (text) {
      CheckOne(violations, std::move(element), reflection.GetRepeatedString(message, field, i));
    } else {
      ListBadText(violations, absl::StrCat(element, "."),
                  reflection.GetRepeatedMessage(message, field, i));
    }
  }
}

bool IsNegative(const Message& message, const FieldDescriptor* field) {
  const Reflection& reflection = *message.GetReflection();
  return field->cpp_type() == FieldDescriptor::CPPTYPE_INT32
             ? reflection.GetInt32(message, field) < 0
             : reflection.GetInt64(message, field) < 0;
}

// The field of that name if it is a number that may be negative.
const FieldDescriptor* CountField(const Descriptor& type, const char* name) {
  const FieldDescriptor* field = type.FindFieldByName(name);
  if (field == nullptr || field->is_repeated()) return nullptr;
  const bool whole_number = field->cpp_type() == FieldDescriptor::CPPTYPE_INT32 ||
                            field->cpp_type() == FieldDescriptor::CPPTYPE_INT64;
  return whole_number ? field : nullptr;
}

}  // namespace

MessageShape::MessageShape(const Descriptor& type) : fields_(FieldsOf(type)) {
  for (const auto& [name, zero_means] : kCounts) {
    if (const FieldDescriptor* field = CountField(type, name)) counts_.push_back(field);
  }
}

const MessageShape::Fields& MessageShape::FieldsOf(const Descriptor& type) {
  const auto [found, is_new] = types_.try_emplace(&type);
  Fields& fields = found->second;
  if (!is_new) return fields;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (IsText(*field)) fields.texts.push_back(field);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      fields.messages.emplace_back(field, &FieldsOf(*field->message_type()));
    }
  }
  return fields;
}

bool MessageShape::TextIsGood(const Message& message) const { return Good(fields_, message); }

bool MessageShape::Good(const Fields& fields, const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  std::string unused;
  const auto good = [](const std::string& text) {
    return std::none_of(text.begin(), text.end(), Forbidden);
  };
  for (Field field : fields.texts) {
    if (!field->is_repeated()) {
      if (!good(reflection.GetStringReference(message, field, &unused))) return false;
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      if (!good(reflection.GetRepeatedStringReference(message, field, i, &unused))) return false;
    }
  }
  for (const auto& [field, inner] : fields.messages) {
    if (!field->is_repeated()) {
      if (!reflection.HasField(message, field)) continue;
      if (!Good(*inner, reflection.GetMessage(message, field))) return false;
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      if (!Good(*inner, reflection.GetRepeatedMessage(message, field, i))) return false;
    }
  }
  return true;
}

bool MessageShape::NumbersAreGood(const Message& message) const {
  return std::none_of(counts_.begin(), counts_.end(),
                      [&](Field field) { return IsNegative(message, field); });
}

void ListBadText(Violations& violations, absl::string_view prefix, const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    CheckField(violations, absl::StrCat(prefix, field->name()), message, field);
  }
}

absl::Status ListBadFields(const Message& request) {
  Violations violations;
  ListBadText(violations, "", request);
  for (const auto& [name, zero_means] : kCounts) {
    const FieldDescriptor* field = CountField(*request.GetDescriptor(), name);
    if (field == nullptr || !IsNegative(request, field)) continue;
    violations.Add(name, absl::StrCat("is negative; 0 means ", zero_means));
  }
  return violations.ToStatus(type::v1::ERROR_REASON_INVALID_FIELDS);
}

}  // namespace klynge::rpc
