// Files of rows that nobody wrote: what a reader makes of them does not depend on how they are cut,
// and it keeps no more than a line.
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "services/organisation/cell_text.h"
#include "services/organisation/row_file.h"
#include "services/organisation/row_writer.h"
#include "services/organisation/test_support.h"
#include "services/platform/sql/json.h"
#include "tests/fuzz/random_messages.h"

namespace klynge::organisation::testing {
namespace {

constexpr v1::FileFormat kFormats[] = {v1::FILE_FORMAT_JSON_LINES, v1::FILE_FORMAT_CSV,
                                       v1::FILE_FORMAT_CSV_EXCEL};

class OrganisationFilesFuzz : public ::testing::Test {
 protected:
  size_t Below(size_t n) { return random_.Below(n); }

  std::string Bytes(const std::string& of, size_t most) {
    std::string text;
    for (size_t i = Below(most + 1); i > 0; --i) text += of[Below(of.size())];
    return text;
  }

  std::string File(v1::FileFormat format) {
    std::string file;
    const auto writer = MakeRowWriter(format, RowSorts());
    writer->Begin(file);
    for (const Message& row : Messages(SmallCity().Build())) {
      if (Below(4) == 0) writer->Append(row, file);
    }
    return file;
  }

  // Some bytes changed, put in or taken out.
  std::string Changed(std::string file) {
    for (size_t i = Below(6); i > 0 && !file.empty(); --i) {
      const size_t at = Below(file.size());
      const std::string put = Bytes("\"\r\n,;|\\ {}[]:nul0\xC3\x98\xFF", 3);
      file.replace(at, Below(4), put);
    }
    return file;
  }

  // Everything the reader said; the pieces are of random sizes when `cut`.
  std::string Read(v1::FileFormat format, absl::string_view file, bool cut) {
    std::vector<ReceivedRow> rows;
    const auto reader = OpenRowFile(format);
    absl::Status status;
    while (!file.empty() && status.ok()) {
      const size_t size = cut ? 1 + Below(40) : file.size();
      status = reader->Read(file.substr(0, size), rows);
      file.remove_prefix(std::min(size, file.size()));
    }
    if (status.ok()) status = reader->End(rows);
    // Which rows came before the one that broke the file depends on the pieces.
    if (!status.ok()) return std::string(status.message());
    std::string told;
    for (const ReceivedRow& row : rows) {
      absl::StrAppend(&told, row.line, " ", row.message.SerializeAsString());
      for (const Problem& problem : row.problems) {
        absl::StrAppend(&told, "!", problem.field, problem.description);
      }
      EXPECT_TRUE(row.message.content_case() != Message::CONTENT_NOT_SET || !row.problems.empty());
    }
    return told;
  }

  klynge::testing::RandomMessages random_{20211122};
};

TEST_F(OrganisationFilesFuzz, AreReadTheSameHoweverTheyAreCut) {
  for (int round = 0; round < 3'000; ++round) {
    for (const v1::FileFormat format : kFormats) {
      const std::string file = Changed(File(format));
      ASSERT_EQ(Read(format, file, false), Read(format, file, true)) << file;
    }
  }
}

TEST_F(OrganisationFilesFuzz, MayBeAnything) {
  std::string any;
  for (int byte = 0; byte < 256; ++byte) any += static_cast<char>(byte);
  for (int round = 0; round < 20'000; ++round) {
    for (const v1::FileFormat format : kFormats) {
      const std::string file = Below(2) ? Bytes(any, 200) : "sort;unit_id\n" + Bytes(any, 200);
      ASSERT_EQ(Read(format, file, false), Read(format, file, true)) << file;
    }
  }
}

// Rows of any content, as no service would store, are what was written.
TEST_F(OrganisationFilesFuzz, AreReadAsTheyWereWritten) {
  for (int round = 0; round < 3'000; ++round) {
    const RowSort sort = RowSorts()[Below(RowSorts().size())];
    Message row;
    google::protobuf::Message* content = row.GetReflection()->MutableMessage(&row, sort);
    random_.Fill(content);
    // Elements that are empty, and texts in a oneof that are, cannot be told from nothing.
    std::string line;
    if (!google::protobuf::util::MessageToJsonString(row, &line).ok()) continue;
    for (const RowField& field : FieldsOf(*sort->message_type())) {
      google::protobuf::Message* parent = field.MutableParent(content);
      const auto* text = field.field();
      if (!text->is_repeated() && field.IsBlank(*content)) field.Clear(content);
      if (!text->is_repeated() || text->type() != text->TYPE_STRING) continue;
      for (int i = 0; i < parent->GetReflection()->FieldSize(*parent, text); ++i) {
        parent->GetReflection()->SetRepeatedString(parent, text, i, random_.Text() + "x");
      }
    }
    if (!google::protobuf::util::MessageToJsonString(row, &line).ok()) continue;
    Message read;
    google::protobuf::Message* copy = read.GetReflection()->MutableMessage(&read, sort);
    for (const RowField& field : FieldsOf(*sort->message_type())) {
      const std::string cell = CellOf(field, *content);
      field.MutableParent(copy);
      if (cell.empty()) continue;
      ASSERT_TRUE(SetFromCell(field, cell, copy).ok()) << cell;
    }
    ASSERT_EQ(read.SerializeAsString(), row.SerializeAsString()) << row.ShortDebugString();

    const absl::StatusOr<std::string> json = sql::ToJson(row);
    ASSERT_TRUE(json.ok()) << row.ShortDebugString();
    read.Clear();
    ASSERT_TRUE(sql::FromJson(*json, read).ok()) << *json;
    ASSERT_EQ(read.SerializeAsString(), row.SerializeAsString()) << *json;
  }
}

TEST_F(OrganisationFilesFuzz, EndWithALineThatIsTooLong) {
  for (const v1::FileFormat format : kFormats) {
    const auto reader = OpenRowFile(format);
    std::vector<ReceivedRow> rows;
    absl::Status status;
    size_t sent = 0;
    std::string piece = "sort,unit_id\nunit,\"";
    while (status.ok() && sent < (4 << 20)) {
      status = reader->Read(piece, rows);
      sent += piece.size();
      piece.assign(5'000, 'x');
    }
    EXPECT_FALSE(status.ok());
    EXPECT_LT(sent, 2 * RowFile::kMaxLineBytes);
  }
}

}  // namespace
}  // namespace klynge::organisation::testing
