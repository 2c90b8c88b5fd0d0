// JSON Lines: one row a line, in protobuf's JSON.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "services/organisation/blank_fields.h"
#include "services/organisation/row_file.h"
#include "services/platform/rpc/status.h"

namespace klynge::organisation {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Struct;
using google::protobuf::Value;
using google::protobuf::util::JsonStringToMessage;

// True for what protobuf takes for nothing, though it was written: null, false, 0.
bool IsEmptied(const Value& value) {
  return value.kind_case() == Value::kNullValue ||
         (value.kind_case() == Value::kBoolValue && !value.bool_value()) ||
         (value.kind_case() == Value::kNumberValue && value.number_value() == 0);
}

const FieldDescriptor* FieldNamed(const Descriptor& type, const std::string& name) {
  const FieldDescriptor* field = type.FindFieldByName(name);
  for (int i = 0; field == nullptr && i < type.field_count(); ++i) {
    if (type.field(i)->json_name() == name) field = type.field(i);
  }
  return field;
}

// Adds the paths of the fields that `json` empties, by the names of the proto.
void AddEmptied(const Struct& json, const Descriptor& type, const std::string& prefix,
                v1::ImportOrganisationRequest& message) {
  for (const auto& [name, value] : json.fields()) {
    const FieldDescriptor* field = FieldNamed(type, name);
    if (field == nullptr) continue;
    if (IsEmptied(value)) {
      message.add_clear(absl::StrCat(prefix, field->name()));
    } else if (value.has_struct_value() && field->message_type() != nullptr) {
      AddEmptied(value.struct_value(), *field->message_type(),
                 absl::StrCat(prefix, field->name(), "."), message);
    }
  }
}

// Whether the line may have something for AddEmptied; most have not, and need no second parse.
bool MayEmpty(absl::string_view line) {
  if (absl::StrContains(line, "null") || absl::StrContains(line, "false")) return true;
  for (size_t at = line.find(':'); at != line.npos; at = line.find(':', at + 1)) {
    const size_t value = line.find_first_not_of(" \t", at + 1);
    if (value != line.npos && (line[value] == '0' || line[value] == '-')) return true;
  }
  return false;
}

absl::Status ParseLine(const std::string& line, v1::ImportOrganisationRequest& message) {
  const auto parsed = JsonStringToMessage(line, &message);
  if (!parsed.ok()) {
    const absl::string_view why(parsed.message().data(), parsed.message().size());
    return absl::InvalidArgumentError(absl::StrCat("is no row: ", why.substr(0, 300)));
  }
  const FieldDescriptor* sort = RowIn(message);
  if (sort == nullptr) {
    return absl::InvalidArgumentError("holds no row: write {\"unit\": {…}}, or another sort");
  }
  Struct json;
  if (!MayEmpty(line) || !JsonStringToMessage(line, &json).ok()) return absl::OkStatus();
  for (const auto& [name, value] : json.fields()) {
    if (FieldNamed(*message.GetDescriptor(), name) != sort || !value.has_struct_value()) continue;
    AddEmptied(value.struct_value(), *sort->message_type(), "", message);
  }
  // A Struct has no order.
  std::sort(message.mutable_clear()->begin(), message.mutable_clear()->end());
  return absl::OkStatus();
}

class JsonLines final : public RowFile {
 public:
  absl::Status Read(absl::string_view piece, std::vector<ReceivedRow>& rows) override {
    while (!piece.empty()) {
      const size_t end = piece.find('\n');
      const absl::string_view part = piece.substr(0, end);
      if (line_.size() + part.size() > kMaxLineBytes) {
        return FileUnreadable(
            number_, absl::StrCat("is longer than ", kMaxLineBytes, " bytes; one row a line"));
      }
      line_.append(part.data(), part.size());
      if (end == piece.npos) return absl::OkStatus();
      TakeLine(rows);
      piece.remove_prefix(end + 1);
    }
    return absl::OkStatus();
  }

  absl::Status End(std::vector<ReceivedRow>& rows) override {
    TakeLine(rows);
    return absl::OkStatus();
  }

 private:
  void TakeLine(std::vector<ReceivedRow>& rows) {
    if (number_ == 1 && absl::StartsWith(line_, kByteOrderMark)) {
      line_.erase(0, kByteOrderMark.size());
    }
    if (line_.find_first_not_of(" \t\r") != std::string::npos) {
      ReceivedRow& row = rows.emplace_back();
      row.line = number_;
      if (const absl::Status read = ParseLine(line_, row.message); !read.ok()) {
        row.message.Clear();
        row.problems.push_back(LineUnreadable(number_, read.message()));
      }
    }
    line_.clear();
    ++number_;
  }

  std::string line_;  // as far as it was read
  int64_t number_ = 1;
};

}  // namespace

std::unique_ptr<RowFile> OpenJsonLines() { return std::make_unique<JsonLines>(); }

}  // namespace klynge::organisation
