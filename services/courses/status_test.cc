#include "services/courses/status.h"

#include "services/courses/brief.h"
#include "services/courses/courses_test_support.h"
#include "services/courses/enrolment.h"
#include "services/courses/status_markdown.h"

namespace klynge::courses {
namespace {

using ::testing::AllOf;
using testing::City;
using ::testing::Contains;
using testing::D;
using testing::Enrolment;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Programme;
using testing::SeminarSession;

const Wording kDanish(v1::REPORT_LANGUAGE_DANISH);
const Wording kEnglish(v1::REPORT_LANGUAGE_ENGLISH);

class StatusTest : public ::testing::Test {
 protected:
  StatusTest() {
    record_.programme = Programme();
    record_.enrolments = {Enrolment("kl-a-1", "omr-a", 4), Enrolment("kl-b-1", "omr-b", 4)};
    record_.sessions = {
        SeminarSession("dag-1-hold-1", "dag-1", "2021-11-02", {"kl-a-1"}),
        SeminarSession("dag-1-hold-2", "dag-1", "2021-11-09", {"kl-b-1"}),
        SeminarSession("dag-2-hold-1", "dag-2", "2022-02-01", {"kl-a-1", "kl-b-1"})};
    for (int i = 1; i <= 4; ++i) {
      record_.attendance["dag-1-hold-1"][absl::StrCat("p-kl-a-1-", i)] = {
          "kl-a-1", i == 4 ? v1::ATTENDANCE_STATE_ABSENT : v1::ATTENDANCE_STATE_PRESENT};
    }
  }

  v1::ProgrammeStatus On(const char* day, const Wording& say = kDanish) const {
    return MakeStatus(record_, tree_.get(), D(day), say);
  }

  ProgrammeRecord record_;
  std::shared_ptr<const organisation::Tree> tree_ = City().BuildTree();
};

TEST_F(StatusTest, CountsASeminarDayAsHeldOnceItsLastCohortHasBeen) {
  EXPECT_EQ(On("2021-11-08").activities(0).held(), 0);
  EXPECT_EQ(On("2021-11-09").activities(0).held(), 1);
  EXPECT_EQ(On("2021-11-09").activities(0).scheduled(), 2);
  EXPECT_EQ(On("2021-11-09").activities(0).planned(), 3);
}

TEST_F(StatusTest, CountsASessionOfSeveralDaysFromItsLastDay) {
  record_.sessions[2].set_last_date("2022-02-03");
  EXPECT_EQ(On("2022-02-02").activities(0).held(), 1);
  EXPECT_EQ(On("2022-02-03").activities(0).held(), 2);
  EXPECT_EQ(On("2022-02-02").attendance().not_recorded(), 4);
  EXPECT_EQ(On("2022-02-03").attendance().not_recorded(), 12);
  EXPECT_EQ(On("2022-02-03").activities(0).last_date(), "2022-02-03");
  EXPECT_EQ(Participation(record_, "kl-a-1", "2022-02-02").seminar_days_held(), 1);
  EXPECT_EQ(Participation(record_, "kl-a-1", "2022-02-02").next_session_on(), "");
  EXPECT_EQ(Participation(record_, "kl-a-1", "2022-02-03").seminar_days_held(), 2);
}

TEST_F(StatusTest, RatesAttendanceOfWhatHasBeenHeld) {
  const auto status = On("2021-11-02");
  EXPECT_DOUBLE_EQ(status.attendance().rate(), 0.75);
  EXPECT_EQ(status.attendance().not_recorded(), 0);
}

TEST_F(StatusTest, CountsClustersOfAnAreaAgainstThoseEnrolled) {
  const auto status = On("2021-11-02");
  EXPECT_EQ(status.areas(0).clusters_total(), 4);
  EXPECT_EQ(status.areas(0).clusters_enrolled(), 1);
  EXPECT_EQ(status.areas(0).leaders_enrolled(), 4);
  EXPECT_EQ(status.places().taken(), 8);
}

TEST_F(StatusTest, ShowsTheTeamsOfTheDayAskedFor) {
  record_.enrolments[0].set_withdrawn_on("2022-01-01");
  EXPECT_EQ(On("2021-12-31").places().taken(), 8);
  EXPECT_EQ(On("2022-01-01").places().taken(), 4);
}

TEST_F(StatusTest, PlansTwoConversationsForEachTeam) {
  v1::LearningConversation held;
  held.set_cluster_id("kl-a-1");
  held.set_number(1);
  held.set_held_on("2021-12-01");
  record_.conversations.push_back(held);
  const auto status = On("2021-12-01");
  EXPECT_EQ(status.activities(2).planned(), 4);
  EXPECT_EQ(status.activities(2).held(), 1);
}

TEST_F(StatusTest, NamesWhatIsStillOpen) {
  const auto status = On("2021-11-02");
  const std::vector<std::string> open(status.open_questions().begin(),
                                      status.open_questions().end());
  EXPECT_THAT(open, Contains(HasSubstr("Form er ikke fastlagt.")));
  EXPECT_THAT(open, Contains("Aktivitet seminarer: 1 af 3 har endnu ingen dato."));
  EXPECT_THAT(open, Contains(HasSubstr("mindst 1 forventes, 0 er tilmeldt")));
}

TEST_F(StatusTest, HoldsWithoutTheOrganisation) {
  const auto status = MakeStatus(record_, nullptr, D("2021-11-02"), kDanish);
  EXPECT_EQ(status.areas(0).name(), "omr-a");
  EXPECT_EQ(status.areas(0).clusters_total(), 0);
  EXPECT_EQ(status.areas(0).clusters_enrolled(), 1);
}

TEST_F(StatusTest, ReadsAsADocumentInBothLanguages) {
  const std::string danish = StatusMarkdown(On("2021-11-09"), kDanish);
  EXPECT_THAT(danish, AllOf(HasSubstr("# Status: Ledelsesuddannelse"),
                            HasSubstr("Opgjort pr. 9. november 2021."),
                            HasSubstr("8 af 20 pladser er besat af 2 hele ledelsesteam."),
                            HasSubstr("Der er afsat midler i Budget 2021"),
                            HasSubstr("## Stadig under afklaring")));
  const std::string english = StatusMarkdown(On("2021-11-09", kEnglish), kEnglish);
  EXPECT_THAT(english, AllOf(HasSubstr("# Status: Leadership education"),
                             HasSubstr("8 of 20 places are taken by 2 whole leadership teams."),
                             HasSubstr("from 1 September 2021 to 31 December 2023"),
                             Not(HasSubstr("Områder"))));
}

TEST_F(StatusTest, NamesAMissingPartWithItsReason) {
  auto status = On("2021-11-09");
  auto& part = *status.add_parts();
  part.set_source("observations");
  part.set_state(v1::PART_STATE_MISSING);
  part.set_reason("the observations service can't be reached");
  EXPECT_THAT(
      StatusMarkdown(status, kEnglish),
      AllOf(HasSubstr("## Missing from this report"),
            HasSubstr("**Observations** missing: the observations service can't be reached")));
}

TEST_F(StatusTest, ShowsQualityBeforeAndAfterWithoutSmallGroups) {
  auto status = On("2021-11-09");
  auto& better = *status.add_quality();
  better.set_unit_id("omr-a");
  better.set_label("Læringsmiljø (1–7)");
  better.set_mean_before(4.2);
  better.set_mean_after(4.9);
  better.set_standard_error(0.1);
  auto& hidden = *status.add_quality();
  hidden.set_unit_id("omr-b");
  hidden.set_label("Læringsmiljø (1–7)");
  hidden.set_suppressed(true);
  EXPECT_THAT(StatusMarkdown(status, kDanish),
              AllOf(HasSubstr("| Enhed omr-a | Læringsmiljø (1–7) | 4,20 | 4,90 | +0,70 |"),
                    HasSubstr("| Enhed omr-b | Læringsmiljø (1–7) | få | få | – |")));
}

TEST_F(StatusTest, BriefsOnOneTeam) {
  const auto participation = Participation(record_, "kl-a-1", "2021-11-09");
  EXPECT_EQ(participation.seminar_days_held(), 1);
  EXPECT_EQ(participation.seminar_days_planned(), 3);
  EXPECT_EQ(participation.next_session_on(), "2022-02-01");
  EXPECT_DOUBLE_EQ(participation.attendance().rate(), 0.75);
  v1::LearningConversationBrief brief;
  brief.set_cluster_id("kl-a-1");
  brief.set_as_of("2021-11-09");
  *brief.mutable_participation() = participation;
  EXPECT_THAT(BriefMarkdown(brief, kDanish),
              AllOf(HasSubstr("# Oplæg til læringssamtale: kl-a-1"),
                    HasSubstr("1 af 3 seminardage er holdt; fremmødet er 75 %."),
                    HasSubstr("Læringssamtaler holdt: 0 af 2.")));
}

// kl-a-1 and kl-a-2 go on in kl-a-9 on 2022-08-01.
class MergedStatusTest : public StatusTest {
 protected:
  MergedStatusTest() {
    organisation::testing::OrganisationBuilder city;
    city.Unit("buf", "administration", "")
        .Unit("omr-a", "area", "buf")
        .Unit("omr-b", "area", "buf");
    city.Unit("kl-a-1", "cluster", "omr-a", "2020-01-01", "2022-08-01");
    city.Unit("kl-a-2", "cluster", "omr-a", "2020-01-01", "2022-08-01");
    city.Unit("kl-a-9", "cluster", "omr-a", "2022-08-01").Unit("kl-b-1", "cluster", "omr-b");
    city.Succeed("kl-a-1", "kl-a-9", "2022-08-01").Succeed("kl-a-2", "kl-a-9", "2022-08-01");
    tree_ = city.BuildTree();
    record_.enrolments = {Enrolment("kl-a-1", "omr-a", 4), Enrolment("kl-a-2", "omr-a", 3)};
  }
};

TEST_F(MergedStatusTest, CountsAMergedClusterOnceAndEveryLeaderOfItsTeams) {
  EXPECT_EQ(On("2022-07-31").areas(0).clusters_enrolled(), 2);
  EXPECT_EQ(On("2022-07-31").areas(0).clusters_total(), 2);
  const auto after = On("2022-08-01");
  EXPECT_EQ(after.areas(0).clusters_enrolled(), 1);
  EXPECT_EQ(after.areas(0).clusters_total(), 1);
  EXPECT_EQ(after.areas(0).leaders_enrolled(), 7);
  EXPECT_EQ(after.places().taken(), 7);
}

TEST_F(MergedStatusTest, CountsALeaderOnceWhoIsInTheNewTeamToo) {
  v1::Enrolment merged = Enrolment("kl-a-9", "omr-a", 0);
  merged.set_team_as_of("2022-08-01");
  for (const auto& old : record_.enrolments) merged.mutable_leaders()->MergeFrom(old.leaders());
  record_.enrolments.push_back(merged);
  EXPECT_EQ(On("2022-08-01").areas(0).clusters_enrolled(), 1);
  EXPECT_EQ(On("2022-08-01").areas(0).leaders_enrolled(), 7);
  EXPECT_EQ(On("2022-08-01").places().taken(), 7);
  // Also when the old teams leave on that day.
  for (int i = 0; i < 2; ++i) record_.enrolments[i].set_withdrawn_on("2022-08-01");
  EXPECT_EQ(On("2022-07-31").places().taken(), 7);
  EXPECT_EQ(On("2022-08-01").places().taken(), 7);
  EXPECT_EQ(PlacesFrom(record_, "2022-07-31").taken(), 7);
}

}  // namespace
}  // namespace klynge::courses
