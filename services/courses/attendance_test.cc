#include "services/courses/attendance.h"

#include "services/courses/courses_test_support.h"
#include "services/platform/rpc/status.h"

namespace klynge::courses {
namespace {

using testing::D;
using testing::Enrolment;
using testing::Programme;
using testing::SeminarSession;

// Only sessions that are not for teams ask who is known.
const absl::Status kAway = absl::UnavailableError("away");

class AttendanceTest : public ::testing::Test {
 protected:
  AttendanceTest() {
    record_.programme = Programme();
    record_.enrolments = {Enrolment("kl-a-1", "omr-a", 4), Enrolment("kl-a-2", "omr-a", 2)};
    record_.sessions = {
        SeminarSession("dag-1-hold-1", "dag-1", "2021-11-02", {"kl-a-1", "kl-a-2"})};
  }

  static v1::RecordAttendanceRequest Row(const std::string& person, const std::string& cluster) {
    v1::RecordAttendanceRequest row;
    row.set_programme_id("uddannelse");
    row.set_session_id("dag-1-hold-1");
    row.set_person_id(person);
    row.set_cluster_id(cluster);
    row.set_state(v1::ATTENDANCE_STATE_PRESENT);
    return row;
  }

  void Mark(const std::string& person, v1::AttendanceState state) {
    record_.attendance["dag-1-hold-1"][person] = {"kl-a-1", state};
  }

  v1::AttendanceRate Rate() const {
    AttendanceCount count;
    count.Add(record_, record_.sessions[0]);
    return count.Rate();
  }

  ProgrammeRecord record_;
};

TEST_F(AttendanceTest, MarksEveryLeaderOfATeamAtOnce) {
  auto marks = MarksOf(record_, Row("", "kl-a-1"), kAway, D("2021-11-02"));
  ASSERT_TRUE(marks.ok()) << marks.status();
  EXPECT_EQ(marks->size(), 4u);
}

TEST_F(AttendanceTest, MarksOnePerson) {
  auto marks = MarksOf(record_, Row("p-kl-a-2-1", ""), kAway, D("2021-11-02"));
  ASSERT_TRUE(marks.ok()) << marks.status();
  ASSERT_EQ(marks->size(), 1u);
  EXPECT_EQ((*marks)[0].mark.cluster_id, "kl-a-2");
}

TEST_F(AttendanceTest, RefusesWhoIsNotEnrolled) {
  EXPECT_EQ(ReasonOf(MarksOf(record_, Row("p-fremmed", ""), kAway, D("2021-11-02")).status()),
            "NOT_ENROLLED");
}

TEST_F(AttendanceTest, RefusesATeamThatHasLeft) {
  record_.enrolments[0].set_withdrawn_on("2021-11-01");
  EXPECT_EQ(ReasonOf(MarksOf(record_, Row("", "kl-a-1"), kAway, D("2021-11-02")).status()),
            "NOT_ENROLLED");
}

TEST_F(AttendanceTest, RefusesASessionThatIsYetToCome) {
  EXPECT_EQ(ReasonOf(MarksOf(record_, Row("", "kl-a-1"), kAway, D("2021-11-01")).status()),
            "WRONG_DAY");
}

TEST_F(AttendanceTest, ListsEveryBadFieldOfARow) {
  v1::RecordAttendanceRequest row;
  row.set_person_id("p");
  row.set_cluster_id("kl");
  const auto marks = MarksOf(record_, row, kAway, D("2021-11-02"));
  std::vector<std::string> fields;
  for (const auto& violation : FieldViolationsOf(marks.status())) fields.push_back(violation.field);
  EXPECT_THAT(fields, ::testing::ElementsAre("session_id", "state", "person_id"));
}

TEST_F(AttendanceTest, RatesThosePresentOfThoseRecorded) {
  Mark("p-kl-a-1-1", v1::ATTENDANCE_STATE_PRESENT);
  Mark("p-kl-a-1-2", v1::ATTENDANCE_STATE_PRESENT);
  Mark("p-kl-a-1-3", v1::ATTENDANCE_STATE_EXCUSED);
  Mark("p-kl-a-1-4", v1::ATTENDANCE_STATE_ABSENT);
  const auto rate = Rate();
  EXPECT_DOUBLE_EQ(rate.rate(), 0.5);
  EXPECT_EQ(rate.not_recorded(), 2);
}

TEST_F(AttendanceTest, HasNoRateBeforeAnythingIsRecorded) {
  EXPECT_EQ(Rate().rate(), 0.0);
  EXPECT_EQ(Rate().not_recorded(), 6);
}

TEST_F(AttendanceTest, KnowsConsultantsFromTheOrganisation) {
  v1::Session session;
  session.set_session_id("konsulenter-1");
  session.set_activity_id("konsulenter");
  session.set_date("2021-10-05");
  record_.sessions.push_back(session);
  const organisation::CurrentTree city{testing::City().BuildTree(), absl::OkStatus()};
  auto row = Row("p-konsulent-1", "");
  row.set_session_id("konsulenter-1");
  EXPECT_TRUE(MarksOf(record_, row, city, D("2021-11-02")).ok());
  row.set_person_id("p-fremmed");
  EXPECT_EQ(ReasonOf(MarksOf(record_, row, city, D("2021-11-02")).status()), "NOT_ENROLLED");
  // Who is not known may have come since.
  const organisation::CurrentTree old{city.tree, kAway};
  EXPECT_EQ(MarksOf(record_, row, old, D("2021-11-02")).status(), kAway);
  EXPECT_EQ(MarksOf(record_, row, kAway, D("2021-11-02")).status(), kAway);
}

}  // namespace
}  // namespace klynge::courses
