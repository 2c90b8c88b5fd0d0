// The value of a field as the cell of a CSV file, and as differences show it.
#pragma once

#include <absl/status/status.h>
#include <absl/strings/string_view.h>

#include <string>

#include "services/organisation/row_fields.h"

namespace klynge::organisation {

// The cell that empties a field.
inline constexpr char kNullCell[] = "null";

// "" for a blank field. The same value is always the same text, and Set from it gives that value.
std::string CellOf(const RowField& field, const google::protobuf::Message& row);

// Sets the field to what a cell says that is neither "" nor null. kInvalidArgument with what is
// wrong and what is right.
absl::Status SetFromCell(const RowField& field, absl::string_view cell,
                         google::protobuf::Message* row);

}  // namespace klynge::organisation
