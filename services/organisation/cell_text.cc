#include "services/organisation/cell_text.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace klynge::organisation {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kBetween = '|';
constexpr char kEscape = '\\';

std::string ElementOf(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == kBetween || c == kEscape) escaped += kEscape;
    escaped += c;
  }
  return escaped;
}

// The elements of a list, each as it was before ElementOf.
std::vector<std::string> Elements(absl::string_view cell) {
  std::vector<std::string> elements(1);
  for (size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] == kBetween) {
      elements.emplace_back();
      continue;
    }
    if (cell[i] == kEscape && i + 1 < cell.size()) ++i;
    elements.back() += cell[i];
  }
  return elements;
}

// True for null behind any number of backslashes: one more of them makes a text of it.
bool LooksNull(absl::string_view text) {
  while (!text.empty() && text.front() == kEscape) text.remove_prefix(1);
  return text == kNullCell;
}

std::string Shortest(double value) {
  char digits[32];
  return std::string(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}
std::string Shortest(float value) {
  char digits[32];
  return std::string(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

// The value of a field with one, or of one element.
std::string ValueText(const Message& parent, const FieldDescriptor* field, int element) {
  const auto& reflection = *parent.GetReflection();
  const bool one = !field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return (one ? reflection.GetBool(parent, field)
                  : reflection.GetRepeatedBool(parent, field, element))
                 ? "true"
                 : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(one ? reflection.GetInt32(parent, field)
                              : reflection.GetRepeatedInt32(parent, field, element));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(one ? reflection.GetInt64(parent, field)
                              : reflection.GetRepeatedInt64(parent, field, element));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(one ? reflection.GetUInt32(parent, field)
                              : reflection.GetRepeatedUInt32(parent, field, element));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(one ? reflection.GetUInt64(parent, field)
                              : reflection.GetRepeatedUInt64(parent, field, element));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Shortest(one ? reflection.GetDouble(parent, field)
                          : reflection.GetRepeatedDouble(parent, field, element));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Shortest(one ? reflection.GetFloat(parent, field)
                          : reflection.GetRepeatedFloat(parent, field, element));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number = one ? reflection.GetEnumValue(parent, field)
                             : reflection.GetRepeatedEnumValue(parent, field, element);
      const auto* value = field->enum_type()->FindValueByNumber(number);
      return value != nullptr ? value->name() : absl::StrCat(number);
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = one ? reflection.GetString(parent, field)
                                   : reflection.GetRepeatedString(parent, field, element);
      return one ? text : ElementOf(text);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const Message& message = one ? reflection.GetMessage(parent, field)
                               : reflection.GetRepeatedMessage(parent, field, element);
  return MessageToJsonString(message, &json, options).ok() ? json : "";
}

// As JSON has it: what is written without quotes.
bool IsPlainInJson(const FieldDescriptor& field) {
  return field.cpp_type() != FieldDescriptor::CPPTYPE_STRING &&
         field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM;
}

std::string Expected(const FieldDescriptor& field) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) return "true or false";
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    std::vector<std::string> names;
    for (int i = 1; i < field.enum_type()->value_count(); ++i) {
      names.push_back(field.enum_type()->value(i)->name());
    }
    return absl::StrCat("one of ", absl::StrJoin(names, ", "));
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return field.is_repeated() ? "a JSON list of objects" : "JSON";
  }
  return "a number";
}

absl::Status NotReadable(const FieldDescriptor& field, absl::string_view cell) {
  return absl::InvalidArgumentError(
      absl::StrCat("must be ", Expected(field), ", was \"", cell.substr(0, 100), "\""));
}

std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

// Everything but texts is read as protobuf reads it from JSON, by which the forms of numbers, enums
// and messages are the same in both formats.
absl::Status SetFromJson(const FieldDescriptor& field, const std::string& value,
                         absl::string_view cell, Message* parent) {
  const std::string json = absl::StrCat("{\"", field.name(), "\":", value, "}");
  const std::unique_ptr<Message> given(parent->New());
  if (!google::protobuf::util::JsonStringToMessage(json, given.get()).ok()) {
    return NotReadable(field, cell);
  }
  parent->GetReflection()->ClearField(parent, &field);
  parent->MergeFrom(*given);
  return absl::OkStatus();
}

// Letters, digits, signs and points: nothing that would end a value within JSON.
bool IsWord(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("_+-.", c);
  });
}

}  // namespace

std::string CellOf(const RowField& field, const Message& row) {
  if (field.IsBlank(row)) return "";
  const Message& parent = *field.Parent(row);
  std::string cell;
  if (!field.field()->is_repeated()) {
    cell = ValueText(parent, field.field(), 0);
  } else {
    const int size = parent.GetReflection()->FieldSize(parent, field.field());
    const bool messages = field.field()->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    std::vector<std::string> elements;
    for (int i = 0; i < size; ++i) elements.push_back(ValueText(parent, field.field(), i));
    cell = messages ? absl::StrCat("[", absl::StrJoin(elements, ","), "]")
                    : absl::StrJoin(elements, "|");
  }
  return LooksNull(cell) ? absl::StrCat("\\", cell) : cell;
}

absl::Status SetFromCell(const RowField& row_field, absl::string_view cell, Message* row) {
  const FieldDescriptor& field = *row_field.field();
  if (LooksNull(cell)) cell.remove_prefix(1);
  Message* parent = row_field.MutableParent(row);
  const auto& reflection = *parent->GetReflection();
  const bool text = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  if (text && !field.is_repeated()) {
    reflection.SetString(parent, &field, std::string(cell));
    return absl::OkStatus();
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return SetFromJson(field, std::string(cell), cell, parent);
  }
  if (text) {
    for (std::string& element : Elements(cell)) {
      reflection.AddString(parent, &field, std::move(element));
    }
    return absl::OkStatus();
  }
  std::vector<std::string> values;
  for (const std::string& element :
       field.is_repeated() ? Elements(cell) : std::vector<std::string>{std::string(cell)}) {
    if (!IsWord(element)) return NotReadable(field, cell);
    values.push_back(IsPlainInJson(field) ? element : Quoted(element));
  }
  return SetFromJson(
      field, field.is_repeated() ? absl::StrCat("[", absl::StrJoin(values, ","), "]") : values[0],
      cell, parent);
}

}  // namespace klynge::organisation
