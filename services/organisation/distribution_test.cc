// Proposals who could take care of what nobody does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "services/organisation/distribution_queries.h"
#include "services/organisation/responsibility_matrix_queries.h"
#include "services/organisation/responsibility_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::WrongFields;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kLeader[] = "pos-kl-vvk-01";
constexpr char kNursery[] = "pos-e-vvk-01-01";
constexpr char kClub[] = "pos-e-vvk-01-02";
const Date kDay = D("2021-09-01");

v1::ProposeDistributionResponse Proposed(const Tree& tree, bool relieve = false, int most = 0) {
  v1::ProposeDistributionRequest request;
  request.set_unit_id("kl-vvk-01");
  request.set_relieve_overload(relieve);
  request.set_most_percent(most);
  v1::ProposeDistributionResponse response;
  EXPECT_THAT(Answer(tree, kDay, request, &response), IsOk());
  return response;
}

v1::ResponsibilityMatrix MatrixOf(const Tree& tree) {
  v1::GetResponsibilityMatrixRequest request;
  request.set_unit_id("kl-vvk-01");
  v1::GetResponsibilityMatrixResponse response;
  EXPECT_THAT(Answer(tree, kDay, request, &response), IsOk());
  return response.matrix();
}

std::vector<Message> RowsOf(const v1::ProposeDistributionResponse& proposal) {
  return {proposal.rows().begin(), proposal.rows().end()};
}

// "task at unit: position".
std::vector<std::string> Words(const v1::ProposeDistributionResponse& proposal) {
  std::vector<std::string> words;
  for (const v1::ProposedResponsibility& proposed : proposal.proposals()) {
    const v1::Responsibility& responsibility = proposed.responsibility();
    words.push_back(absl::StrCat(responsibility.task(), " at ", responsibility.unit_id(), ": ",
                                 responsibility.position_id()));
  }
  return words;
}

const v1::ConsideredMember& Considered(const v1::ProposeDistributionResponse& proposal,
                                       const std::string& task, const std::string& person_id) {
  for (const v1::ProposedResponsibility& proposed : proposal.proposals()) {
    if (proposed.responsibility().task() != task) continue;
    for (const v1::ConsideredMember& member : proposed.considered()) {
      if (member.person_id() == person_id) return member;
    }
  }
  ADD_FAILURE() << person_id << " is not considered for " << task;
  return v1::ConsideredMember::default_instance();
}

// All tasks but the budget are taken.
OrganisationBuilder OnlyTheBudgetIsOpen(int direction = 20) {
  return CityWithTasks()
      .With(Responsible(kLeader, "direction", "kl-vvk-01", direction))
      .With(Responsible(kNursery, "practice", "e-vvk-01-01", 40))
      .With(Responsible(kNursery, "sparring", "e-vvk-01-01", 10))
      .With(Responsible(kClub, "practice", "e-vvk-01-02", 40))
      .With(Responsible(kClub, "sparring", "e-vvk-01-02", 10));
}

TEST(ProposeDistribution, GivesEachUnitsTasksToItsLeaderWhereNothingElseIsKnown) {
  const auto proposal = Proposed(*CityWithTasks().BuildTree());
  EXPECT_THAT(Words(proposal), ElementsAre("budget at kl-vvk-01: pos-kl-vvk-01",
                                           "direction at kl-vvk-01: pos-kl-vvk-01",
                                           "practice at e-vvk-01-01: pos-e-vvk-01-01",
                                           "sparring at e-vvk-01-01: pos-e-vvk-01-01",
                                           "practice at e-vvk-01-02: pos-e-vvk-01-02",
                                           "sparring at e-vvk-01-02: pos-e-vvk-01-02"));
  EXPECT_TRUE(proposal.quality().best());
  EXPECT_THAT(proposal.open_tasks(), IsEmpty());
}

TEST(ProposeDistribution, HasRowsThatFillTheGapsWhenImported) {
  const auto tree = CityWithTasks().BuildTree();
  const auto proposal = Proposed(*tree);
  const ImportPlan plan = Plan(*tree, RowsOf(proposal));
  EXPECT_THAT(Outcomes(plan), Each("CREATED"));
  EXPECT_EQ(MatrixOf(*Applied(*tree, plan)).gap_count(), 0);
  EXPECT_EQ(MatrixOf(*tree).gap_count(), 6) << "nothing is applied by itself";
}

TEST(ProposeDistribution, PrefersWhoCanAndSaysWhyNotTheOthers) {
  const auto proposal = Proposed(*OnlyTheBudgetIsOpen()
                                      .With(Declared("p-pl-2", "finance", 3))
                                      .With(Declared("p-kl-1", "finance", 1))
                                      .BuildTree());
  EXPECT_THAT(Words(proposal), ElementsAre("budget at kl-vvk-01: pos-e-vvk-01-02"));
  const v1::ProposedResponsibility& budget = proposal.proposals(0);
  EXPECT_EQ(budget.person_id(), "p-pl-2");
  EXPECT_THAT(budget.why().da(), HasSubstr("Kan det, opgaven kræver. Går fra 50 til 65 %"));
  EXPECT_THAT(budget.lacks(), IsEmpty());
  const v1::ConsideredMember& leader = Considered(proposal, "budget", "p-kl-1");
  EXPECT_EQ(leader.reason(), v1::CONSIDERED_REASON_LACKS_COMPETENCE);
  EXPECT_EQ(leader.why().en(), "Lacks Finance at level 3 (now 1).");
  EXPECT_THAT(leader.lacks(), SizeIs(1));
  EXPECT_EQ(Considered(proposal, "budget", "p-pl-1").distance(), 1);
}

TEST(ProposeDistribution, PassesOverWhoHasNoTime) {
  const auto proposal = Proposed(*OnlyTheBudgetIsOpen()
                                      .With(Declared("p-kl-1", "finance", 4))
                                      .With(Responsible(kLeader, "practice", "e-vvk-01-01", 70))
                                      .BuildTree());
  EXPECT_THAT(Words(proposal), Each(HasSubstr("pos-e-vvk-01-0")));
  EXPECT_EQ(Considered(proposal, "budget", "p-kl-1").reason(), v1::CONSIDERED_REASON_NO_TIME);
  EXPECT_EQ(Considered(proposal, "budget", "p-kl-1").percent_with(), 105);
  EXPECT_THAT(proposal.proposals(0).why().en(),
              HasSubstr("Lacks Finance at level 3, but nobody with time is better at it."));
}

TEST(ProposeDistribution, PrefersOfTwoAlikeTheOneWithLessToDo) {
  const auto proposal = Proposed(*OnlyTheBudgetIsOpen()
                                      .With(Declared("p-pl-1", "finance", 3))
                                      .With(Declared("p-pl-2", "finance", 3))
                                      .With(Responsible(kNursery, "sparring", "e-vvk-01-02", 5))
                                      .BuildTree());
  EXPECT_THAT(Words(proposal), ElementsAre("budget at kl-vvk-01: pos-e-vvk-01-02"));
  EXPECT_EQ(Considered(proposal, "budget", "p-pl-1").reason(), v1::CONSIDERED_REASON_MORE_LOADED);
}

TEST(ProposeDistribution, LeavesATaskOpenRatherThanOverloadSomebody) {
  const auto proposal = Proposed(*OnlyTheBudgetIsOpen().BuildTree(), false, 55);
  EXPECT_THAT(Words(proposal), ElementsAre("budget at kl-vvk-01: pos-kl-vvk-01"));
  const auto none = Proposed(*OnlyTheBudgetIsOpen().BuildTree(), false, 30);
  EXPECT_THAT(none.proposals(), IsEmpty());
  EXPECT_THAT(none.rows(), IsEmpty());
  ASSERT_THAT(none.open_tasks(), SizeIs(1));
  EXPECT_EQ(none.open_tasks(0).task(), "budget");
  EXPECT_THAT(none.open_tasks(0).why().da(), HasSubstr("Ingen har tid til 15 % mere"));
}

TEST(ProposeDistribution, SaysThatPositionsAreMissing) {
  const auto none = Proposed(*WithTasks(SmallCity()).BuildTree());
  EXPECT_THAT(none.open_tasks(), SizeIs(6));
  EXPECT_THAT(none.open_tasks(0).why().en(), HasSubstr("Nobody in the team has a position"));
}

TEST(ProposeDistribution, GivesNothingToAVacantPositionButToWhoStandsInAtIt) {
  OrganisationBuilder city = WithTasks(SmallCity());
  city.Position(kLeader, "cluster_leader", "kl-vvk-01", "2020-01-01", "2022-01-01");
  EXPECT_THAT(Proposed(*city.BuildTree()).proposals(), IsEmpty());
  city.StandIn("p-pl-1", kLeader, "2021-01-01");
  const auto proposal = Proposed(*city.BuildTree());
  EXPECT_THAT(Words(proposal), Contains("budget at kl-vvk-01: pos-kl-vvk-01"));
  EXPECT_EQ(proposal.proposals(0).person_id(), "p-pl-1");
  EXPECT_THAT(proposal.proposals(0).why().da(), HasSubstr("Er stedfortræder i stillingen."));
  EXPECT_EQ(proposal.proposals(0).responsibility().valid_to(), "2022-01-01")
      << "ends with the position";
}

TEST(ProposeDistribution, LastsUntilSomebodyElseTakesOverAnyway) {
  const auto lasts = [](const OrganisationBuilder& city) {
    const auto proposal = Proposed(*city.BuildTree());
    EXPECT_THAT(proposal.proposals(), SizeIs(1));
    return proposal.proposals(0).responsibility().valid_to();
  };
  EXPECT_EQ(lasts(OnlyTheBudgetIsOpen()), "");
  EXPECT_EQ(lasts(OnlyTheBudgetIsOpen().With(
                Responsible(kClub, "budget", "kl-vvk-01", 15, "2022-03-01"))),
            "2022-03-01");
  EXPECT_EQ(lasts(OnlyTheBudgetIsOpen()
                      .Position("pos-vacant", "pedagogical_leader", "e-vvk-01-01")
                      .Hold("p-kl-2", "pos-vacant", "2022-05-01")
                      .With(Responsible("pos-vacant", "budget", "kl-vvk-01", 15))),
            "2022-05-01");
}

TEST(ProposeDistribution, TakesFromWhoHasTooMuchWhenAsked) {
  const OrganisationBuilder city =
      OnlyTheBudgetIsOpen()
          .With(Responsible(kLeader, "budget", "kl-vvk-01", 30, "2021-01-01", "2023-01-01"))
          .With(Responsible(kLeader, "sparring", "e-vvk-01-01", 60));
  const auto tree = city.BuildTree();
  EXPECT_THAT(Proposed(*tree).proposals(), IsEmpty()) << "there are no gaps";
  const auto proposal = Proposed(*tree, true);
  EXPECT_THAT(Words(proposal), SizeIs(1));
  const v1::ProposedResponsibility& moved = proposal.proposals(0);
  EXPECT_THAT(moved.why().en(), HasSubstr("Relieves Person p-kl-1 (p-kl-1), who has 110 %."));
  ASSERT_THAT(proposal.rows(), SizeIs(2));
  EXPECT_EQ(proposal.rows(0).responsibility().responsibility_id(),
            moved.instead_of_responsibility_id());
  EXPECT_EQ(proposal.rows(0).responsibility().valid_to(), "2021-09-01");
  EXPECT_EQ(proposal.rows(1).responsibility().valid_from(), "2021-09-01");
  const ImportPlan plan = Plan(*tree, RowsOf(proposal));
  EXPECT_THAT(Outcomes(plan), ElementsAre("UPDATED", "CREATED"));
  const auto after = MatrixOf(*Applied(*tree, plan));
  EXPECT_EQ(after.overloaded_count(), 0);
  EXPECT_EQ(after.gap_count(), 0);
}

TEST(ProposeDistribution, GivesWhatBeginsThatDayToTheOtherPositionInPlace) {
  const auto tree = OnlyTheBudgetIsOpen(60)
                        .With(Responsible(kLeader, "budget", "kl-vvk-01", 50, "2021-09-01"))
                        .BuildTree();
  v1::ProposeDistributionResponse proposal = Proposed(*tree, true);
  ASSERT_THAT(proposal.rows(), SizeIs(1));
  const ImportPlan plan = Plan(*tree, RowsOf(proposal));
  EXPECT_THAT(Outcomes(plan), ElementsAre("UPDATED"));
}

TEST(ProposeDistribution, NamesRowsAnewWhenTheirIdIsTaken) {
  OrganisationBuilder city = OnlyTheBudgetIsOpen();
  Responsibility taken =
      Responsible(kLeader, "budget", "kl-vvk-01", 15, "2020-01-01", "2020-02-01");
  taken.responsibility_id = "r-budget-kl-vvk-01-20210901";
  const auto proposal = Proposed(*city.With(taken).BuildTree());
  EXPECT_EQ(proposal.proposals(0).responsibility().responsibility_id(),
            "r-budget-kl-vvk-01-20210901-2");
}

TEST(ProposeDistribution, RefusesWhatCannotBeAsked) {
  const auto tree = CityWithTasks().BuildTree();
  v1::ProposeDistributionRequest request;
  v1::ProposeDistributionResponse response;
  request.set_most_percent(201);
  request.set_as_of("soon");
  EXPECT_THAT(WrongFields(Answer(*tree, kDay, request, &response)),
              ElementsAre("unit_id", "most_percent", "as_of"));
  v1::ProposeDistributionRequest nursery;
  nursery.set_unit_id("e-vvk-01-01");
  EXPECT_THAT(Answer(*tree, kDay, nursery, &response),
              StatusIs(absl::StatusCode::kFailedPrecondition, "UNIT_HAS_NO_TEAM"));
}

// Whatever is stored, the rows of a proposal are all taken in, what they leave is as the proposal
// says, and with them nobody is over what was allowed who was not before.
class RandomDistribution : public ::testing::TestWithParam<int> {
 protected:
  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }
  std::string Pick(const std::vector<std::string>& from) { return from[Below(from.size())]; }
  std::string Day(int months) {
    return FormatDate(D("2021-03-01") + static_cast<int>(Below(static_cast<size_t>(months))) * 30);
  }

  std::shared_ptr<const Tree> RandomCity() {
    OrganisationBuilder city = CityWithTasks();
    for (int i = 0; i < 3; ++i) {
      const std::string unit = absl::StrCat("e-more-", i);
      city.Unit(unit, Pick({"nursery", "club"}), "kl-vvk-01", "2020-01-01",
                Below(3) ? "" : "2022-06-01");
      city.Position("pos-" + unit, "pedagogical_leader", unit, "2020-01-01",
                    Below(3) ? "2022-01-01" : "2022-06-01");
      if (Below(3))
        city.Hold(Pick({"p-pl-1", "p-pl-2", "p-pl-3"}), "pos-" + unit, "2020-01-01", "2022-01-01");
    }
    std::vector<Message> rows;
    for (const char* person : {"p-kl-1", "p-pl-1", "p-pl-2", "p-pl-3"}) {
      for (const char* competence : {"data", "finance"}) {
        if (Below(2))
          rows.push_back(Row(Declared(person, competence, 1 + static_cast<int>(Below(4)))));
      }
    }
    for (int i = 0; i < 12; ++i) {
      const std::string unit =
          Pick({"kl-vvk-01", "e-vvk-01-01", "e-vvk-01-02", "e-more-0", "e-more-1"});
      Responsibility held = Responsible(
          Pick({kLeader, kNursery, kClub, "pos-e-more-0", "pos-e-more-2"}),
          unit[0] == 'k' ? Pick({"budget", "direction"}) : Pick({"practice", "sparring"}), unit,
          5 * (1 + static_cast<int>(Below(12))), Day(9), Below(2) ? "" : Day(16));
      held.responsibility_id = absl::StrCat("r-", i);
      rows.push_back(Row(held));
    }
    rows.push_back(UnitMessage("e-vvk-01-02", "club", "kl-vvk-02", Day(20)));
    const auto tree = city.BuildTree();
    return Applied(*tree, Plan(*tree, rows));
  }

  std::mt19937 random_{static_cast<unsigned>(GetParam())};
};

TEST_P(RandomDistribution, CanBeImportedAndIsWhatItSays) {
  int proposals = 0;
  for (int round = 0; round < 15; ++round) {
    const auto tree = RandomCity();
    const bool relieve = Below(2) == 0;
    const auto proposal = Proposed(*tree, relieve, Below(2) ? 0 : 60);
    EXPECT_EQ(Proposed(*tree, relieve, 0).SerializeAsString(),
              Proposed(*tree, relieve, 0).SerializeAsString());
    const ImportPlan plan = Plan(*tree, RowsOf(proposal));
    EXPECT_FALSE(plan.HasRejected()) << proposal.DebugString();
    const auto before = MatrixOf(*tree);
    const auto after = MatrixOf(*Applied(*tree, plan));
    EXPECT_EQ(after.gap_count(), proposal.open_tasks_size());
    EXPECT_EQ(after.double_count(), before.double_count());
    for (const v1::ProposedLoad& load : proposal.loads()) {
      for (const v1::MemberLoad& member : after.members()) {
        if (member.person_id() != load.person_id()) continue;
        EXPECT_EQ(member.percent(), load.percent_after());
        EXPECT_LE(load.percent_after(), std::max(load.percent_before(), 100));
      }
    }
    EXPECT_LE(proposal.quality().lower_bound(), proposal.quality().cost());
    proposals += proposal.proposals_size();
  }
  EXPECT_GT(proposals, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomDistribution, ::testing::Range(0, 30));

}  // namespace
}  // namespace klynge::organisation
