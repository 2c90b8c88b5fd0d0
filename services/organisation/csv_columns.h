// What the columns of a CSV file of rows mean.
#pragma once

#include <absl/strings/string_view.h>

#include <map>
#include <string>
#include <vector>

#include "klynge/organisation/v1/import.pb.h"
#include "services/organisation/row_fields.h"
#include "services/platform/rpc/status.h"

namespace klynge::organisation {

// The column that says which sort of thing a line is.
inline constexpr char kSortColumn[] = "sort";

// A sort of thing that a row can be: the field of the import's message that holds it.
using RowSort = const google::protobuf::FieldDescriptor*;

// All sorts, in the order in which they are stored.
const std::vector<RowSort>& RowSorts();
// Null when there is none of that name.
RowSort FindRowSort(absl::string_view name);

// "sort", then the fields of the given sorts, each once, in the order of the protos.
std::vector<std::string> ColumnsOf(const std::vector<RowSort>& sorts);

// The columns of one file, by its header.
class CsvColumns {
 public:
  // Names that are no field of any sort, come twice or are missing are added to `violations`.
  CsvColumns(std::vector<std::string> names, Violations& violations);

  size_t size() const { return names_.size(); }
  const std::string& name(size_t column) const { return names_[column]; }
  // What each column is in a row of that sort; null for one that the sort does not have.
  const std::vector<const RowField*>& For(RowSort sort);

 private:
  std::vector<std::string> names_;
  std::map<RowSort, std::vector<const RowField*>> fields_;
};

}  // namespace klynge::organisation
