#include "services/organisation/row_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/row_writer.h"
#include "services/organisation/test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Contents {
  absl::Status status;
  std::vector<ReceivedRow> rows;
};

// The file in pieces of so many bytes.
Contents ReadFile(v1::FileFormat format, absl::string_view file, size_t piece = 1'000'000) {
  Contents contents;
  const std::unique_ptr<RowFile> reader = OpenRowFile(format);
  for (size_t at = 0; at < file.size() && contents.status.ok(); at += piece) {
    contents.status = reader->Read(file.substr(at, piece), contents.rows);
  }
  if (contents.status.ok()) contents.status = reader->End(contents.rows);
  return contents;
}
Contents ReadCsv(absl::string_view file, size_t piece = 1'000'000) {
  return ReadFile(v1::FILE_FORMAT_CSV, file, piece);
}
Contents ReadLines(absl::string_view file, size_t piece = 1'000'000) {
  return ReadFile(v1::FILE_FORMAT_JSON_LINES, file, piece);
}

std::string Shown(const ReceivedRow& row) {
  std::string text = absl::StrCat(row.line, ": ", row.message.ShortDebugString());
  for (const Problem& problem : row.problems) {
    absl::StrAppend(&text, " ! ", problem.field, ": ", problem.description);
  }
  return text;
}
std::vector<std::string> Shown(const Contents& contents) {
  std::vector<std::string> lines;
  for (const ReceivedRow& row : contents.rows) lines.push_back(Shown(row));
  return lines;
}

constexpr char kCsv[] =
    "sort,person_id,name,valid_from,valid_to,label.da,competence,level,responsibilities,"
    "position_id\r\n"
    "person,p-1,\"Ærø, \"\"Åse\"\"\",,,,,,,\r\n"
    "\r\n"
    "position,,,2021-01-01,null,,,,\"Økonomi|Drift\",pos\r\n"
    "competence,,,,,\"to\nlinjer\",play,,,\r\n"
    "person,p-2,\\null,,,,,,,";

TEST(RowFile, ReadsCsvHoweverItIsCut) {
  for (size_t piece = 1; piece < sizeof kCsv; ++piece) {
    const Contents contents = ReadCsv(kCsv, piece);
    ASSERT_THAT(contents.status, IsOk());
    EXPECT_THAT(
        Shown(contents),
        ElementsAre(R"(2: person { person_id: "p-1" name: "\303\206r\303\270, \"\303\205se\"" })",
                    R"(4: position { position_id: "pos" responsibilities: "\303\230konomi" )"
                    R"(responsibilities: "Drift" valid_from: "2021-01-01" } clear: "valid_to")",
                    R"(5: competence { competence: "play" label { da: "to\nlinjer" } })",
                    R"(7: person { person_id: "p-2" name: "null" })"));
  }
}

TEST(RowFile, ReadsWhatADanishExcelWrites) {
  for (const char* file : {"\xEF\xBB\xBFsort;person_id;name\r\nperson;p-1;Hansen, Ida\r\n",
                           "sort;person_id;name\nperson;p-1;\"Hansen, Ida\"\n",
                           "\"sort\";\"person_id\";\"name\"\nperson;\"p-1\";\"Hansen, Ida\"",
                           "\xEF\xBB\xBFsort,person_id,name\nperson,p-1,\"Hansen, Ida\"\n"}) {
    for (size_t piece : {size_t{1}, size_t{2}, size_t{7}, size_t{1000}}) {
      const Contents contents = ReadCsv(file, piece);
      ASSERT_THAT(contents.status, IsOk()) << file;
      EXPECT_THAT(Shown(contents),
                  ElementsAre("2: person { person_id: \"p-1\" name: \"Hansen, Ida\" }"))
          << file;
    }
  }
}

TEST(RowFile, TellsWhatIsWrongWithALineOfCsvAndReadsOn) {
  const Contents contents = ReadCsv(
      "sort,person_id,name,level\n"
      "person,p-1\n"
      "elephant,p-1,x,\n"
      "person,p-1,x,3\n"
      "held_competence,p-1,x,three\n"
      "person,p-1,\xC5,\n"
      "person,p-2,Ida,\n");
  ASSERT_THAT(contents.status, IsOk());
  ASSERT_THAT(contents.rows, SizeIs(6));
  EXPECT_EQ(Shown(contents.rows[0]), "2:  ! line 2: has 2 cells, the header has 4");
  EXPECT_THAT(Shown(contents.rows[1]),
              AllOf(HasSubstr("is of the sort \"elephant\"; there are unit, person, assignment"),
                    HasSubstr("3:  ! line 3")));
  EXPECT_THAT(Shown(contents.rows[2]), HasSubstr("person.level: is not a field of a person"));
  EXPECT_THAT(Shown(contents.rows[3]),
              AllOf(HasSubstr("held_competence.name: is not a field of a held_competence"),
                    HasSubstr("held_competence.level: must be a number, was \"three\"")));
  EXPECT_THAT(Shown(contents.rows[4]), HasSubstr("line 6: is not UTF-8"));
  EXPECT_THAT(contents.rows[5].problems, IsEmpty());
}

TEST(RowFile, RefusesAHeaderThatNamesNoFields) {
  const Contents contents = ReadCsv("sort,person_id,titel,person_id\nperson,p-1,,\n");
  EXPECT_THAT(contents.status, StatusIs(absl::StatusCode::kInvalidArgument, "FILE_UNREADABLE"));
  std::vector<std::string> problems;
  for (const auto& wrong : FieldViolationsOf(contents.status))
    problems.push_back(wrong.description);
  EXPECT_THAT(problems, ElementsAre(HasSubstr("column 3: \"titel\" is not a field"),
                                    HasSubstr("comes twice")));
  EXPECT_THAT(contents.rows, IsEmpty());
  EXPECT_THAT(FieldViolationsOf(ReadCsv("name,person_id\n").status).at(0).description,
              HasSubstr("must begin with the column \"sort\""));
}

TEST(RowFile, RefusesFilesWhoseRowsHaveNoBorders) {
  const auto unreadable = StatusIs(absl::StatusCode::kInvalidArgument, "FILE_UNREADABLE");
  const std::string header = "sort,person_id,name\n";
  EXPECT_THAT(ReadCsv(header + "person,p-1,a\"b\n").status, unreadable);
  EXPECT_THAT(ReadCsv(header + "person,p-1,\"a\n").status, unreadable);
  EXPECT_THAT(ReadCsv(header + "person,p-1,\"" + std::string(1 << 20, 'x'), 1000).status,
              unreadable);
  EXPECT_THAT(ReadCsv(std::string("\xFF\xFEs\0o\0r\0t\0", 10)).status, unreadable);
  EXPECT_THAT(ReadCsv("s\xC5rt,x\n").status, unreadable);
  EXPECT_THAT(ReadCsv(std::string(1 << 20, 's'), 1000).status, unreadable);
  EXPECT_THAT(ReadLines(std::string(1 << 20, 's'), 1000).status, unreadable);
}

constexpr char kLines[] =
    "\xEF\xBB\xBF{\"person\": {\"person_id\": \"p-1\", \"name\": \"Ærø\"}}\r\n"
    "\n"
    "{\"position\": {\"positionId\": \"pos\", \"valid_to\": null, \"responsibilities\": null}}\n"
    "{\"competence\": {\"competence\": \"play\", \"label\": {\"da\": \"0\", \"en\": null}}}\n"
    "{\"held_competence\": {\"held_competence_id\": \"hc\", \"level\": 0}, \"clear\": "
    "[\"valid_to\"]}";

TEST(RowFile, ReadsJsonLinesHoweverTheyAreCut) {
  for (size_t piece = 1; piece < sizeof kLines; ++piece) {
    const Contents contents = ReadLines(kLines, piece);
    ASSERT_THAT(contents.status, IsOk());
    ASSERT_THAT(contents.rows, SizeIs(4));
    EXPECT_EQ(Shown(contents.rows[0]),
              R"(1: person { person_id: "p-1" name: "\303\206r\303\270" })");
    EXPECT_EQ(contents.rows[1].line, 3);
    EXPECT_THAT(contents.rows[1].message.clear(),
                ::testing::UnorderedElementsAre("valid_to", "responsibilities"));
    EXPECT_EQ(Shown(contents.rows[2]),
              R"(4: competence { competence: "play" label { da: "0" } } clear: "label.en")");
    EXPECT_THAT(contents.rows[3].message.clear(), ElementsAre("level", "valid_to"));
  }
}

TEST(RowFile, TellsWhatIsWrongWithALineOfJsonAndReadsOn) {
  const Contents contents = ReadLines(
      "{\"person\": {\"person_id\": \"p-1\", \"titel\": \"x\"}}\n"
      "{\"person\": \n"
      "[]\n"
      "{\"options\": {\"atomic\": true}}\n"
      "{\"person\": null}\n"
      "{\"person\": {\"person_id\": \"p-1\", \"name\": \"\xC5\"}}\n"
      "{\"person\": {\"person_id\": \"p-1\"}, \"unit\": {\"unit_id\": \"u\"}}\n"
      "{\"person\": {\"person_id\": \"p-2\"}}\n");
  ASSERT_THAT(contents.status, IsOk());
  ASSERT_THAT(contents.rows, SizeIs(8));
  for (size_t i = 0; i < 7; ++i) {
    ASSERT_THAT(contents.rows[i].problems, SizeIs(1)) << Shown(contents.rows[i]);
    EXPECT_EQ(contents.rows[i].problems[0].field, absl::StrCat("line ", i + 1));
    EXPECT_EQ(contents.rows[i].message.ByteSizeLong(), 0u);
  }
  EXPECT_THAT(Shown(contents.rows[0]), HasSubstr("titel"));
  EXPECT_THAT(contents.rows[7].problems, IsEmpty());
}

TEST(RowFile, ReadsWhatIsWritten) {
  std::vector<Message> rows = Messages(
      SmallCity()
          .With(Competence{"play", "Leg", "", "", "null"})
          .With(HeldCompetence{"hc", "p-kl-1", "play", 3, "p-kl-2", {D("2020-01-01"), kOpenEnd}})
          .Build());
  rows.push_back(PersonMessage("p-odd"));
  rows.back().mutable_person()->set_name(" \"; ,\t\\null <&> ⛵ ");
  rows.push_back(PositionMessage("pos", "cluster_leader", "kl-vvk-01"));
  for (const char* line : {"a|b", "\\", "null", "a,b"}) {
    rows.back().mutable_position()->add_responsibilities(line);
  }
  for (const auto format :
       {v1::FILE_FORMAT_JSON_LINES, v1::FILE_FORMAT_CSV, v1::FILE_FORMAT_CSV_EXCEL}) {
    std::string file;
    const auto writer = MakeRowWriter(format, RowSorts());
    writer->Begin(file);
    for (const Message& row : rows) writer->Append(row, file);
    for (size_t piece : {size_t{1}, size_t{5}, size_t{1'000'000}}) {
      const Contents contents = ReadFile(format, file, piece);
      ASSERT_THAT(contents.status, IsOk());
      ASSERT_THAT(contents.rows, SizeIs(rows.size()));
      for (size_t i = 0; i < rows.size(); ++i) {
        EXPECT_THAT(contents.rows[i].problems, IsEmpty()) << Shown(contents.rows[i]);
        EXPECT_EQ(contents.rows[i].message.ShortDebugString(), rows[i].ShortDebugString());
      }
    }
  }
}

}  // namespace
}  // namespace klynge::organisation
