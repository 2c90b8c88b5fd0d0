#include "services/courses/programme.h"

#include "services/courses/courses_test_support.h"

namespace klynge::courses {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::Enrolment;
using ::testing::HasSubstr;
using testing::Programme;
using testing::SeminarSession;
using testing::Text;

std::vector<std::string> BadFields(const v1::Programme& programme) {
  Violations violations;
  CheckProgramme(programme, violations);
  std::vector<std::string> fields;
  for (const auto& violation : violations.list()) fields.push_back(violation.field);
  return fields;
}

TEST(CheckProgramme, AcceptsAValidOne) {
  EXPECT_THAT(BadFields(Programme()), ::testing::IsEmpty());
}

TEST(CheckProgramme, ListsEveryBadFieldAtOnce) {
  auto programme = Programme();
  programme.set_programme_id("Ikke Et Id");
  programme.set_last_day("2021-08-01");
  programme.set_capacity_leaders(0);
  programme.mutable_activities(0)->mutable_seminar_days(1)->set_theme_id("tema-9");
  const auto fields = BadFields(programme);
  EXPECT_THAT(fields, Contains("programme.programme_id"));
  EXPECT_THAT(fields, Contains("programme.last_day"));
  EXPECT_THAT(fields, Contains("programme.capacity_leaders"));
  EXPECT_THAT(fields, Contains("programme.activities[0].seminar_days[1].theme_id"));
}

TEST(CheckProgramme, WantsAsManySeminarDaysAsArePlanned) {
  auto programme = Programme();
  programme.mutable_activities(0)->set_planned_count(6);
  EXPECT_THAT(BadFields(programme), Contains("programme.activities[0].seminar_days"));
}

TEST(CheckProgramme, WantsFeaturesAsIdsEachOnce) {
  auto programme = Programme();
  auto& day = *programme.mutable_activities(0)->mutable_seminar_days(1);
  for (const char* feature : {"skaerm", "Gode stole", "skaerm"}) {
    day.add_required_features(feature);
  }
  EXPECT_THAT(BadFields(programme),
              ElementsAre("programme.activities[0].seminar_days[1].required_features[1]",
                          "programme.activities[0].seminar_days[1].required_features[2]"));
}

TEST(CheckProgramme, WantsASeminarDayToFitIntoAWeek) {
  auto programme = Programme();
  auto& days = *programme.mutable_activities(0)->mutable_seminar_days();
  days[0].set_days(5);
  days[1].set_days(6);
  days[2].set_days(-1);
  EXPECT_THAT(BadFields(programme), ElementsAre("programme.activities[0].seminar_days[1].days",
                                                "programme.activities[0].seminar_days[2].days"));
}

TEST(CheckProgramme, WantsToKnowWhatIsOpenAboutAnActivityToBeClarified) {
  auto programme = Programme();
  programme.mutable_activities(3)->clear_clarification();
  EXPECT_THAT(BadFields(programme), Contains("programme.activities[3].clarification.da"));
}

TEST(CheckProgramme, RefusesTheSameIdTwice) {
  auto programme = Programme();
  programme.mutable_themes(1)->set_theme_id("tema-1");
  EXPECT_THAT(BadFields(programme), Contains("programme.themes[1].theme_id"));
}

TEST(ApplyUpdate, ReplacesAListInsteadOfAppending) {
  auto target = Programme();
  auto update = Programme();
  update.clear_funding();
  *update.add_funding() = Text("Budget 2022");
  google::protobuf::FieldMask mask;
  mask.add_paths("funding");
  Violations violations;
  ApplyUpdate(update, mask, target, violations);
  ASSERT_EQ(target.funding_size(), 1);
  EXPECT_EQ(target.funding(0).da(), "Budget 2022");
  EXPECT_TRUE(violations.empty());
}

TEST(ApplyUpdate, ClearsAFieldThatIsNamedButEmpty) {
  auto target = Programme();
  google::protobuf::FieldMask mask;
  mask.add_paths("expected_networks");
  Violations violations;
  ApplyUpdate(v1::Programme(), mask, target, violations);
  EXPECT_FALSE(target.has_expected_networks());
}

TEST(ApplyUpdate, RefusesAnEmptyMaskAndUnknownPaths) {
  auto target = Programme();
  google::protobuf::FieldMask mask;
  Violations empty;
  ApplyUpdate(Programme(), mask, target, empty);
  EXPECT_EQ(empty.list().size(), 1u);
  mask.add_paths("programme_id");
  mask.add_paths("findes_ikke");
  Violations unknown;
  ApplyUpdate(Programme(), mask, target, unknown);
  EXPECT_EQ(unknown.list().size(), 2u);
}

TEST(CheckChange, KeepsCapacityAboveWhatIsEnrolled) {
  ProgrammeRecord record;
  record.programme = Programme();
  record.enrolments = {Enrolment("kl-a-1", "omr-a", 8)};
  EXPECT_TRUE(CheckChange(record, Programme(8)).ok());
  const auto refused = CheckChange(record, Programme(7));
  EXPECT_EQ(ReasonOf(refused), "PROGRAMME_IN_USE");
  EXPECT_THAT(std::string(refused.message()), HasSubstr("below the 8 leaders enrolled"));
}

TEST(CheckChange, KeepsAreasWithEnrolledTeamsAndPlannedSeminarDays) {
  ProgrammeRecord record;
  record.programme = Programme();
  record.enrolments = {Enrolment("kl-a-1", "omr-a", 8)};
  record.sessions = {SeminarSession("dag-3-hold-1", "dag-3", "2022-05-03", {"kl-a-1"})};
  auto without_area = Programme();
  without_area.mutable_area_ids()->DeleteSubrange(0, 1);
  EXPECT_EQ(ReasonOf(CheckChange(record, without_area)), "PROGRAMME_IN_USE");
  auto without_day = Programme();
  without_day.mutable_activities(0)->mutable_seminar_days()->RemoveLast();
  EXPECT_EQ(ReasonOf(CheckChange(record, without_day)), "PROGRAMME_IN_USE");
}

TEST(CheckChange, KeepsHowManyDaysAPlannedSeminarDayTakes) {
  ProgrammeRecord record;
  record.programme = Programme();
  record.sessions = {SeminarSession("dag-3-hold-1", "dag-3", "2023-12-28", {"kl-a-1"})};
  auto longer = Programme();
  auto& days = *longer.mutable_activities(0)->mutable_seminar_days();
  days[0].set_days(2);
  EXPECT_TRUE(CheckChange(record, longer).ok());
  days[2].set_days(2);
  EXPECT_EQ(ReasonOf(CheckChange(record, longer)), "PROGRAMME_IN_USE");
  record.sessions[0].set_last_date("2023-12-29");
  EXPECT_TRUE(CheckChange(record, longer).ok());
  longer.set_last_day("2023-12-28");
  EXPECT_EQ(ReasonOf(CheckChange(record, longer)), "PROGRAMME_IN_USE");
}

TEST(SeminarDays, FollowTheOrderOfTheThemes) {
  auto programme = Programme();
  programme.mutable_activities(0)->mutable_seminar_days(0)->set_theme_id("tema-2");
  programme.mutable_activities(0)->mutable_seminar_days(2)->set_theme_id("tema-1");
  std::vector<std::string> order;
  for (const auto& of : SeminarDays(programme)) order.push_back(of.day->seminar_day_id());
  EXPECT_THAT(order, ::testing::ElementsAre("dag-3", "dag-1", "dag-2"));
}

}  // namespace
}  // namespace klynge::courses
