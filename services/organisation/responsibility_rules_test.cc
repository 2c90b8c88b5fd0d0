// What an import may do to the catalogue of tasks and to who is responsible for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/responsibility_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

constexpr char kLeader[] = "pos-kl-vvk-01";
constexpr char kNursery[] = "pos-e-vvk-01-01";

std::vector<std::string> Results(const OrganisationBuilder& city,
                                 const std::vector<Message>& messages) {
  return Outcomes(Plan(*city.BuildTree(), messages));
}

Task Song() { return {"song", "Sang", "Song", "professional", {"nursery"}, 5, false, {}}; }

TEST(ResponsibilityRules, TakeATaskAndWhoIsResponsibleInAnyOrder) {
  EXPECT_THAT(
      Results(CityWithTasks(), {Row(Responsible(kNursery, "song", "e-vvk-01-01", 5)), Row(Song()),
                                Row(Responsible(kLeader, "budget", "kl-vvk-01", 15))}),
      Each("CREATED"));
}

TEST(ResponsibilityRules, ChangeNothingWhenTheSameIsSentAgain) {
  const OrganisationBuilder city =
      CityWithTasks().With(Responsible(kLeader, "budget", "kl-vvk-01", 15));
  Organisation stored = city.Build();
  std::vector<Message> messages;
  for (const Task& task : stored.tasks) messages.push_back(Row(task));
  messages.push_back(Row(stored.responsibilities[0]));
  EXPECT_THAT(Results(city, messages), Each("UNCHANGED"));
}

TEST(ResponsibilityRules, LetAColleagueOrTheClusterLeaderTakeATaskOfAUnit) {
  EXPECT_THAT(Results(CityWithTasks(), {Row(Responsible(kNursery, "practice", "e-vvk-01-02", 40)),
                                        Row(Responsible(kLeader, "practice", "e-vvk-01-01", 40)),
                                        Row(Responsible(kNursery, "budget", "kl-vvk-01", 15))}),
              Each("CREATED"));
}

TEST(ResponsibilityRules, TakeMoreThanAPositionHasTimeForAndSeveralWhereOneIsMeant) {
  EXPECT_THAT(Results(CityWithTasks(), {Row(Responsible(kLeader, "direction", "kl-vvk-01", 90)),
                                        Row(Responsible(kLeader, "budget", "kl-vvk-01", 90)),
                                        Row(Responsible(kNursery, "budget", "kl-vvk-01", 10))}),
              Each("CREATED"));
}

class BrokenRow : public ::testing::TestWithParam<RuleCase> {};

TEST_P(BrokenRow, IsRejected) {
  const auto before =
      CityWithTasks()
          .Position("pos-old", "pedagogical_leader", "e-vvk-01-01", "2020-01-01", "2021-01-01")
          .Unit("e-closed", "nursery", "kl-vvk-01", "2020-01-01", "2021-01-01")
          .Position("pos-chief", "area_chief", "omr-vvk")
          .Position("pos-free", "pedagogical_leader", "e-vvk-01-01")
          .With(Responsible(kLeader, "budget", "kl-vvk-01", 15, "2021-01-01"))
          .With(Responsible("pos-free", "sparring", "e-vvk-01-01", 5))
          .BuildTree();
  ExpectRejected(*before, GetParam());
}

Task With(void (*change)(Task&)) {
  Task task = Song();
  change(task);
  return task;
}

const RuleCase kBroken[] = {
    {"UnknownTask", Row(Responsible(kNursery, "dance", "e-vvk-01-01", 5)), "TASK_NOT_FOUND",
     "responsibility.task"},
    {"UnknownUnit", Row(Responsible(kNursery, "practice", "e-none", 5)), "UNIT_NOT_FOUND",
     "responsibility.unit_id"},
    {"UnknownPosition", Row(Responsible("pos-none", "practice", "e-vvk-01-01", 5)),
     "POSITION_NOT_FOUND", "responsibility.position_id"},
    {"AKindWithoutTheTask", Row(Responsible(kNursery, "budget", "e-vvk-01-01", 5)),
     "TASK_NOT_ALLOWED", "responsibility.task"},
    {"AfterThePosition", Row(Responsible("pos-old", "practice", "e-vvk-01-01", 5)),
     "OUTSIDE_POSITION_LIFE", "responsibility.valid_to"},
    {"BeforeTheUnit",
     Row(Responsible("pos-old", "practice", "e-vvk-01-01", 5, "2019-01-01", "2020-06-01")),
     "OUTSIDE_UNIT_LIFE", "responsibility.valid_from"},
    {"AfterTheUnit", Row(Responsible(kLeader, "practice", "e-closed", 5)), "OUTSIDE_UNIT_LIFE",
     "responsibility.valid_to"},
    {"InAnotherCluster", Row(Responsible(kNursery, "practice", "e-vvk-02-01", 5)),
     "OUTSIDE_CLUSTER", "responsibility.unit_id"},
    {"InANetworkByACluster", Row(Responsible(kLeader, "practice", "e-net-01-01", 5)),
     "OUTSIDE_CLUSTER", "responsibility.unit_id"},
    {"TwiceAtOnce",
     Row(Responsible(kLeader, "budget", "kl-vvk-01", 10, "2020-01-01", "2021-01-02")),
     "RESPONSIBILITY_OVERLAP", "responsibility.valid_from"},
    {"NoTime", Row(Responsible(kNursery, "practice", "e-vvk-01-01", 0)), "INVALID_FIELDS",
     "responsibility.percent"},
    {"MoreThanAll", Row(Responsible(kNursery, "practice", "e-vvk-01-01", 101)), "INVALID_FIELDS",
     "responsibility.percent"},
    {"NoDay", Row(Responsible(kNursery, "practice", "e-vvk-01-01", 5, "2021-01-01", "2021-01-01")),
     "DATES_REVERSED", "responsibility.valid_to"},
    {"TaskOfUnknownKind", Row(With([](Task& task) { task.leadership_kind = "none"; })),
     "LEADERSHIP_KIND_NOT_FOUND", "task.leadership_kind"},
    {"TaskOfUnknownUnits", Row(With([](Task& task) { task.unit_kinds = {"castle"}; })),
     "UNIT_KIND_NOT_FOUND", "task.unit_kinds"},
    {"TaskOfNoUnits", Row(With([](Task& task) { task.unit_kinds.clear(); })), "INVALID_FIELDS",
     "task.unit_kinds"},
    {"TaskThatNeedsTheUnknown", Row(With([](Task& task) {
       task.needs = {{"magic", 1}};
     })),
     "COMPETENCE_NOT_FOUND", "task.needs"},
    {"TaskThatNeedsALevelThereIsNot", Row(With([](Task& task) {
       task.needs = {{"data", 9}};
     })),
     "COMPETENCE_LEVEL_NOT_FOUND", "task.needs"},
    {"TaskThatNeedsTheSameTwice", Row(With([](Task& task) {
       task.needs = {{"data", 1}, {"data", 2}};
     })),
     "INVALID_FIELDS", "task.needs"},
    {"TaskWithoutTime", Row(With([](Task& task) { task.expected_percent = 0; })), "INVALID_FIELDS",
     "task.expected_percent"},
    {"TaskThatEndsWithResponsibilities", Row([] {
       Task task = WithTasks(OrganisationBuilder()).Build().tasks[1];
       task.valid.to = D("2022-01-01");
       return task;
     }()),
     "OUTSIDE_TASK_LIFE", "task.valid_to"},
    {"TaskTakenFromUnitsThatHaveIt", Row([] {
       Task task = WithTasks(OrganisationBuilder()).Build().tasks[1];
       task.unit_kinds = {"nursery"};
       return task;
     }()),
     "TASK_NOT_ALLOWED", "task.unit_kinds"},
    {"PositionThatEndsWithResponsibilities",
     PositionMessage("pos-free", "pedagogical_leader", "e-vvk-01-01", "2021-02-01"),
     "OUTSIDE_POSITION_LIFE", "position.valid_from"},
};
INSTANTIATE_TEST_SUITE_P(Responsibilities, BrokenRow, ::testing::ValuesIn(kBroken),
                         [](const auto& broken) { return broken.param.name; });

TEST(ResponsibilityRules, LetAnAreaChiefTakeTasksBelow) {
  const OrganisationBuilder city = CityWithTasks().Position("pos-chief", "area_chief", "omr-vvk");
  EXPECT_THAT(Results(city, {Row(Responsible("pos-chief", "budget", "kl-vvk-02", 15)),
                             Row(Responsible("pos-chief", "practice", "e-net-01-01", 15))}),
              Each("CREATED"));
}

TEST(ResponsibilityRules, LetNoUnitLeaveTheClusterOfWhoIsResponsible) {
  const OrganisationBuilder city =
      CityWithTasks()
          .With(Responsible(kNursery, "practice", "e-vvk-01-02", 40, "2020-01-01", "2023-01-01"))
          .With(Responsible("pos-e-vvk-01-02", "sparring", "e-vvk-01-02", 10));
  const auto move = [](const std::string& day) {
    return UnitMessage("e-vvk-01-02", "club", "kl-vvk-02", day);
  };
  const ImportPlan plan = Plan(*city.BuildTree(), {move("2022-01-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("OUTSIDE_CLUSTER"));
  EXPECT_THAT(Fields(plan.verdicts[0]), ElementsAre("unit.parent_id"));
  // Who moves with the unit keeps what it has there.
  EXPECT_THAT(Results(city, {move("2023-01-01")}), ElementsAre("CREATED"));
  EXPECT_THAT(
      Results(city, {move("2022-01-01"), Row(Responsible(kNursery, "practice", "e-vvk-01-02", 40,
                                                         "2020-01-01", "2022-01-01"))}),
      ElementsAre("CREATED", "UPDATED"));
}

TEST(ResponsibilityRules, AreAmongWhatAUnitThatClosesIsStillNeededFor) {
  const OrganisationBuilder city = CityWithTasks()
                                       .Unit("e-new", "nursery", "kl-vvk-01")
                                       .With(Responsible(kLeader, "practice", "e-new", 40));
  const ImportPlan plan =
      Plan(*city.BuildTree(),
           {UnitMessage("e-new", "nursery", "kl-vvk-01", "2020-01-01", "2022-01-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("UNIT_IN_USE"));
  EXPECT_THAT(plan.verdicts[0].problems[0].description, HasSubstr("end 1 responsibility (\"r-"));
}

TEST(ResponsibilityRules, JudgeAResponsibilityByTheDayTheUnitComesIntoTheCluster) {
  const Message move = UnitMessage("e-vvk-02-01", "kindergarten", "kl-vvk-01", "2022-01-01");
  const Responsibility early = Responsible(kLeader, "practice", "e-vvk-02-01", 40, "2021-12-31");
  const Responsibility late = Responsible(kLeader, "practice", "e-vvk-02-01", 40, "2022-01-01");
  EXPECT_THAT(Results(CityWithTasks(), {move, Row(early)}),
              ElementsAre("CREATED", "OUTSIDE_CLUSTER"));
  EXPECT_THAT(Results(CityWithTasks(), {move, Row(late)}), ElementsAre("CREATED", "CREATED"));
  EXPECT_THAT(Results(CityWithTasks(), {Row(late)}), ElementsAre("OUTSIDE_CLUSTER"));
}

TEST(ResponsibilityRules, BlameThePositionThatMovesAway) {
  const OrganisationBuilder city =
      CityWithTasks()
          .Position("pos-free", "pedagogical_leader", "e-vvk-01-01")
          .With(Responsible("pos-free", "practice", "e-vvk-01-01", 40));
  const ImportPlan plan =
      Plan(*city.BuildTree(), {PositionMessage("pos-free", "pedagogical_leader", "e-vvk-02-01"),
                               UnitMessage("e-vvk-01-01", "nursery", "kl-vvk-01", "2021-01-01")});
  EXPECT_THAT(Outcomes(plan), ElementsAre("OUTSIDE_CLUSTER", "CREATED"));
}

TEST(ResponsibilityRules, BlameTheUnitThatBecomesOfAKindWithoutTheTask) {
  const OrganisationBuilder city =
      CityWithTasks().With(Responsible(kNursery, "practice", "e-vvk-01-01", 40));
  Task renamed = WithTasks(OrganisationBuilder()).Build().tasks[2];
  renamed.label_da = "Pædagogisk praksis";
  EXPECT_THAT(
      Results(city, {UnitMessage("e-vvk-01-01", "integrated_day_care", "kl-vvk-01", "2022-01-01"),
                     Row(renamed)}),
      ElementsAre("TASK_NOT_ALLOWED", "UPDATED"));
}

TEST(ResponsibilityRules, RejectWhatARejectedRowIsNeededFor) {
  Task song = Song();
  song.label_da = "";
  EXPECT_THAT(
      Results(CityWithTasks(), {Row(song), Row(Responsible(kNursery, "song", "e-vvk-01-01", 5)),
                                PositionMessage("pos-new", "none", "e-vvk-01-01"),
                                Row(Responsible("pos-new", "practice", "e-vvk-01-01", 5))}),
      ElementsAre("INVALID_FIELDS", "DEPENDS_ON_REJECTED_ROW", "ROLE_NOT_FOUND",
                  "DEPENDS_ON_REJECTED_ROW"));
}

TEST(ResponsibilityRules, TellEverythingThatIsWrongWithARow) {
  const ImportPlan plan = Plan(*CityWithTasks().BuildTree(),
                               {Row(Responsible("pos-none", "dance", "e-none", 0, "2020-01-01"))});
  EXPECT_THAT(Fields(plan.verdicts[0]),
              UnorderedElementsAre("responsibility.percent", "responsibility.task",
                                   "responsibility.unit_id", "responsibility.position_id"));
}

}  // namespace
}  // namespace klynge::organisation
