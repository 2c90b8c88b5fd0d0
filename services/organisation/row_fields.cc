#include "services/organisation/row_fields.h"

#include <absl/algorithm/container.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <map>
#include <memory>

#include "services/platform/mutex.h"

namespace klynge::organisation {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Steps = std::vector<RowField::Step>;

// Whether its fields are fields of the row.
bool IsTakenApart(const FieldDescriptor& field, const Steps& above) {
  if (field.is_repeated() || field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return false;
  const Descriptor* type = field.message_type();
  if (!absl::StartsWith(type->full_name(), "klynge.")) return false;
  return absl::c_none_of(above,
                         [&](RowField::Step step) { return step->containing_type() == type; });
}

void AddFields(const Descriptor& type, const Steps& above, std::vector<RowField>& fields) {
  for (int i = 0; i < type.field_count(); ++i) {
    Steps steps = above;
    steps.push_back(type.field(i));
    if (IsTakenApart(*type.field(i), steps)) {
      AddFields(*type.field(i)->message_type(), steps, fields);
    } else {
      fields.emplace_back(std::move(steps));
    }
  }
}

}  // namespace

RowField::RowField(std::vector<Step> steps)
    : steps_(std::move(steps)), path_(absl::StrJoin(steps_, ".", [](std::string* path, Step step) {
        absl::StrAppend(path, step->name());
      })) {}

bool RowField::IsWithin(absl::string_view name) const {
  return absl::StartsWith(path_, name) &&
         (path_.size() == name.size() || path_[name.size()] == '.');
}

const Message* RowField::Parent(const Message& row) const {
  const Message* message = &row;
  for (size_t i = 0; i + 1 < steps_.size(); ++i) {
    if (!message->GetReflection()->HasField(*message, steps_[i])) return nullptr;
    message = &message->GetReflection()->GetMessage(*message, steps_[i]);
  }
  return message;
}

Message* RowField::MutableParent(Message* row) const {
  for (size_t i = 0; i + 1 < steps_.size(); ++i) {
    row = row->GetReflection()->MutableMessage(row, steps_[i]);
  }
  return row;
}

bool RowField::IsBlank(const Message& row) const {
  const Message* parent = Parent(row);
  if (parent == nullptr) return true;
  const auto& reflection = *parent->GetReflection();
  if (field()->is_repeated()) return reflection.FieldSize(*parent, field()) == 0;
  if (!reflection.HasField(*parent, field())) return true;
  // A text that has presence, such as one in a oneof, may be there and empty.
  std::string unused;
  return field()->cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
         reflection.GetStringReference(*parent, field(), &unused).empty();
}

void RowField::Clear(Message* row) const {
  if (Parent(*row) == nullptr) return;
  Message* parent = MutableParent(row);
  parent->GetReflection()->ClearField(parent, field());
}

const std::vector<RowField>& FieldsOf(const Descriptor& sort) {
  static Mutex mutex;
  static auto& known = *new std::map<const Descriptor*, std::unique_ptr<std::vector<RowField>>>();
  MutexLock lock(&mutex);
  std::unique_ptr<std::vector<RowField>>& fields = known[&sort];
  if (fields == nullptr) {
    fields = std::make_unique<std::vector<RowField>>();
    AddFields(sort, {}, *fields);
  }
  return *fields;
}

}  // namespace klynge::organisation
