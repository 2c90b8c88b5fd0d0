// Files of rows: whatever an organisation is, its export imported into an empty service and
// exported again is the same bytes; and so is that of any part.
#include <absl/strings/str_split.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "services/organisation/csv_columns.h"
#include "services/organisation/service_test_support.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;

constexpr v1::FileFormat kFormats[] = {v1::FILE_FORMAT_JSON_LINES, v1::FILE_FORMAT_CSV,
                                       v1::FILE_FORMAT_CSV_EXCEL};

// Rows of all sorts about few things, so that many fit together; many others are rejected.
class RandomRows {
 public:
  explicit RandomRows(unsigned seed) : random_(seed) {}

  std::vector<Message> Import(size_t most) {
    std::vector<Message> rows(1 + Below(most));
    for (Message& row : rows) row = Row();
    return rows;
  }

 private:
  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }
  std::string Pick(const std::vector<std::string>& from) { return from[Below(from.size())]; }
  std::string Some(const char* prefix, size_t n) { return absl::StrCat(prefix, Below(n)); }
  std::string Day() { return FormatDate(D("2020-01-01") + static_cast<int>(Below(24)) * 30); }
  std::string Open() { return Below(3) != 0 ? "" : Day(); }
  // What a file could get wrong.
  std::string Text() {
    return Pick({"Børnehuset", "a,b", "a;b", "\"citeret\"", " foran", "bagved ", "null", "\\null",
                 "\\\\null", "|", "a|b\\", "=1+1", "<&>", "⛵ Å", "0", "false", "{\"a\":1}", "-",
                 "x\tx"});
  }

  Message Row() {
    const std::vector<std::string> units = {"buf", "omr", "kl-0", "kl-1", "e-0", "e-1", "e-2"};
    Message row;
    switch (Below(13)) {
      case 0:
      case 1: {
        row = UnitMessage(Some("e-", 4), Pick({"nursery", "club"}), Some("kl-", 2), Day(), Open());
        row.mutable_unit()->set_name(Text());
        break;
      }
      case 2:
        row.mutable_person()->set_person_id(Some("p-", 4));
        row.mutable_person()->set_name(Text());
        break;
      case 3:
      case 4:
        row = AssignmentMessage(Some("a-", 6), Some("p-", 4),
                                Pick({"cluster_leader", "pedagogical_leader"}), Pick(units), Day(),
                                Open());
        if (Below(2)) row.mutable_assignment()->set_position_id(Some("pos-", 3));
        break;
      case 5:
        row = PositionMessage(Some("pos-", 3), Pick({"cluster_leader", "pedagogical_leader"}),
                              Pick(units), Day(), Open());
        for (size_t i = Below(3); i > 0; --i) row.mutable_position()->add_responsibilities(Text());
        break;
      case 6:
        row = SubstitutionMessage(Some("s-", 3), Some("pos-", 3), Some("p-", 4), Day(), Open());
        break;
      case 7:
        row = EmploymentMessage(Some("m-", 3), Some("p-", 4), Day(), Open());
        break;
      case 8: {
        auto& body = *row.mutable_body();
        body.set_body_id(Some("b-", 2));
        body.set_kind(Pick({"parents_board", "med_committee", "sparring_group"}));
        body.set_name(Text());
        body.set_unit_id(Pick(units));
        body.set_valid_from(Day());
        break;
      }
      case 9: {
        auto& held = *row.mutable_body_membership();
        held.set_membership_id(Some("bm-", 3));
        held.set_body_id(Some("b-", 2));
        held.set_person_id(Some("p-", 4));
        held.set_role(Pick({"chair", "member", "secretary"}));
        held.set_represents(Text());
        held.set_valid_from(Day());
        held.set_valid_to(Open());
        break;
      }
      case 10: {
        auto& joint = *row.mutable_partnership();
        joint.set_partnership_id(Some("ps-", 3));
        joint.set_kind("school_cooperation");
        joint.set_unit_id(Pick(units));
        joint.set_partner_id("skole");
        joint.set_purpose(Text());
        joint.set_valid_from(Day());
        joint.set_valid_to(Open());
        break;
      }
      case 11: {
        auto& competence = *row.mutable_competence();
        competence.set_competence(Some("c-", 2));
        competence.mutable_label()->set_da(Text());
        if (Below(2)) competence.mutable_description()->set_en(Text());
        break;
      }
      default: {
        auto& held = *row.mutable_held_competence();
        held.set_held_competence_id(Some("hc-", 3));
        held.set_person_id(Some("p-", 4));
        held.set_competence(Some("c-", 2));
        held.set_level(static_cast<int>(1 + Below(3)));
        if (Below(2)) held.set_confirmed_by(Some("p-", 4));
        held.set_valid_from(Day());
        held.set_valid_to(Open());
      }
    }
    return row;
  }

  std::mt19937 random_;
};

class OrganisationExchangeTest : public klynge::testing::EngineTest {
 protected:
  static std::string Export(Replica& replica, v1::FileFormat format,
                            const std::string& subtree_of = "") {
    v1::ExportOrganisationRequest request;
    request.set_format(format);
    request.set_subtree_of(subtree_of);
    grpc::ClientContext context;
    auto reader = replica.stub().ExportOrganisation(&context, request);
    v1::ExportOrganisationResponse piece;
    std::string file;
    while (reader->Read(&piece)) file += piece.chunk();
    EXPECT_THAT(reader->Finish(), IsOk());
    return file;
  }

  static std::set<std::string> Lines(const std::string& file) {
    return absl::StrSplit(file, "\r\n");
  }

  static void ImportFile(Replica& replica, v1::FileFormat format, absl::string_view file,
                         size_t piece) {
    v1::ImportOptions options;
    options.set_format(format);
    std::vector<Message> pieces;
    for (size_t at = 0; at < file.size(); at += piece) {
      pieces.emplace_back().set_file_chunk(std::string(file.substr(at, piece)));
    }
    const auto [status, response] = Import(replica.stub(), pieces, options);
    ASSERT_THAT(status, IsOk());
    ASSERT_EQ(response.rejected_count(), 0) << response.DebugString() << "\n" << file;
  }

  // What comes out of an empty service that took in the file, which must be the file.
  void ExpectSameAfterImport(v1::FileFormat format, const std::string& file,
                             const std::string& subtree_of) {
    klynge::testing::TemporaryDirectory directory;
    Replica empty(klynge::testing::NewDatabaseUrl(GetParam(), directory));
    ASSERT_NO_FATAL_FAILURE(ImportFile(empty, format, file, 1 + file.size() / 7));
    EXPECT_EQ(Export(empty, format, subtree_of), file);
    if (subtree_of.empty()) return;
    // Nothing is there but the part, and what every service is made with.
    klynge::testing::TemporaryDirectory other;
    Replica made(klynge::testing::NewDatabaseUrl(GetParam(), other));
    std::set<std::string> lines = Lines(file);
    lines.merge(Lines(Export(made, format)));
    EXPECT_EQ(Lines(Export(empty, format)), lines);
  }
};
KLYNGE_ON_BOTH_ENGINES(OrganisationExchangeTest);

TEST_P(OrganisationExchangeTest, GivesTheSameFileAfterAnImportIntoAnEmptyService) {
  size_t sorts_seen = 0;
  for (unsigned seed = 0; seed < 6; ++seed) {
    SCOPED_TRACE(seed);
    klynge::testing::TemporaryDirectory directory;
    Replica service(klynge::testing::NewDatabaseUrl(GetParam(), directory));
    RandomRows random(seed);
    Message partner;
    partner.mutable_partner()->set_partner_id("skole");
    partner.mutable_partner()->set_kind("school");
    partner.mutable_partner()->set_name("Skolen; \"Øst\"");
    partner.mutable_partner()->set_valid_from("2019-01-01");
    ASSERT_THAT(
        Import(service.stub(),
               {UnitMessage("buf", "administration", ""), UnitMessage("omr", "area", "buf"),
                UnitMessage("kl-0", "cluster", "omr"), UnitMessage("kl-1", "cluster", "omr"),
                UnitMessage("e-0", "nursery", "kl-0"), PersonMessage("p-0"), PersonMessage("p-1"),
                partner})
            .first,
        IsOk());
    for (int round = 0; round < 8; ++round) {
      ASSERT_THAT(Import(service.stub(), random.Import(40)).first, IsOk());
    }
    for (const v1::FileFormat format : kFormats) {
      const std::string file = Export(service, format);
      ASSERT_NO_FATAL_FAILURE(ExpectSameAfterImport(format, file, ""));
      EXPECT_EQ(Export(service, format), file);
    }
    for (const char* part : {"kl-0", "e-0", "omr"}) {
      const std::string file = Export(service, v1::FILE_FORMAT_CSV, part);
      ASSERT_NO_FATAL_FAILURE(ExpectSameAfterImport(v1::FILE_FORMAT_CSV, file, part));
    }
    const std::string lines = Export(service, v1::FILE_FORMAT_JSON_LINES);
    size_t sorts = 0;
    for (const RowSort sort : RowSorts()) {
      sorts += lines.find(absl::StrCat("{\"", sort->name(), "\":")) != std::string::npos;
    }
    sorts_seen = std::max(sorts_seen, sorts);
  }
  EXPECT_GE(sorts_seen, 10u);
}

}  // namespace
}  // namespace klynge::organisation
