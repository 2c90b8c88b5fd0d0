#include "services/platform/sql/json.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <google/protobuf/stubs/common.h>
#include <google/protobuf/util/json_util.h>

#include <charconv>
#include <cmath>

namespace klynge::sql {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Writes what most documents are made of: texts, numbers, enums, lists, messages. protobuf's own
// writer goes over the serialised message and takes ten times as long.
class Writer {
 public:
  // False when the message has something else, or is no UTF-8: protobuf's writer then judges it.
  bool Write(const Message& message) {
    const auto& descriptor = *message.GetDescriptor();
    if (descriptor.file()->package() == "google.protobuf") return false;
    const auto& reflection = *message.GetReflection();
    json_ += '{';
    bool first = true;
    for (int i = 0; i < descriptor.field_count(); ++i) {
      const FieldDescriptor* field = descriptor.field(i);
      const bool repeated = field->is_repeated();
      const int size = repeated ? reflection.FieldSize(message, field) : 0;
      if (repeated ? size == 0 : !reflection.HasField(message, field)) continue;
      if (field->is_map()) return false;
      absl::StrAppend(&json_, first ? "\"" : ",\"", field->name(), "\":");
      first = false;
      if (!repeated) {
        if (!WriteValue(message, field, -1)) return false;
        continue;
      }
      for (int element = 0; element < size; ++element) {
        json_ += element == 0 ? '[' : ',';
        if (!WriteValue(message, field, element)) return false;
      }
      json_ += ']';
    }
    json_ += '}';
    return true;
  }

  std::string Take() { return std::move(json_); }

 private:
  // The value of the field, or of its element.
  bool WriteValue(const Message& message, const FieldDescriptor* field, int element) {
    const auto& reflection = *message.GetReflection();
    const bool one = element < 0;
    std::string unused;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return field->type() == FieldDescriptor::TYPE_STRING &&
               WriteText(
                   one ? reflection.GetStringReference(message, field, &unused)
                       : reflection.GetRepeatedStringReference(message, field, element, &unused));
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Write(one ? reflection.GetMessage(message, field)
                         : reflection.GetRepeatedMessage(message, field, element));
      case FieldDescriptor::CPPTYPE_BOOL:
        json_ += (one ? reflection.GetBool(message, field)
                      : reflection.GetRepeatedBool(message, field, element))
                     ? "true"
                     : "false";
        return true;
      case FieldDescriptor::CPPTYPE_INT32:
        absl::StrAppend(&json_, one ? reflection.GetInt32(message, field)
                                    : reflection.GetRepeatedInt32(message, field, element));
        return true;
      case FieldDescriptor::CPPTYPE_INT64:  // as a text: readers hold numbers as doubles
        absl::StrAppend(&json_, "\"",
                        one ? reflection.GetInt64(message, field)
                            : reflection.GetRepeatedInt64(message, field, element),
                        "\"");
        return true;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return WriteReal(one ? reflection.GetDouble(message, field)
                             : reflection.GetRepeatedDouble(message, field, element));
      case FieldDescriptor::CPPTYPE_ENUM: {
        const int number = one ? reflection.GetEnumValue(message, field)
                               : reflection.GetRepeatedEnumValue(message, field, element);
        const auto* value = field->enum_type()->FindValueByNumber(number);
        if (value == nullptr) return false;
        absl::StrAppend(&json_, "\"", value->name(), "\"");
        return true;
      }
      default:
        return false;
    }
  }

  // The shortest number that reads back as the same.
  bool WriteReal(double real) {
    if (!std::isfinite(real)) return false;
    char digits[32];
    json_.append(digits, std::to_chars(digits, digits + sizeof digits, real).ptr);
    return true;
  }

  bool WriteText(const std::string& text) {
    if (!google::protobuf::internal::IsStructurallyValidUTF8(text.data(),
                                                             static_cast<int>(text.size()))) {
      return false;
    }
    json_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        json_ += '\\';
        json_ += c;
      } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
        absl::StrAppendFormat(&json_, "\\u%04x", static_cast<unsigned char>(c));
      } else {
        json_ += c;
      }
    }
    json_ += '"';
    return true;
  }

  std::string json_;
};

}  // namespace

absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message) {
  Writer writer;
  if (writer.Write(message)) return writer.Take();
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) return absl::InternalError(absl::StrCat("no JSON: ", status.ToString()));
  return json;
}

absl::Status FromJson(const std::string& json, google::protobuf::Message& message) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &message, options);
  if (status.ok()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("a stored document can't be read: ", status.ToString()));
}

}  // namespace klynge::sql
