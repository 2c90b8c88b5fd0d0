#include "services/organisation/row_writer.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include "services/organisation/blank_fields.h"
#include "services/organisation/cell_text.h"
#include "services/organisation/row_file.h"
#include "services/platform/sql/json.h"

namespace klynge::organisation {
namespace {

class JsonLinesWriter final : public RowWriter {
 public:
  void Begin(std::string&) override {}
  void Append(const v1::ImportOrganisationRequest& row, std::string& file) override {
    // What is stored is UTF-8, so that there is JSON of it.
    absl::StrAppend(&file, sql::ToJson(row).value_or(""), "\n");
  }
};

class CsvWriter final : public RowWriter {
 public:
  CsvWriter(const std::vector<RowSort>& sorts, char delimiter, bool marked)
      : names_(ColumnsOf(sorts)), columns_(names_, none_), delimiter_(delimiter), marked_(marked) {}

  void Begin(std::string& file) override {
    if (marked_) file.append(kByteOrderMark.data(), kByteOrderMark.size());
    for (const std::string& name : names_) AppendCell(name, file);
    EndLine(file);
  }

  void Append(const v1::ImportOrganisationRequest& row, std::string& file) override {
    const RowSort sort = RowIn(row);
    const google::protobuf::Message& content = row.GetReflection()->GetMessage(row, sort);
    AppendCell(sort->name(), file);
    const std::vector<const RowField*>& fields = columns_.For(sort);
    for (size_t i = 1; i < fields.size(); ++i) {
      std::string cell = fields[i] == nullptr ? "" : CellOf(*fields[i], content);
      if (cell.empty() && absl::c_linear_search(row.clear(), names_[i])) cell = kNullCell;
      AppendCell(cell, file);
    }
    EndLine(file);
  }

 private:
  // What either kind of reader could misread is quoted.
  void AppendCell(absl::string_view cell, std::string& file) const {
    const bool plain = cell.find_first_of(",;\"\r\n") == cell.npos &&
                       (cell.empty() || (cell.front() != ' ' && cell.back() != ' '));
    if (plain) {
      file.append(cell.data(), cell.size());
    } else {
      file += '"';
      for (const char c : cell) {
        if (c == '"') file += '"';
        file += c;
      }
      file += '"';
    }
    file += delimiter_;
  }

  static void EndLine(std::string& file) {
    file.pop_back();  // the delimiter behind the last cell
    file += "\r\n";
  }

  const std::vector<std::string> names_;
  Violations none_;
  CsvColumns columns_;
  const char delimiter_;
  const bool marked_;
};

}  // namespace

std::unique_ptr<RowWriter> MakeRowWriter(v1::FileFormat format, const std::vector<RowSort>& sorts) {
  switch (format) {
    case v1::FILE_FORMAT_JSON_LINES:
      return std::make_unique<JsonLinesWriter>();
    case v1::FILE_FORMAT_CSV:
      return std::make_unique<CsvWriter>(sorts, ',', false);
    case v1::FILE_FORMAT_CSV_EXCEL:
      return std::make_unique<CsvWriter>(sorts, ';', true);
    default:
      return nullptr;
  }
}

}  // namespace klynge::organisation
