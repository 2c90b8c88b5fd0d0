// What rows refer to, by the names of their fields: "unit_id", "to_unit_id" and "parent_id" name a
// unit. A new sort of thing needs nothing here.
#pragma once

#include <absl/functional/function_ref.h>
#include <google/protobuf/message.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/organisation/csv_columns.h"

namespace klynge::organisation {

// The name of the field that a row of that sort is known by: "unit_id".
const std::string& IdFieldOf(RowSort sort);

// The sort that a field of a row of `own`, or of a message within it, refers to; null for one that
// is no reference, such as the row's own id.
RowSort ReferredSort(RowSort own, const google::protobuf::FieldDescriptor& field);

// Reads references, and remembers where they are in each type of message. Not thread-safe.
class References {
 public:
  // True when rows of that sort refer to others.
  bool AreIn(RowSort sort);
  // Calls `visit` with each reference in the row that is not blank, however deep, in the order of
  // the fields.
  void ForEach(RowSort own, const google::protobuf::Message& row,
               absl::FunctionRef<void(RowSort, const std::string& id)> visit);
  // The same, to change them; with the path of the field.
  void ForEachMutable(
      RowSort own, google::protobuf::Message* row,
      absl::FunctionRef<void(RowSort, const std::string& path, std::string& id)> visit,
      const std::string& prefix = "");

 private:
  // A field that refers, or one that holds messages (no sort).
  using Field = std::pair<const google::protobuf::FieldDescriptor*, RowSort>;
  const std::vector<Field>& FieldsWithin(RowSort own, const google::protobuf::Descriptor& type);

  std::map<std::pair<RowSort, const google::protobuf::Descriptor*>, std::vector<Field>> fields_;
};

}  // namespace klynge::organisation
