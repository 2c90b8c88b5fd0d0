// What watchers hear of the days on which things begin and end.
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
using ::testing::SizeIs;

// Noon in Copenhagen, but for an hour or two.
absl::Time Noon(absl::string_view day) {
  return absl::FromCivil(*ParseDate(day), absl::UTCTimeZone()) + absl::Hours(11);
}

// The role of p-kl-1 ends with the employment.
constexpr char kLeaderWent[] = "2021-09-04 ended a-p-kl-1-kl-vvk-01-2020-01-01";

class WatchEffectsTest : public ::testing::Test {
 protected:
  WatchEffectsTest() {
    Import(replica_.stub(), Messages(SmallCity().Build()));
    Import(replica_.stub(), {AssignmentMessage("a-kort", "p-pl-1", "pedagogical_leader",
                                               "e-vvk-02-01", "2021-09-02", "2021-09-04"),
                             EmploymentMessage("m-1", "p-kl-1", "2020-01-01", "2021-09-04"),
                             UnitMessage("e-ny", "nursery", "kl-vvk-02", "2021-09-04")});
  }

  // The day is given, since the clock may have moved on by the time the watch is served.
  v1::WatchOrganisationRequest Request(const std::string& effective_after = "2021-09-01") {
    v1::WatchOrganisationRequest request = WatchSince(2);
    request.set_effective_after(effective_after);
    return request;
  }

  TemporaryDirectory directory_;
  const std::string url_ = "sqlite:" + directory_.path() + "/organisation.db";
  Replica replica_{url_, {.heartbeat = absl::Milliseconds(100)}};  // on 1 September 2021
};

TEST_F(WatchEffectsTest, HearAtMidnightWhatBegins) {
  Watch watch(replica_, Request());
  EXPECT_EQ(watch.Next(), "checkpoint 2");
  EXPECT_EQ(watch.checkpoint().effective_date(), "2021-09-01");
  // Midnight in Copenhagen is at 22:00 UTC in summer.
  replica_.clock().Set(
      absl::FromCivil(absl::CivilSecond(2021, 9, 1, 21, 59, 59), absl::UTCTimeZone()));
  absl::SleepFor(absl::Milliseconds(1500));
  EXPECT_EQ(watch.Next(), "checkpoint 2");
  EXPECT_EQ(watch.checkpoint().effective_date(), "2021-09-01");
  replica_.clock().Advance(absl::Seconds(1));
  EXPECT_EQ(watch.NextNews(), "2021-09-02 began a-kort");
  EXPECT_EQ(watch.Next(), "checkpoint 2");
  EXPECT_EQ(watch.checkpoint().effective_date(), "2021-09-02");
}

TEST_F(WatchEffectsTest, TellWhatEndsBeforeWhatBegins) {
  Watch watch(replica_, Request("2021-09-02"));
  EXPECT_EQ(watch.Next(), "checkpoint 2");
  replica_.clock().Set(Noon("2021-09-04"));
  EXPECT_THAT(watch.Until(2, "2021-09-04"),
              ElementsAre("2021-09-04 ended a-kort", kLeaderWent, "2021-09-04 ended m-1",
                          "2021-09-04 began e-ny"));
}

TEST_F(WatchEffectsTest, CarryTheThingAndTheRevisionItIsOf) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  auto reader = replica_.stub().WatchOrganisation(&context, Request());
  replica_.clock().Set(Noon("2021-09-02"));
  v1::WatchOrganisationResponse message;
  while (reader->Read(&message) && !message.has_effect()) {
  }
  EXPECT_EQ(message.effect().kind(), v1::EFFECT_KIND_BEGAN);
  EXPECT_EQ(message.effect().revision(), 2);
  EXPECT_EQ(message.effect().thing().assignment().valid_to(), "2021-09-04");
  context.TryCancel();
  reader->Finish();
}

TEST_F(WatchEffectsTest, MakeUpForDaysThatWereMissedAfterARestart) {
  {
    Watch watch(replica_, Request());
    replica_.clock().Set(Noon("2021-09-02"));
    EXPECT_THAT(watch.Until(2, "2021-09-02"), SizeIs(1));
  }
  Replica restarted(url_, {.heartbeat = absl::Milliseconds(100)});
  restarted.clock().Set(Noon("2021-09-10"));
  Watch watch(restarted, Request("2021-09-02"));
  EXPECT_THAT(watch.Until(2, "2021-09-10"),
              ElementsAre("2021-09-04 ended a-kort", kLeaderWent, "2021-09-04 ended m-1",
                          "2021-09-04 began e-ny"));
}

TEST_F(WatchEffectsTest, ComeAfterTheChangesThatWereRegisteredBefore) {
  replica_.clock().Set(Noon("2021-09-05"));
  Import(replica_.stub(), {UnitMessage("e-sen", "nursery", "kl-vvk-02", "2021-09-05")});
  Watch watch(replica_, Request("2021-09-04"));
  EXPECT_EQ(watch.NextNews(), "e-sen");
  EXPECT_EQ(watch.NextNews(), "2021-09-05 began e-sen");
}

// As it is known by then: what was put right in time does not come on the wrong day.
TEST_F(WatchEffectsTest, FollowCorrections) {
  Watch watch(replica_, Request());
  Import(replica_.stub(), {AssignmentMessage("a-kort", "p-pl-1", "pedagogical_leader",
                                             "e-vvk-02-01", "2021-09-03", "2021-09-06")});
  EXPECT_THAT(watch.Until(3, "2021-09-01"), ElementsAre("a-kort"));
  replica_.clock().Set(Noon("2021-09-02"));
  EXPECT_THAT(watch.Until(3, "2021-09-02"), IsEmpty());
  replica_.clock().Set(Noon("2021-09-03"));
  EXPECT_THAT(watch.Until(3, "2021-09-03"), ElementsAre("2021-09-03 began a-kort"));
}

TEST_F(WatchEffectsTest, DoNotComeTwiceWhenTheClockIsPutRightAroundMidnight) {
  Watch watch(replica_, Request());
  replica_.clock().Set(Noon("2021-09-02") - absl::Hours(11) - absl::Hours(1));
  EXPECT_THAT(watch.Until(2, "2021-09-02"), SizeIs(1));
  for (int i = 0; i < 2; ++i) {
    replica_.clock().Advance(-absl::Hours(2));
    absl::SleepFor(absl::Milliseconds(1200));
    replica_.clock().Advance(absl::Hours(2));
    absl::SleepFor(absl::Milliseconds(1200));
  }
  replica_.clock().Set(Noon("2021-09-04"));
  EXPECT_THAT(watch.Until(2, "2021-09-04"), SizeIs(4));
}

TEST_F(WatchEffectsTest, ComeAgainWhenAClockThatWasFarAheadIsSetBack) {
  Watch watch(replica_, Request());
  replica_.clock().Set(Noon("2030-01-01"));
  EXPECT_THAT(watch.Until(2, "2030-01-01"), SizeIs(5));
  replica_.clock().Set(Noon("2021-09-01"));
  while (watch.checkpoint().effective_date() != "2021-09-01") {
    ASSERT_EQ(watch.Next(), "checkpoint 2");
  }
  replica_.clock().Set(Noon("2021-09-02"));
  EXPECT_THAT(watch.Until(2, "2021-09-02"), ElementsAre("2021-09-02 began a-kort"));
}

TEST_F(WatchEffectsTest, AreResumedFromADateThatAWrongClockSaid) {
  Watch watch(replica_, Request("2030-01-01"));
  EXPECT_EQ(watch.Next(), "checkpoint 2");
  EXPECT_EQ(watch.checkpoint().effective_date(), "2021-09-01");
}

TEST_F(WatchEffectsTest, AreFilteredLikeChanges) {
  v1::WatchOrganisationRequest request = Request();
  request.add_sorts("unit");
  Watch units(replica_, request);
  request.clear_sorts();
  request.set_subtree_of("kl-vvk-01");
  Watch cluster(replica_, request);
  replica_.clock().Set(Noon("2021-09-04"));
  EXPECT_THAT(units.Until(2, "2021-09-04"), ElementsAre("2021-09-04 began e-ny"));
  // The employment is of somebody who sits here; the other assignment and the unit are elsewhere.
  EXPECT_THAT(cluster.Until(2, "2021-09-04"), ElementsAre(kLeaderWent, "2021-09-04 ended m-1"));
}

// More than are sent at a time, to many at once.
TEST_F(WatchEffectsTest, ReachEveryoneAlsoWhenThereAreMany) {
  std::vector<Message> rows = {PersonMessage("p-ofte")};
  for (int i = 0; i < 600; ++i) {
    rows.push_back(EmploymentMessage(absl::StrCat("m-", 100 + i), "p-ofte",
                                     FormatDate(Date(2021, 10, 1) + 2 * i),
                                     FormatDate(Date(2021, 10, 2) + 2 * i)));
  }
  Import(replica_.stub(), rows);
  std::vector<std::unique_ptr<Watch>> watches;
  for (int i = 0; i < 20; ++i) watches.push_back(std::make_unique<Watch>(replica_, 3));
  for (const auto& watch : watches) EXPECT_EQ(watch->Next(), "checkpoint 3");
  replica_.clock().Set(Noon("2030-01-01"));
  const std::vector<std::string> first = watches[0]->Until(3, "2030-01-01");
  EXPECT_THAT(first, SizeIs(5 + 1'200));
  for (size_t i = 1; i < watches.size(); ++i) EXPECT_EQ(watches[i]->Until(3, "2030-01-01"), first);
}

TEST_F(WatchEffectsTest, AreAskedForByADate) {
  Watch watch(replica_, Request("i morgen"));
  EXPECT_EQ(watch.Next(), "the end");
  EXPECT_THAT(watch.Finish(), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

}  // namespace
}  // namespace klynge::organisation
