// CSV: read by libcsv, which takes pieces of any size. Strict, because after a misplaced quote
// nobody knows where the next row begins.
#include <absl/algorithm/container.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/types/optional.h>
#include <csv.h>

#include <algorithm>

#include "services/organisation/cell_text.h"
#include "services/organisation/csv_columns.h"
#include "services/organisation/row_file.h"
#include "services/platform/rpc/status.h"

namespace klynge::organisation {
namespace {

constexpr absl::string_view kUtf16Marks[] = {"\xFF\xFE", "\xFE\xFF"};
// So much is parsed before it is looked at how long the line has become.
constexpr size_t kSliceBytes = 16 << 10;

class CsvFile final : public RowFile {
 public:
  CsvFile() {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
    // Spaces are part of a cell (RFC 4180); libcsv would strip them.
    csv_set_space_func(&parser_, [](unsigned char) { return 0; });
  }
  ~CsvFile() override { csv_free(&parser_); }

  absl::Status Read(absl::string_view piece, std::vector<ReceivedRow>& rows) override {
    if (begun_) return Parse(piece, rows);
    start_.append(piece.data(), piece.size());
    return start_.find_first_of("\r\n") == std::string::npos && start_.size() <= kMaxLineBytes
               ? absl::OkStatus()
               : Begin(rows);
  }

  absl::Status End(std::vector<ReceivedRow>& rows) override {
    if (!begun_) KLYNGE_RETURN_IF_ERROR(Begin(rows));
    rows_ = &rows;
    const bool ended = csv_fini(&parser_, &OnCell, &OnRow, this) == 0;
    KLYNGE_RETURN_IF_ERROR(status_);
    return ended ? absl::OkStatus() : BrokenQuotes();
  }

 private:
  // What separates the cells shows behind the first one, whose name is known.
  absl::Status Begin(std::vector<ReceivedRow>& rows) {
    begun_ = true;
    absl::string_view text = start_;
    for (absl::string_view mark : kUtf16Marks) {
      if (absl::StartsWith(text, mark)) {
        return FileUnreadable(1, "is UTF-16: save the file as CSV UTF-8");
      }
    }
    if (absl::StartsWith(text, kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    const size_t end = text.find_first_of(",;\r\n");
    if (end != text.npos && text[end] == ';') csv_set_delim(&parser_, ';');
    return Parse(text, rows);
  }

  absl::Status Parse(absl::string_view text, std::vector<ReceivedRow>& rows) {
    rows_ = &rows;
    while (!text.empty()) {
      const size_t size = std::min(text.size(), kSliceBytes);
      unended_ += size;
      const bool parsed = csv_parse(&parser_, text.data(), size, &OnCell, &OnRow, this) == size;
      // What is wrong first is told first, wherever the pieces are cut.
      KLYNGE_RETURN_IF_ERROR(status_);
      if (!parsed) return BrokenQuotes();
      if (unended_ > kMaxLineBytes + kSliceBytes) {
        return FileUnreadable(row_line_, absl::StrCat("begins a row of more than ", kMaxLineBytes,
                                                      " bytes; a quote may not be closed"));
      }
      text.remove_prefix(size);
    }
    return absl::OkStatus();
  }

  absl::Status BrokenQuotes() const {
    if (csv_error(const_cast<csv_parser*>(&parser_)) == CSV_ENOMEM) {
      return absl::ResourceExhaustedError("no memory for the row");
    }
    return FileUnreadable(line_,
                          "has a quote where there may be none, or one that is not closed: quote "
                          "a whole cell, and double the quotes within");
  }

  static void OnCell(void* text, size_t size, void* self) {
    static_cast<CsvFile*>(self)->TakeCell({static_cast<const char*>(text), size});
  }
  static void OnRow(int end, void* self) { static_cast<CsvFile*>(self)->TakeRow(end); }

  void TakeCell(absl::string_view cell) {
    if (cells_.empty()) row_line_ = line_;
    cells_.emplace_back(cell);
    line_ += std::count(cell.begin(), cell.end(), '\n');
  }

  // Called for every line end outside of quotes, so also between CR and LF.
  void TakeRow(int end) {
    unended_ = 0;
    if (!cells_.empty() && status_.ok()) {
      if (columns_) {
        ReceivedRow& row = rows_->emplace_back();
        row.line = row_line_;
        Fill(row);
      } else {
        status_ = TakeHeader();
      }
    }
    cells_.clear();
    if (end == '\n') ++line_;
  }

  absl::Status TakeHeader() {
    if (!absl::c_all_of(cells_, IsUtf8)) {
      return FileUnreadable(row_line_, "is not UTF-8: save the file as CSV UTF-8");
    }
    Violations violations;
    columns_.emplace(std::move(cells_), violations);
    return violations.ToStatus(v1::ERROR_REASON_FILE_UNREADABLE);
  }

  void Fill(ReceivedRow& row) {
    const auto unreadable = [&](absl::string_view description) {
      row.problems.push_back(LineUnreadable(row.line, description));
    };
    if (!absl::c_all_of(cells_, IsUtf8)) {
      return unreadable("is not UTF-8: save the file as CSV UTF-8");
    }
    if (cells_.size() != columns_->size()) {
      return unreadable(
          absl::StrCat("has ", cells_.size(), " cells, the header has ", columns_->size()));
    }
    const RowSort sort = FindRowSort(cells_[0]);
    if (sort == nullptr) return unreadable(UnknownSort(cells_[0]));
    const std::vector<const RowField*>& fields = columns_->For(sort);
    auto& message = row.message;
    google::protobuf::Message* content = message.GetReflection()->MutableMessage(&message, sort);
    for (size_t i = 1; i < cells_.size(); ++i) {
      if (cells_[i].empty()) continue;
      const auto wrong = [&](absl::string_view description) {
        row.problems.push_back({v1::ERROR_REASON_LINE_UNREADABLE,
                                absl::StrCat(sort->name(), ".", columns_->name(i)),
                                std::string(description)});
      };
      if (fields[i] == nullptr) {
        wrong(absl::StrCat("is not a field of a ", sort->name(), ": leave the cell blank"));
        continue;
      }
      if (cells_[i] != kNullCell) {
        const absl::Status set = SetFromCell(*fields[i], cells_[i], content);
        if (!set.ok()) wrong(set.message());
        if (!set.ok() || !fields[i]->IsBlank(*content)) continue;
      }
      // null, and a false or 0 that was written, say that nothing is to be kept.
      message.add_clear(columns_->name(i));
    }
  }

  static std::string UnknownSort(const std::string& word) {
    return absl::StrCat("is of the sort \"", word.substr(0, 100), "\"; there are ",
                        absl::StrJoin(RowSorts(), ", ", [](std::string* names, RowSort sort) {
                          absl::StrAppend(names, sort->name());
                        }));
  }

  csv_parser parser_;
  bool begun_ = false;
  std::string start_;  // until it is known what separates cells
  absl::optional<CsvColumns> columns_;
  std::vector<std::string> cells_;  // of the row that is being read
  std::vector<ReceivedRow>* rows_ = nullptr;
  int64_t line_ = 1;
  int64_t row_line_ = 1;  // on which the row begins
  size_t unended_ = 0;    // bytes since a row ended, to within a slice
  absl::Status status_;
};

}  // namespace

std::unique_ptr<RowFile> OpenCsv() { return std::make_unique<CsvFile>(); }

}  // namespace klynge::organisation
