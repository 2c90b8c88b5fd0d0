#include "services/courses/session_rules.h"

#include "services/courses/courses_test_support.h"
#include "services/platform/rpc/status.h"

namespace klynge::courses {
namespace {

using testing::Lecturer;
using testing::Programme;
using testing::Venue;

class SessionRules : public ::testing::Test {
 protected:
  SessionRules() {
    record_->programme = Programme();
    model_.venues = {{"sal-1", Venue("sal-1", 20)}};
    model_.lecturers = {{"u-1", Lecturer("u-1")}};
    session_.set_session_id("konsulenter-1");
    session_.set_activity_id("konsulenter");
    session_.set_date("2021-10-05");
    session_.set_venue_id("sal-1");
    session_.add_lecturer_ids("u-1");
    session_.set_expected_count(12);
  }

  absl::Status Check() {
    model_.programmes["uddannelse"] = record_;
    return CheckSession(model_, *record_, session_);
  }

  CoursesModel model_;
  std::shared_ptr<ProgrammeRecord> record_ = std::make_shared<ProgrammeRecord>();
  v1::Session session_;
};

TEST_F(SessionRules, AcceptAWorkingDayWithEverythingFree) { EXPECT_TRUE(Check().ok()); }

TEST_F(SessionRules, RefuseWeekendsAndPublicHolidays) {
  for (const char* day : {"2021-10-09", "2022-04-15", "2022-05-13", "2022-12-24"}) {
    session_.set_date(day);
    EXPECT_EQ(ReasonOf(Check()), "WRONG_DAY") << day;
  }
}

TEST_F(SessionRules, RefuseAVenueThatIsTakenThatDay) {
  v1::Session other = session_;
  other.set_session_id("konsulenter-2");
  other.clear_lecturer_ids();
  record_->sessions.push_back(other);
  EXPECT_EQ(ReasonOf(Check()), "RESOURCE_NOT_FREE");
}

TEST_F(SessionRules, RefuseALecturerWhoTeachesForDaysOn) {
  v1::Session other = session_;
  other.set_session_id("dag-1-hold-1");
  other.set_date("2021-10-04");
  other.set_last_date("2021-10-06");
  record_->sessions.push_back(other);
  for (const char* day : {"2021-10-04", "2021-10-05", "2021-10-06"}) {
    session_.set_date(day);
    EXPECT_EQ(ReasonOf(Check()), "RESOURCE_NOT_FREE") << day;
  }
  session_.set_date("2021-10-07");
  EXPECT_TRUE(Check().ok());
}

TEST_F(SessionRules, RefuseMoreThanTheVenueSeats) {
  session_.set_expected_count(21);
  EXPECT_EQ(ReasonOf(Check()), "RESOURCE_NOT_FREE");
}

TEST_F(SessionRules, LetASessionReplaceItself) {
  record_->sessions.push_back(session_);
  EXPECT_TRUE(Check().ok());
}

TEST_F(SessionRules, KeepTheDateOfASessionWithAttendance) {
  record_->sessions.push_back(session_);
  record_->attendance["konsulenter-1"]["p-1"] = {"", v1::ATTENDANCE_STATE_PRESENT};
  session_.set_date("2021-10-06");
  EXPECT_EQ(ReasonOf(Check()), "TIMETABLE_IN_USE");
}

TEST_F(SessionRules, LeaveSeminarDaysToThePlanner) {
  session_.set_activity_id("seminarer");
  session_.add_cluster_ids("kl-a-1");
  EXPECT_EQ(FieldViolationsOf(Check()).size(), 2u);
}

TEST_F(SessionRules, NoticeThatAVenueWasTakenMeanwhile) {
  auto other = std::make_shared<ProgrammeRecord>();
  other->sessions = {session_};
  model_.programmes["anden"] = other;
  EXPECT_EQ(ReasonOf(CheckStillFree(model_, "uddannelse", {session_})), "CHANGED_MEANWHILE");
  EXPECT_TRUE(CheckStillFree(model_, "anden", {}).ok());
  v1::Session days_before = session_;
  days_before.set_date("2021-10-04");
  EXPECT_TRUE(CheckStillFree(model_, "uddannelse", {days_before}).ok());
  days_before.set_last_date("2021-10-05");
  EXPECT_EQ(ReasonOf(CheckStillFree(model_, "uddannelse", {days_before})), "CHANGED_MEANWHILE");
}

}  // namespace
}  // namespace klynge::courses
