#include "services/platform/rpc/status.h"

#include <gmock/gmock.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "services/platform/rpc/validation.h"

namespace klynge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> Fields(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const auto& violation : FieldViolationsOf(status)) fields.push_back(violation.field);
  return fields;
}

TEST(MakeStatus, CarriesReasonAndMetadataOverTheWire) {
  const absl::Status status = MakeStatus(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND",
                                         "no unit \"x\"", {{"unit_id", "x"}});
  const google::rpc::Status wire = ToRpcStatus(status);
  google::rpc::ErrorInfo info;
  ASSERT_EQ(wire.details_size(), 1);
  ASSERT_TRUE(wire.details(0).UnpackTo(&info));
  EXPECT_EQ(info.domain(), "klynge");
  EXPECT_EQ(info.reason(), "UNIT_NOT_FOUND");
  EXPECT_EQ(info.metadata().at("unit_id"), "x");
  EXPECT_EQ(FromRpcStatus(wire), status);
}

TEST(MakeRetryableStatus, SaysWhenToTryAgain) {
  const auto wire = ToRpcStatus(MakeRetryableStatus(absl::StatusCode::kUnavailable, "AWAY", "away",
                                                    absl::Milliseconds(1500)));
  google::rpc::RetryInfo retry;
  for (const auto& detail : wire.details()) detail.UnpackTo(&retry);
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 500'000'000);
}

TEST(Violations, AreOkWhenNothingIsWrong) {
  EXPECT_TRUE(Violations().ToStatus(absl::StatusCode::kInvalidArgument, "X", "").ok());
}

TEST(Violations, ListEveryWrongField) {
  Violations violations;
  RequireId(violations, "unit_id", "");
  RequireId(violations, "parent_id", "Has Spaces");
  RequireText(violations, "name", std::string(501, 'x'));
  RequireDateRange(violations, "", "2021-09-01", "2021-09-01");
  const absl::Status status =
      violations.ToStatus(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST", "");
  EXPECT_THAT(Fields(status), ElementsAre("unit_id", "parent_id", "name", "valid_to"));
}

TEST(RequireText, TakesNoBlanksForAText) {
  Violations violations;
  RequireText(violations, "name", " \n");
  EXPECT_EQ(violations.list().size(), 1u);
}

TEST(Violations, StayUnderSixKilobytesAndSayHowManyAreLeftOut) {
  Violations violations;
  for (int i = 0; i < 1000; ++i)
    violations.Add(absl::StrCat("rows[", i, "].unit_id"), "is required");
  const absl::Status status =
      violations.ToStatus(absl::StatusCode::kInvalidArgument, "INVALID_REQUEST", "");
  EXPECT_LT(ToRpcStatus(status).ByteSizeLong(), 6'000u);
  EXPECT_THAT(std::string(status.message()), HasSubstr("more are not listed"));
}

TEST(Violations, AreToldInShortWhateverWasSent) {
  Violations violations;
  violations.Add("as_of", absl::StrCat("\"", std::string(1'000'000, 'x'), "\" is no date"));
  const absl::Status status =
      violations.ToStatus(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS", "");
  EXPECT_THAT(Fields(status), ElementsAre("as_of"));
  EXPECT_LT(ToRpcStatus(status).ByteSizeLong(), 6'000u);
}

TEST(MakeStatus, CutsALongMessageBetweenCharacters) {
  std::string text = "a";  // puts the cut inside a character of two bytes
  for (int i = 0; i < 10'000; ++i) text += "æ";
  const absl::Status status = MakeStatus(absl::StatusCode::kNotFound, "X", text, {{"id", text}});
  EXPECT_THAT(std::string(status.message()), ::testing::EndsWith("æ…"));
  EXPECT_LT(ToRpcStatus(status).ByteSizeLong(), 2'000u);
}

TEST(ValidId, TakesReadableIdsOnly) {
  for (const char* id : {"kl-vvk-01", "a", "0", "e.1_2"}) EXPECT_TRUE(ValidId(id)) << id;
  for (const char* id : {"", "-a", "A", "æ", "a b", "a/b"}) EXPECT_FALSE(ValidId(id)) << id;
  EXPECT_TRUE(ValidId(std::string(64, 'a')));
  EXPECT_FALSE(ValidId(std::string(65, 'a')));
}

TEST(RequireDateRange, AsksForTheBeginning) {
  Violations violations;
  RequireDateRange(violations, "unit.", "", "soon");
  EXPECT_EQ(violations.list().size(), 2u);
  EXPECT_EQ(violations.list()[0].field, "unit.valid_from");
  EXPECT_EQ(violations.list()[1].field, "unit.valid_to");
}

}  // namespace
}  // namespace klynge
