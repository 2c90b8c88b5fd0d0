// What operators can ask of a plan, and planning again after something has changed, through a real
// server.
#include <map>

#include "services/courses/courses_service_test_support.h"

namespace klynge::courses::testing {
namespace {

using ::klynge::testing::IsOk;
using ::klynge::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::map<std::string, std::string> ById(const v1::Timetable& timetable) {
  std::map<std::string, std::string> sessions;
  for (const auto& session : timetable.sessions()) {
    sessions[session.session_id()] = session.ShortDebugString();
  }
  return sessions;
}

class ReplanningTest : public ::testing::Test {
 protected:
  ReplanningTest() {
    EXPECT_THAT(client_.Create(Programme()), IsOk());
    for (const char* team : {"kl-a-1", "kl-a-2", "kl-b-1"})
      EXPECT_THAT(client_.Enrol(team), IsOk());
    client_.ImportResources();
    request_.set_programme_id("uddannelse");
    request_.set_seed(7);
    request_.mutable_time_limit()->set_seconds(20);
  }

  // Plans, and has the venue of the first session closed that day. The session.
  v1::Session PublishAndLoseAVenue() {
    EXPECT_THAT(client_.Plan(request_, &planned_), IsOk());
    const v1::Session lost = client_.Timetable().sessions(0);
    v1::ImportResourcesRequest row;
    *row.mutable_venue() = Venue(lost.venue_id(), 30);
    row.mutable_venue()->add_closed()->set_first_day(lost.date());
    EXPECT_EQ(client_.Import({row}).updated(), 1);
    request_.mutable_rules()->set_keep_published(true);
    return lost;
  }

  FakeClock clock_{absl::FromCivil(absl::CivilDay(2021, 9, 1), absl::UTCTimeZone())};
  klynge::testing::TemporaryDirectory directory_;
  Replica replica_{
      *sql::Database::Open({klynge::testing::NewDatabaseUrl(sql::Engine::kSqlite, directory_), 4},
                           Migrations(), &clock_),
      City().BuildTree(), clock_};
  Client client_{replica_};
  v1::PlanTimetableRequest request_;
  v1::PlannedTimetable planned_;
};

TEST_F(ReplanningTest, ChangesOnlyWhatItMustWhenAVenueIsLost) {
  const v1::Session lost = PublishAndLoseAVenue();
  const auto before = ById(client_.Timetable());
  ASSERT_THAT(client_.Plan(request_, &planned_), IsOk());
  std::vector<std::string> changed;
  for (const auto& [id, session] : ById(client_.Timetable())) {
    if (before.at(id) != session) changed.push_back(id);
  }
  EXPECT_THAT(changed, ElementsAre(lost.session_id()));
  EXPECT_EQ(client_.Timetable().sessions_size(), static_cast<int>(before.size()));
  const auto& stay = planned_.costs(planned_.costs_size() - 1);
  EXPECT_EQ(stay.wish(), "stay_published");
  EXPECT_EQ(stay.count(), 1);
  EXPECT_EQ(stay.cost(), 100);
}

TEST_F(ReplanningTest, SaysThatTheChangesAllowedWillNotDo) {
  PublishAndLoseAVenue();
  request_.mutable_rules()->set_max_changes(0);
  const auto refused = client_.Plan(request_, &planned_);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, "TIMETABLE_INFEASIBLE"));
  EXPECT_THAT(refused.error_message(), HasSubstr("max_changes"));
}

TEST_F(ReplanningTest, CostsNothingWhereNoWishWeighsAnything) {
  ASSERT_THAT(client_.Plan(request_, &planned_), IsOk());
  EXPECT_GT(planned_.cost(), 0);
  for (const auto& wish : planned_.costs()) {
    request_.mutable_rules()->add_weights()->set_wish(wish.wish());
  }
  ASSERT_THAT(client_.Plan(request_, &planned_), IsOk());
  EXPECT_EQ(planned_.cost(), 0);
}

}  // namespace
}  // namespace klynge::courses::testing
