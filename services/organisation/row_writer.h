// Writes rows as a file that an import reads. The same rows always make the same bytes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "klynge/organisation/v1/import.pb.h"
#include "services/organisation/csv_columns.h"

namespace klynge::organisation {

class RowWriter {
 public:
  virtual ~RowWriter() = default;

  // Appends what the file begins with.
  virtual void Begin(std::string& file) = 0;
  // Appends a row, which is of one of the sorts that were named at the beginning.
  virtual void Append(const v1::ImportOrganisationRequest& row, std::string& file) = 0;
};

// Null for FILE_FORMAT_UNSPECIFIED and formats that are not known.
std::unique_ptr<RowWriter> MakeRowWriter(v1::FileFormat format, const std::vector<RowSort>& sorts);

}  // namespace klynge::organisation
