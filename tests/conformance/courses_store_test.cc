// The courses store on SQLite and on PostgreSQL: what is stored is what is loaded, whole or piece
// by piece.
#include "services/courses/courses_store.h"

#include <gmock/gmock.h>

#include "klynge/migrations/courses.h"
#include "services/courses/courses_test_support.h"
#include "services/courses/unit_uses.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"
#include "tests/support/unit_uses_text.h"

namespace klynge::courses {
namespace {

using ::klynge::testing::IsOk;
using testing::Enrolment;
using testing::Programme;
using testing::SeminarSession;

using Model = std::shared_ptr<const CoursesModel>;

class CoursesStoreTest : public klynge::testing::EngineTest {
 protected:
  CoursesStoreTest() : database_(Open(Migrations())) {
    Write([](sql::WriteTransaction& transaction) {
      return StoreProgramme(transaction, Programme());
    });
  }

  int64_t Write(const std::function<absl::Status(sql::WriteTransaction&)>& body) {
    auto revision = database_->Write({"test"}, body);
    EXPECT_THAT(revision, IsOk());
    return revision.value_or(0);
  }

  Model Load(const Model& previous = nullptr, int64_t previous_revision = 0) {
    Model model;
    EXPECT_THAT(database_->Read(absl::Now() + absl::Seconds(10),
                                [&](sql::Session& session) -> absl::Status {
                                  auto loaded = LoadCourses(session, previous, previous_revision);
                                  if (loaded.ok()) model = *loaded;
                                  return loaded.status();
                                }),
                IsOk());
    return model;
  }

  static absl::Status StoreTwoSessions(sql::WriteTransaction& transaction) {
    return StoreSessions(
        transaction, "uddannelse",
        {SeminarSession("dag-1-hold-1", "dag-1", "2021-11-02", {"kl-a-1", "kl-b-1"}),
         SeminarSession("dag-2-hold-1", "dag-2", "2022-02-01", {"kl-a-1"})});
  }

  std::unique_ptr<sql::Database> database_;
};
KLYNGE_ON_BOTH_ENGINES(CoursesStoreTest);

TEST_P(CoursesStoreTest, KeepsAProgrammeAsItWas) {
  auto programme = Load()->Find("uddannelse")->programme;
  EXPECT_FALSE(programme.etag().empty());
  programme.clear_etag();
  EXPECT_EQ(programme.SerializeAsString(), Programme().SerializeAsString());
}

TEST_P(CoursesStoreTest, TellsWhatRefersToAUnitFromWhatIsStored) {
  Write([](sql::WriteTransaction& transaction) -> absl::Status {
    KLYNGE_RETURN_IF_ERROR(StoreEnrolment(transaction, Enrolment("kl-a-1", "omr-a", 2)));
    KLYNGE_RETURN_IF_ERROR(StoreVenues(transaction, {testing::Venue("sal-1", 30, "kl-a-1")}));
    return StoreTwoSessions(transaction);
  });
  rpc::UnitUses uses = UsesOf({{"kl-a-1"}, Date(2022, 1, 1)}, *Load());
  rpc::SortUses(uses, "");
  EXPECT_THAT(
      klynge::testing::Lines(uses),
      ::testing::ElementsAre("kl-a-1 enrolment uddannelse/kl-a-1 active 2021-09-01–2024-01-01",
                             "kl-a-1 session uddannelse/dag-2-hold-1 planned 2022-02-01–2022-02-02",
                             "kl-a-1 venue sal-1 active –"));
}

TEST_P(CoursesStoreTest, KeepsAnEnrolmentWithItsLeaders) {
  auto enrolment = Enrolment("kl-a-1", "omr-a", 2);
  enrolment.mutable_leaders(0)->set_role("pedagogical_leader");
  enrolment.mutable_leaders(0)->add_unit_ids("e-1");
  enrolment.mutable_leaders(0)->add_unit_ids("e-2");
  enrolment.mutable_enrolled_at()->set_seconds(1'630'000'000);
  enrolment.mutable_enrolled_at()->set_nanos(123'456'000);
  Write([&](sql::WriteTransaction& transaction) { return StoreEnrolment(transaction, enrolment); });
  const Model model = Load();
  ASSERT_EQ(model->Find("uddannelse")->enrolments.size(), 1u);
  EXPECT_EQ(model->Find("uddannelse")->enrolments[0].SerializeAsString(),
            enrolment.SerializeAsString());
}

TEST_P(CoursesStoreTest, KeepsAWithdrawalBesideALaterEnrolment) {
  auto gone = Enrolment("kl-a-1", "omr-a", 2);
  gone.set_state(v1::ENROLMENT_STATE_WITHDRAWN);
  gone.set_withdrawn_on("2022-01-01");
  gone.set_withdrawal_reason("Klyngen deles; \"æøå\"");
  auto back = Enrolment("kl-a-1", "omr-a", 3);
  back.set_team_as_of("2022-06-01");
  Write([&](sql::WriteTransaction& transaction) {
    EXPECT_THAT(StoreEnrolment(transaction, back), IsOk());
    return StoreEnrolment(transaction, gone);
  });
  const Model model = Load();
  const auto& enrolments = model->Find("uddannelse")->enrolments;
  ASSERT_EQ(enrolments.size(), 2u);
  EXPECT_EQ(enrolments[0].withdrawal_reason(), gone.withdrawal_reason());
  EXPECT_EQ(enrolments[0].state(), v1::ENROLMENT_STATE_WITHDRAWN);
  EXPECT_EQ(enrolments[1].leaders_size(), 3);
}

TEST_P(CoursesStoreTest, KeepsSessionsAttendanceAndConversations) {
  v1::LearningConversation conversation;
  conversation.set_programme_id("uddannelse");
  conversation.set_cluster_id("kl-a-1");
  conversation.set_number(1);
  conversation.set_held_on("2022-03-01");
  conversation.add_participant_roles("area_chief");
  conversation.set_agreed_steps("To linjer\nog æøå");
  Write([&](sql::WriteTransaction& transaction) {
    EXPECT_THAT(StoreTwoSessions(transaction), IsOk());
    EXPECT_THAT(StoreMarks(transaction, "uddannelse",
                           {{"dag-1-hold-1", "p-1", {"kl-a-1", v1::ATTENDANCE_STATE_EXCUSED}}}),
                IsOk());
    return StoreConversation(transaction, conversation);
  });
  const Model model = Load();
  const ProgrammeRecord& record = *model->Find("uddannelse");
  ASSERT_EQ(record.sessions.size(), 2u);
  EXPECT_EQ(record.sessions[0].cluster_ids_size(), 2);
  EXPECT_EQ(record.attendance.at("dag-1-hold-1").at("p-1").state, v1::ATTENDANCE_STATE_EXCUSED);
  EXPECT_EQ(record.conversations.at(0).SerializeAsString(), conversation.SerializeAsString());
}

TEST_P(CoursesStoreTest, EndsASessionAfterTheDaysThatItsSeminarDayTakes) {
  Write([](sql::WriteTransaction& transaction) -> absl::Status {
    auto programme = Programme();
    programme.mutable_activities(0)->mutable_seminar_days(1)->set_days(3);
    KLYNGE_RETURN_IF_ERROR(StoreProgramme(transaction, programme));
    return StoreTwoSessions(transaction);
  });
  const Model model = Load();
  const auto& sessions = model->Find("uddannelse")->sessions;
  EXPECT_EQ(sessions[0].last_date(), "2021-11-02");
  EXPECT_EQ(sessions[1].last_date(), "2022-02-03");
}

TEST_P(CoursesStoreTest, CorrectsAMarkInsteadOfAddingOne) {
  Write(StoreTwoSessions);
  for (const auto state : {v1::ATTENDANCE_STATE_PRESENT, v1::ATTENDANCE_STATE_ABSENT}) {
    Write([&](sql::WriteTransaction& transaction) {
      return StoreMarks(transaction, "uddannelse", {{"dag-1-hold-1", "p-1", {"kl-a-1", state}}});
    });
  }
  const Model model = Load();
  EXPECT_EQ(model->Find("uddannelse")->attendance.at("dag-1-hold-1").size(), 1u);
  EXPECT_EQ(model->Find("uddannelse")->attendance.at("dag-1-hold-1").at("p-1").state,
            v1::ATTENDANCE_STATE_ABSENT);
}

TEST_P(CoursesStoreTest, RemovesOnlySeminarsWithoutAttendance) {
  Write([](sql::WriteTransaction& transaction) {
    EXPECT_THAT(StoreTwoSessions(transaction), IsOk());
    return StoreMarks(transaction, "uddannelse",
                      {{"dag-1-hold-1", "p-1", {"kl-a-1", v1::ATTENDANCE_STATE_PRESENT}}});
  });
  Write([](sql::WriteTransaction& transaction) {
    return RemovePlannedSeminars(transaction, "uddannelse");
  });
  const Model model = Load();
  ASSERT_EQ(model->Find("uddannelse")->sessions.size(), 1u);
  EXPECT_EQ(model->Find("uddannelse")->sessions[0].session_id(), "dag-1-hold-1");
}

TEST_P(CoursesStoreTest, TakesATeamOutOfLaterSessionsOnly) {
  Write(StoreTwoSessions);
  Write([](sql::WriteTransaction& transaction) {
    return RemoveTeamFromSessions(transaction, "uddannelse", "kl-a-1", "2022-01-01");
  });
  const Model model = Load();
  EXPECT_EQ(model->Find("uddannelse")->sessions[0].cluster_ids_size(), 2);
  EXPECT_EQ(model->Find("uddannelse")->sessions[1].cluster_ids_size(), 0);
}

TEST_P(CoursesStoreTest, LoadsOnlyTheProgrammesThatChanged) {
  auto other = Programme();
  other.set_programme_id("anden");
  const int64_t before =
      Write([&](sql::WriteTransaction& transaction) { return StoreProgramme(transaction, other); });
  const Model first = Load();
  Write([](sql::WriteTransaction& transaction) {
    auto venue = testing::Venue("sal-1", 30);
    venue.add_features("skaerm");
    EXPECT_THAT(StoreVenues(transaction, {venue}), IsOk());
    return StoreEnrolment(transaction, Enrolment("kl-a-1", "omr-a", 2));
  });
  const Model second = Load(first, before);
  EXPECT_EQ(second->Find("anden"), first->Find("anden"));
  EXPECT_NE(second->Find("uddannelse"), first->Find("uddannelse"));
  EXPECT_EQ(second->Find("uddannelse")->enrolments.size(), 1u);
  EXPECT_EQ(second->venues.at("sal-1").seats(), 30);
  EXPECT_THAT(second->venues.at("sal-1").features(), ::testing::ElementsAre("skaerm"));
  EXPECT_EQ(first->venues.size(), 0u);
}

}  // namespace
}  // namespace klynge::courses
