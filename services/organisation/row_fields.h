// The fields of rows, whatever their sort, by descriptor: what imports, files and differences are
// made of. A new sort of thing needs nothing here.
#pragma once

#include <absl/strings/string_view.h>
#include <google/protobuf/message.h>

#include <string>
#include <vector>

namespace klynge::organisation {

// A field of a row, or of a message within it: "valid_to", "label.da". Lists, and messages of other
// packages than ours, such as a Timestamp, are one field.
class RowField {
 public:
  using Step = const google::protobuf::FieldDescriptor*;

  explicit RowField(std::vector<Step> steps);

  const std::string& path() const { return path_; }
  // The field itself, in the last of the messages on the way to it.
  Step field() const { return steps_.back(); }
  // True when `name` is the field, or a message that it is in.
  bool IsWithin(absl::string_view name) const;

  // True for an empty text, list or message, and a number that is 0.
  bool IsBlank(const google::protobuf::Message& row) const;
  void Clear(google::protobuf::Message* row) const;

  // The message that the field is in: null when the row has none, and made for the row.
  const google::protobuf::Message* Parent(const google::protobuf::Message& row) const;
  google::protobuf::Message* MutableParent(google::protobuf::Message* row) const;

 private:
  std::vector<Step> steps_;
  std::string path_;
};

// All fields of a sort, in the order of the proto; worked out once.
const std::vector<RowField>& FieldsOf(const google::protobuf::Descriptor& sort);

}  // namespace klynge::organisation
