// Watches of a part: below a unit, and of some sorts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/watch_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::StatusIs;
using klynge::testing::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kToday[] = "2021-09-01";

class WatchFilterTest : public ::testing::Test {
 protected:
  WatchFilterTest() { Import(replica_.stub(), Messages(SmallCity().Build())); }

  static v1::WatchOrganisationRequest Below(const std::string& unit_id, int64_t since = 1) {
    v1::WatchOrganisationRequest request = WatchSince(since);
    request.set_subtree_of(unit_id);
    return request;
  }
  static v1::WatchOrganisationRequest Only(const std::string& sort, int64_t since = 1) {
    v1::WatchOrganisationRequest request = WatchSince(since);
    request.add_sorts(sort);
    return request;
  }
  grpc::Status Refusal(const v1::WatchOrganisationRequest& request) {
    Watch watch(replica_, request);
    EXPECT_EQ(watch.Next(), "the end");
    return watch.Finish();
  }

  TemporaryDirectory directory_;
  const std::string url_ = "sqlite:" + directory_.path() + "/organisation.db";
  Replica replica_{url_, {.heartbeat = absl::Milliseconds(100)}};
};

TEST_F(WatchFilterTest, LetsThroughWhatIsBelowTheUnitAndWhoSitsThere) {
  Watch watch(replica_, Below("kl-vvk-01", 0));
  EXPECT_THAT(
      watch.Until(1, kToday),
      UnorderedElementsAre("kl-vvk-01", "e-vvk-01-01", "e-vvk-01-02", "p-kl-1", "p-pl-1", "p-pl-2",
                           "a-p-kl-1-kl-vvk-01-2020-01-01", "a-p-pl-1-e-vvk-01-01-2020-01-01",
                           "a-p-pl-2-e-vvk-01-02-2020-01-01"));
}

TEST_F(WatchFilterTest, FollowsPositionsAndBodiesToTheirUnits) {
  Watch watch(replica_, Below("kl-vvk-01"));
  Message body, member, elsewhere;
  for (Message* row : {&body, &elsewhere}) {
    row->mutable_body()->set_kind("parents_board");
    row->mutable_body()->set_name("Forældrebestyrelse");
    row->mutable_body()->set_valid_from("2021-01-01");
  }
  body.mutable_body()->set_body_id("b-1");
  body.mutable_body()->set_unit_id("kl-vvk-01");
  elsewhere.mutable_body()->set_body_id("b-2");
  elsewhere.mutable_body()->set_unit_id("kl-vvk-02");
  member.mutable_body_membership()->set_membership_id("bm-1");
  member.mutable_body_membership()->set_body_id("b-1");
  member.mutable_body_membership()->set_person_id("p-foraelder");
  member.mutable_body_membership()->set_role("parent");
  member.mutable_body_membership()->set_valid_from("2021-01-01");
  Import(replica_.stub(),
         {PersonMessage("p-foraelder"), PersonMessage("p-anden"), body, elsewhere, member,
          PositionMessage("pos-1", "pedagogical_leader", "e-vvk-01-01", "2022-01-01"),
          PositionMessage("pos-2", "pedagogical_leader", "e-vvk-02-01", "2022-01-01"),
          SubstitutionMessage("s-1", "pos-1", "p-pl-3", "2022-01-01"),
          SubstitutionMessage("s-2", "pos-2", "p-pl-3", "2022-01-01")});
  EXPECT_THAT(watch.Until(2, kToday),
              UnorderedElementsAre("p-foraelder", "b-1", "bm-1", "pos-1", "s-1"));
}

// Who was told that something is here must be told that it is not.
TEST_F(WatchFilterTest, TellsThatSomethingWasTakenAway) {
  Watch from(replica_, Below("kl-vvk-01"));
  Watch to(replica_, Below("kl-vvk-02"));
  const std::string id = "a-p-pl-1-e-vvk-01-01-2020-01-01";
  Import(replica_.stub(), {AssignmentMessage(id, "p-pl-1", "pedagogical_leader", "e-vvk-02-01")});
  EXPECT_THAT(from.Until(2, kToday), ElementsAre(id));
  EXPECT_THAT(to.Until(2, kToday), ElementsAre(id));
  Import(replica_.stub(), {AssignmentMessage(id, "p-pl-1", "pedagogical_leader", "e-vvk-02-01",
                                             "2020-01-01", "2024-01-01")});
  EXPECT_THAT(from.Until(3, kToday), IsEmpty());
  EXPECT_THAT(to.Until(3, kToday), ElementsAre(id));
}

TEST_F(WatchFilterTest, GoesOnWithWhatWasBelowTheUnitForATime) {
  Watch old_home(replica_, Below("kl-vvk-01"));
  Watch new_home(replica_, Below("kl-vvk-02"));
  Import(replica_.stub(), {UnitMessage("e-vvk-01-01", "nursery", "kl-vvk-02", "2021-06-01")});
  Import(replica_.stub(), {UnitMessage("e-1", "club", "kl-vvk-01", "2021-06-01"),
                           EmploymentMessage("m-1", "p-pl-1")});
  EXPECT_THAT(old_home.Until(3, kToday), ElementsAre("e-vvk-01-01", "e-vvk-01-01", "e-1", "m-1"));
  EXPECT_THAT(new_home.Until(3, kToday), ElementsAre("e-vvk-01-01", "e-vvk-01-01", "m-1"));
}

TEST_F(WatchFilterTest, LetsThroughOnlyTheSortsAskedFor) {
  Watch watch(replica_, Only("person", 0));
  EXPECT_THAT(watch.Until(1, kToday),
              UnorderedElementsAre("p-kl-1", "p-kl-2", "p-pl-1", "p-pl-2", "p-pl-3"));
  v1::WatchOrganisationRequest both = Below("kl-vvk-01", 0);
  both.add_sorts("unit");
  Watch units(replica_, both);
  EXPECT_THAT(units.Until(1, kToday), ElementsAre("e-vvk-01-01", "e-vvk-01-02", "kl-vvk-01"));
}

TEST_F(WatchFilterTest, GoesOnWithCheckpointsThroughWhatIsNotWanted) {
  Watch watch(replica_, Only("employment"));
  EXPECT_EQ(watch.Next(), "checkpoint 1");
  for (int i = 0; i < 3; ++i) {
    Import(replica_.stub(), {PersonMessage(absl::StrCat("p-", i))});
  }
  EXPECT_THAT(watch.Until(4, kToday), IsEmpty());
}

// A long history of which nothing is wanted is not gone through from the beginning by who resumes.
TEST_F(WatchFilterTest, GivesCheckpointsWithinALongStretch) {
  for (int i = 0; i < 520; ++i) {
    Import(replica_.stub(), {PersonMessage(absl::StrCat("p-", i))});
  }
  Watch watch(replica_, Only("employment", 0));
  EXPECT_EQ(watch.ToCheckpoint().first, 0);
  EXPECT_GT(watch.checkpoint().revision(), 400);
  EXPECT_LT(watch.checkpoint().revision(), 521);
  EXPECT_THAT(watch.Until(521, kToday), IsEmpty());
}

TEST_F(WatchFilterTest, ResumesWhereItWasOnAnotherReplica) {
  v1::WatchOrganisationRequest request = Below("kl-vvk-02");
  {
    Watch watch(replica_, request);
    Import(replica_.stub(), {UnitMessage("e-1", "club", "kl-vvk-02")});
    EXPECT_THAT(watch.Until(2, kToday), ElementsAre("e-1"));
  }
  Import(replica_.stub(), {UnitMessage("e-2", "club", "kl-vvk-01")});
  Import(replica_.stub(), {UnitMessage("e-3", "club", "kl-vvk-02")});
  request.set_since_revision(2);
  Replica other(url_);
  Watch resumed(other, request);
  EXPECT_THAT(resumed.Until(4, kToday), ElementsAre("e-3"));
}

TEST_F(WatchFilterTest, ServesManyWithFiltersOfTheirOwn) {
  std::vector<std::unique_ptr<Watch>> clusters;
  std::vector<std::unique_ptr<Watch>> others;
  for (int i = 0; i < 25; ++i) {
    clusters.push_back(std::make_unique<Watch>(replica_, Below(i % 2 ? "kl-vvk-01" : "kl-vvk-02")));
    others.push_back(std::make_unique<Watch>(replica_, Only(i % 2 ? "unit" : "person")));
  }
  Import(replica_.stub(), {UnitMessage("e-1", "club", "kl-vvk-01"),
                           UnitMessage("e-2", "club", "kl-vvk-02"), PersonMessage("p-ny")});
  for (size_t i = 0; i < 25; ++i) {
    EXPECT_THAT(clusters[i]->Until(2, kToday), ElementsAre(i % 2 ? "e-1" : "e-2"));
    const auto news = others[i]->Until(2, kToday);
    EXPECT_THAT(news, i % 2
                          ? ::testing::Matcher<std::vector<std::string>>(ElementsAre("e-1", "e-2"))
                          : ::testing::Matcher<std::vector<std::string>>(ElementsAre("p-ny")));
  }
}

TEST_F(WatchFilterTest, RefusesUnitsAndSortsThatAreNotKnown) {
  EXPECT_THAT(Refusal(Below("e-findes-ikke")),
              StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
  EXPECT_THAT(Refusal(Only("people")),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

}  // namespace
}  // namespace klynge::organisation
