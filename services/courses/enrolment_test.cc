#include "services/courses/enrolment.h"

#include "services/courses/courses_test_support.h"
#include "services/platform/rpc/status.h"

namespace klynge::courses {
namespace {

using testing::City;
using testing::D;
using testing::Enrolment;
using ::testing::HasSubstr;
using testing::Programme;

ProgrammeRecord RecordWith(std::vector<v1::Enrolment> enrolments, int capacity = 20) {
  ProgrammeRecord record;
  record.programme = Programme(capacity);
  record.enrolments = std::move(enrolments);
  return record;
}

TEST(ReadTeam, TakesTheLeaderAndEveryPedagogicalLeader) {
  const auto tree = City().BuildTree();
  auto enrolment = ReadTeam(Programme(), *tree, "kl-a-1", D("2021-09-01"));
  ASSERT_TRUE(enrolment.ok()) << enrolment.status();
  EXPECT_EQ(enrolment->leaders_size(), 4);
  EXPECT_EQ(enrolment->leaders(0).person_id(), "p-kl-a-1");
  EXPECT_EQ(enrolment->leaders(0).role(), "cluster_leader");
  EXPECT_EQ(enrolment->area_id(), "omr-a");
}

TEST(ReadTeam, TakesANetworkThatHasNoClusterLeader) {
  const auto tree = City().BuildTree();
  auto enrolment = ReadTeam(Programme(), *tree, "net-a-1", D("2021-09-01"));
  ASSERT_TRUE(enrolment.ok()) << enrolment.status();
  EXPECT_EQ(enrolment->leaders_size(), 2);
  EXPECT_EQ(enrolment->unit_kind(), "self_owned_network");
}

TEST(ReadTeam, ReadsTheTeamOfTheDayAskedFor) {
  auto city = City(1, 1);
  city.Someone("p-ny").Assign("p-ny", "pedagogical_leader", "e-kl-a-1-1", "2022-01-01");
  const auto tree = city.BuildTree();
  EXPECT_EQ(ReadTeam(Programme(), *tree, "kl-a-1", D("2021-12-31"))->leaders_size(), 2);
  EXPECT_EQ(ReadTeam(Programme(), *tree, "kl-a-1", D("2022-01-01"))->leaders_size(), 3);
}

TEST(ReadTeam, CountsALeaderOfTwoUnitsOnce) {
  auto city = City(1, 2);
  city.Assign("p-kl-a-1-1", "pedagogical_leader", "e-kl-a-1-2");
  auto enrolment = ReadTeam(Programme(), *city.BuildTree(), "kl-a-1", D("2021-09-01"));
  ASSERT_TRUE(enrolment.ok());
  EXPECT_EQ(enrolment->leaders_size(), 3);
}

TEST(ReadTeam, RefusesWhatIsNoTeamOfTheAreas) {
  const auto tree = City().BuildTree();
  const Date day = D("2021-09-01");
  const auto reason = [&](const char* id) {
    return ReasonOf(ReadTeam(Programme(), *tree, id, day).status());
  };
  EXPECT_EQ(reason("findes-ikke"), "CLUSTER_NOT_FOUND");
  EXPECT_EQ(reason("e-kl-a-1-1"), "NOT_A_TEAM");
  EXPECT_EQ(reason("kl-c-1"), "OUTSIDE_AREAS");
  EXPECT_EQ(reason("kl-a-tom"), "TEAM_EMPTY");
}

TEST(CheckEnrolment, AcceptsATeamThatJustFits) {
  const auto record = RecordWith({Enrolment("kl-a-1", "omr-a", 16)});
  EXPECT_TRUE(CheckEnrolment(record, Enrolment("kl-a-2", "omr-a", 4)).ok());
}

TEST(CheckEnrolment, RefusesAWholeTeamWhenOneLeaderHasNoPlace) {
  const auto record = RecordWith({Enrolment("kl-a-1", "omr-a", 17)});
  const absl::Status refused = CheckEnrolment(record, Enrolment("kl-a-2", "omr-a", 4));
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(refused), "CAPACITY_EXCEEDED");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("only 3 of 20 places are free"));
}

TEST(CheckEnrolment, RefusesATeamTwice) {
  const auto record = RecordWith({Enrolment("kl-a-1", "omr-a", 4)});
  const absl::Status refused = CheckEnrolment(record, Enrolment("kl-a-1", "omr-a", 4));
  EXPECT_EQ(refused.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(refused), "ALREADY_ENROLLED");
}

TEST(CheckEnrolment, RefusesALeaderWhoIsEnrolledWithAnotherTeam) {
  auto other = Enrolment("kl-a-2", "omr-a", 2);
  other.mutable_leaders(0)->set_person_id("p-kl-a-1-1");
  const auto record = RecordWith({Enrolment("kl-a-1", "omr-a", 2)});
  EXPECT_EQ(ReasonOf(CheckEnrolment(record, other)), "ALREADY_ENROLLED");
}

TEST(CheckEnrolment, GivesTheirPlacesToOthersOnceATeamHasLeft) {
  auto gone = Enrolment("kl-a-1", "omr-a", 20);
  gone.set_state(v1::ENROLMENT_STATE_WITHDRAWN);
  gone.set_withdrawn_on("2022-01-01");
  const auto record = RecordWith({gone});
  auto before = Enrolment("kl-a-2", "omr-a", 4);
  before.set_team_as_of("2021-12-31");
  auto after = Enrolment("kl-a-2", "omr-a", 4);
  after.set_team_as_of("2022-01-01");
  EXPECT_EQ(ReasonOf(CheckEnrolment(record, before)), "CAPACITY_EXCEEDED");
  EXPECT_TRUE(CheckEnrolment(record, after).ok());
}

TEST(CheckEnrolment, LetsATeamComeBackAfterItLeft) {
  auto gone = Enrolment("kl-a-1", "omr-a", 4);
  gone.set_state(v1::ENROLMENT_STATE_WITHDRAWN);
  gone.set_withdrawn_on("2022-01-01");
  auto back = Enrolment("kl-a-1", "omr-a", 4);
  back.set_team_as_of("2022-06-01");
  EXPECT_TRUE(CheckEnrolment(RecordWith({gone}), back).ok());
}

v1::Enrolment ReadAnew(int leaders, const std::string& day) {
  auto fresh = Enrolment("kl-a-1", "omr-a", leaders);
  fresh.set_team_as_of(day);
  return fresh;
}

TEST(Replace, TellsWhoCameAndWhoWent) {
  const auto record = RecordWith({Enrolment("kl-a-1", "omr-a", 3)});
  auto fresh = ReadAnew(3, "2022-08-01");
  fresh.mutable_leaders(2)->set_person_id("p-ny");
  const auto team = Replace(record, record.enrolments[0], fresh);
  ASSERT_TRUE(team.ok()) << team.status();
  EXPECT_THAT(team->joined, ::testing::ElementsAre("p-ny"));
  EXPECT_THAT(team->left, ::testing::ElementsAre("p-kl-a-1-3"));
  EXPECT_EQ(team->ended.withdrawn_on(), "2022-08-01");
}

TEST(Replace, LetsAFullProgrammeChangeALeaderButNotGrow) {
  const auto record = RecordWith({Enrolment("kl-a-1", "omr-a", 3)}, 3);
  EXPECT_TRUE(Replace(record, record.enrolments[0], ReadAnew(3, "2022-08-01")).ok());
  EXPECT_EQ(ReasonOf(Replace(record, record.enrolments[0], ReadAnew(4, "2022-08-01")).status()),
            "CAPACITY_EXCEEDED");
}

TEST(Replace, ExpectsTheNewTeamFromThatDayOn) {
  auto record = RecordWith({Enrolment("kl-a-1", "omr-a", 3)});
  record.sessions = {testing::SeminarSession("dag-1-hold-1", "dag-1", "2021-11-02", {"kl-a-1"}),
                     testing::SeminarSession("dag-2-hold-1", "dag-2", "2022-09-01", {"kl-a-1"})};
  const auto team = Replace(record, record.enrolments[0], ReadAnew(5, "2022-08-01"));
  ASSERT_TRUE(team.ok()) << team.status();
  ASSERT_EQ(team->sessions.size(), 1u);
  EXPECT_EQ(team->sessions[0].session_id(), "dag-2-hold-1");
  EXPECT_EQ(team->sessions[0].expected_count(), 5);
}

}  // namespace
}  // namespace klynge::courses
