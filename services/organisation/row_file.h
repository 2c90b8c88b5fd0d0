// Rows of an import that come as a file: read in pieces that may be cut anywhere.
#pragma once

#include <absl/status/status.h>
#include <absl/strings/string_view.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "klynge/organisation/v1/import.pb.h"
#include "services/organisation/import_row.h"

namespace klynge::organisation {

// A row as it was received. One without content is a line that could not be read, and has problems.
struct ReceivedRow {
  v1::ImportOrganisationRequest message;
  std::vector<Problem> problems;
  int64_t line = 0;  // of the file, from 1; 0: it came as a message
};

// One file. Holds no more of it than the line it is in.
class RowFile {
 public:
  static constexpr size_t kMaxLineBytes = 256 << 10;

  virtual ~RowFile() = default;

  // The rows that end in this piece are added to `rows`. An error is of the file as a whole:
  // kInvalidArgument, reason FILE_UNREADABLE.
  virtual absl::Status Read(absl::string_view piece, std::vector<ReceivedRow>& rows) = 0;
  // The file is at its end; adds the last row if its line does not end.
  virtual absl::Status End(std::vector<ReceivedRow>& rows) = 0;
};

// Null for FILE_FORMAT_UNSPECIFIED and formats that are not known.
std::unique_ptr<RowFile> OpenRowFile(v1::FileFormat format);

std::unique_ptr<RowFile> OpenJsonLines();
std::unique_ptr<RowFile> OpenCsv();

// FILE_UNREADABLE on a line.
absl::Status FileUnreadable(int64_t line, absl::string_view description);
// The problem of a line that is no row.
Problem LineUnreadable(int64_t line, absl::string_view description);

// What every file may begin with, and texts in it may not have.
inline constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";
bool IsUtf8(absl::string_view text);

}  // namespace klynge::organisation
