#include "services/organisation/export.h"

#include <absl/strings/match.h>
#include <absl/strings/str_split.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/exported_things.h"
#include "services/organisation/import_stream.h"
#include "services/organisation/references.h"
#include "services/organisation/service_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::WrongFields;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using type::v1::RowOutcome;

class ExportTest : public OrganisationServiceTest {
 protected:
  std::string Export(Replica& replica, const v1::ExportOrganisationRequest& request) {
    grpc::ClientContext context;
    auto reader = replica.stub().ExportOrganisation(&context, request);
    v1::ExportOrganisationResponse piece;
    std::string file;
    while (reader->Read(&piece)) file += piece.chunk();
    const grpc::Status status = reader->Finish();
    EXPECT_THAT(status, IsOk());
    return file;
  }
  std::string Export(Replica& replica, v1::FileFormat format) {
    v1::ExportOrganisationRequest request;
    request.set_format(format);
    return Export(replica, request);
  }

  // Sends a file as pieces of so many bytes.
  std::pair<grpc::Status, v1::ImportOrganisationResponse> ImportFile(Replica& replica,
                                                                     v1::FileFormat format,
                                                                     absl::string_view file,
                                                                     size_t piece = 1000) {
    v1::ImportOptions options;
    options.set_format(format);
    std::vector<v1::ImportOrganisationRequest> pieces;
    for (size_t at = 0; at < file.size(); at += piece) {
      pieces.emplace_back().set_file_chunk(std::string(file.substr(at, piece)));
    }
    return Import(replica.stub(), pieces, options);
  }

  Replica other_{"sqlite:" + directory_.path() + "/other.db"};
};

TEST_F(ExportTest, IsImportedAsItIsAndExportedAgainByteForByte) {
  ImportCity();
  for (const auto format :
       {v1::FILE_FORMAT_JSON_LINES, v1::FILE_FORMAT_CSV, v1::FILE_FORMAT_CSV_EXCEL}) {
    const std::string file = Export(replica_, format);
    Replica empty("sqlite:" + directory_.path() + absl::StrCat("/", format, ".db"));
    const auto [status, response] = ImportFile(empty, format, file);
    ASSERT_THAT(status, IsOk());
    EXPECT_EQ(response.rejected_count(), 0) << response.DebugString();
    EXPECT_EQ(Export(empty, format), file);
    EXPECT_EQ(Export(replica_, format), file);
  }
}

TEST_F(ExportTest, NamesTheColumnsOfWhatItHolds) {
  ImportCity();
  v1::ExportOrganisationRequest request;
  request.set_format(v1::FILE_FORMAT_CSV);
  request.add_sorts("person");
  EXPECT_THAT(std::vector<std::string>(absl::StrSplit(Export(replica_, request), "\r\n")),
              ElementsAre("sort,person_id,name,erased_on", "person,p-kl-1,Person p-kl-1,",
                          "person,p-kl-2,Person p-kl-2,", "person,p-pl-1,Person p-pl-1,",
                          "person,p-pl-2,Person p-pl-2,", "person,p-pl-3,Person p-pl-3,", ""));
}

TEST_F(ExportTest, TellsTheLineOfARowThatIsRejected) {
  const auto [status, response] = ImportFile(replica_, v1::FILE_FORMAT_CSV,
                                             "sort;person_id;name;unit_id\r\n"
                                             "\r\n"
                                             "person;p-1;Ida;\r\n"
                                             "unit;;;u-1\r\n"
                                             "body;x\r\n");
  ASSERT_THAT(status, IsOk());
  EXPECT_TRUE(response.applied());
  ASSERT_EQ(response.outcomes_size(), 3);
  EXPECT_EQ(response.outcomes(0).outcome(), RowOutcome::OUTCOME_CREATED);
  EXPECT_EQ(response.outcomes(0).line(), 3);
  EXPECT_EQ(response.outcomes(1).reason(), "INVALID_FIELDS");
  EXPECT_EQ(response.outcomes(1).line(), 4);
  EXPECT_EQ(response.outcomes(2).reason(), "LINE_UNREADABLE");
  EXPECT_THAT(response.outcomes(2).message(), HasSubstr("line 5: has 2 cells"));
  EXPECT_EQ(response.rejected_count(), 2);
}

TEST_F(ExportTest, KeepsBlankCellsAndClearsNull) {
  ImportCity();
  const auto [status, response] =
      ImportFile(replica_, v1::FILE_FORMAT_CSV,
                 "sort,assignment_id,valid_to,unit_id\n"
                 "assignment,a-p-kl-1-kl-vvk-01-2020-01-01,2022-01-01,\n");
  ASSERT_EQ(response.updated_count(), 1) << response.DebugString();
  EXPECT_EQ(response.outcomes(0).changes(0).field(), "valid_to");
  const auto [again, opened] =
      ImportFile(replica_, v1::FILE_FORMAT_JSON_LINES,
                 R"({"assignment": {"assignment_id": "a-p-kl-1-kl-vvk-01-2020-01-01",)"
                 R"( "valid_to": null}})");
  ASSERT_EQ(opened.updated_count(), 1) << opened.DebugString();
  EXPECT_EQ(opened.outcomes(0).changes(0).after(), "");
}

TEST_F(ExportTest, BringsBackWhatWasBlankWhenItClearsBlanks) {
  ImportCity();
  for (const auto format : {v1::FILE_FORMAT_JSON_LINES, v1::FILE_FORMAT_CSV}) {
    v1::ExportOrganisationRequest request;
    request.set_format(format);
    request.set_clears_blanks(true);
    const std::string file = Export(replica_, request);
    Import(replica_.stub(),
           {AssignmentMessage("a-p-kl-1-kl-vvk-01-2020-01-01", "p-kl-1", "cluster_leader",
                              "kl-vvk-01", "2020-01-01", "2022-01-01")});
    ASSERT_NE(Export(replica_, request), file);
    const auto [status, response] = ImportFile(replica_, format, file);
    EXPECT_EQ(response.rejected_count(), 0) << response.DebugString();
    EXPECT_EQ(response.updated_count(), 1);
    EXPECT_EQ(Export(replica_, request), file);
  }
}

TEST_F(ExportTest, OfAPartCanBeImportedAlone) {
  ImportCity();
  v1::ExportOrganisationRequest request;
  request.set_format(v1::FILE_FORMAT_JSON_LINES);
  request.set_subtree_of("kl-vvk-01");
  const std::string file = Export(replica_, request);
  EXPECT_THAT(file, AllOf(HasSubstr("\"e-vvk-01-02\""), HasSubstr("\"omr-vvk\""),
                          HasSubstr("\"p-pl-2\""), HasSubstr("\"buf\"")));
  EXPECT_THAT(file, AllOf(Not(HasSubstr("e-vvk-02-01")), Not(HasSubstr("p-kl-2"))));
  const auto [status, response] = ImportFile(other_, v1::FILE_FORMAT_JSON_LINES, file);
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(response.rejected_count(), 0) << response.DebugString();
  EXPECT_EQ(Export(other_, request), file);
}

TEST_F(ExportTest, SaysWhatItNeedsToKnow) {
  ImportCity();
  grpc::ClientContext context;
  v1::ExportOrganisationRequest request;
  request.add_sorts("elephant");
  v1::ExportOrganisationResponse piece;
  auto reader = replica_.stub().ExportOrganisation(&context, request);
  EXPECT_FALSE(reader->Read(&piece));
  const grpc::Status status = reader->Finish();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status), ElementsAre("format", "sorts[0]"));

  grpc::ClientContext another;
  request.Clear();
  request.set_format(v1::FILE_FORMAT_CSV);
  request.set_subtree_of("kl-none");
  reader = replica_.stub().ExportOrganisation(&another, request);
  EXPECT_FALSE(reader->Read(&piece));
  EXPECT_THAT(reader->Finish(), StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
}

TEST_F(ExportTest, RefusesRowsAndPiecesMixed) {
  v1::ImportOrganisationRequest piece;
  piece.set_file_chunk("x");
  EXPECT_THAT(Import(replica_.stub(), {PersonMessage("p-1"), piece}).first,
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_STREAM"));
  v1::ImportOptions options;
  options.set_format(v1::FILE_FORMAT_CSV);
  EXPECT_THAT(Import(replica_.stub(), {PersonMessage("p-1")}, options).first,
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_STREAM"));
  piece.set_file_chunk(std::string(ImportStream::kMaxChunkBytes + 1, 'x'));
  EXPECT_THAT(Import(replica_.stub(), {piece}, options).first,
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_STREAM"));
}

// Every field that ends in _id refers to something or is the row's own.
TEST(References, AreKnownByTheirNames) {
  const auto referred = [](const char* sort, const char* field) -> std::string {
    const RowSort own = FindRowSort(sort);
    const RowSort to = ReferredSort(own, *own->message_type()->FindFieldByName(field));
    return to == nullptr ? "" : to->name();
  };
  EXPECT_EQ(referred("unit", "unit_id"), "");
  EXPECT_EQ(referred("unit", "parent_id"), "unit");
  EXPECT_EQ(referred("assignment", "position_id"), "position");
  EXPECT_EQ(referred("handover", "giver_person_id"), "person");
  EXPECT_EQ(referred("partnership", "partner_unit_id"), "unit");
  EXPECT_EQ(referred("partnership", "partner_id"), "partner");
  EXPECT_EQ(referred("held_competence", "competence"), "competence");
  EXPECT_EQ(referred("held_competence", "confirmed_by"), "person");
  for (RowSort sort : RowSorts()) {
    for (const RowField& field : FieldsOf(*sort->message_type())) {
      const std::string& name = field.field()->name();
      if (!absl::EndsWith(name, "_id") || name == IdFieldOf(sort)) continue;
      EXPECT_NE(ReferredSort(sort, *field.field()), nullptr) << sort->name() << "." << name;
    }
  }
}

}  // namespace
}  // namespace klynge::organisation
