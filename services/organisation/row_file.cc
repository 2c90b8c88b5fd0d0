#include "services/organisation/row_file.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/stubs/common.h>

#include "services/platform/rpc/status.h"

namespace klynge::organisation {

std::unique_ptr<RowFile> OpenRowFile(v1::FileFormat format) {
  switch (format) {
    case v1::FILE_FORMAT_JSON_LINES:
      return OpenJsonLines();
    case v1::FILE_FORMAT_CSV:
    case v1::FILE_FORMAT_CSV_EXCEL:
      return OpenCsv();
    default:
      return nullptr;
  }
}

absl::Status FileUnreadable(int64_t line, absl::string_view description) {
  Violations violations;
  violations.Add("file_chunk", absl::StrCat("line ", line, " ", description));
  return violations.ToStatus(v1::ERROR_REASON_FILE_UNREADABLE);
}

Problem LineUnreadable(int64_t line, absl::string_view description) {
  return {v1::ERROR_REASON_LINE_UNREADABLE, absl::StrCat("line ", line), std::string(description)};
}

bool IsUtf8(absl::string_view text) {
  return google::protobuf::internal::IsStructurallyValidUTF8(text.data(),
                                                             static_cast<int>(text.size()));
}

}  // namespace klynge::organisation
