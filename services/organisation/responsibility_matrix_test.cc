// How tasks are distributed, and what is wrong with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/responsibility_matrix_queries.h"
#include "services/organisation/responsibility_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::WrongFields;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kLeader[] = "pos-kl-vvk-01";
constexpr char kNursery[] = "pos-e-vvk-01-01";
constexpr char kClub[] = "pos-e-vvk-01-02";

v1::ResponsibilityMatrix Matrix(const OrganisationBuilder& city,
                                const std::string& unit_id = "kl-vvk-01",
                                const std::string& as_of = "", bool findings_only = false) {
  v1::GetResponsibilityMatrixRequest request;
  request.set_unit_id(unit_id);
  request.set_as_of(as_of);
  request.set_findings_only(findings_only);
  v1::GetResponsibilityMatrixResponse response;
  EXPECT_THAT(Answer(*city.BuildTree(7), D("2021-09-01"), request, &response), IsOk());
  EXPECT_EQ(response.revision(), 7);
  return response.matrix();
}

const v1::MatrixRow& RowOf(const v1::ResponsibilityMatrix& matrix, const std::string& task,
                           const std::string& unit_id) {
  for (const v1::MatrixRow& row : matrix.rows()) {
    if (row.task() == task && row.unit_id() == unit_id) return row;
  }
  ADD_FAILURE() << "there is no row for " << task << " at " << unit_id;
  return v1::MatrixRow::default_instance();
}

const v1::PositionLoad& LoadOf(const v1::ResponsibilityMatrix& matrix,
                               const std::string& position_id) {
  for (const v1::PositionLoad& load : matrix.positions()) {
    if (load.position_id() == position_id) return load;
  }
  ADD_FAILURE() << "there is no position " << position_id;
  return v1::PositionLoad::default_instance();
}

const v1::MemberLoad& MemberOf(const v1::ResponsibilityMatrix& matrix,
                               const std::string& person_id) {
  for (const v1::MemberLoad& load : matrix.members()) {
    if (load.person_id() == person_id) return load;
  }
  ADD_FAILURE() << "there is no member " << person_id;
  return v1::MemberLoad::default_instance();
}

const v1::LeadershipTime& TimeOf(const v1::ResponsibilityMatrix& matrix, const std::string& kind) {
  for (const v1::LeadershipTime& time : matrix.times()) {
    if (time.leadership_kind() == kind) return time;
  }
  ADD_FAILURE() << "there is no kind " << kind;
  return v1::LeadershipTime::default_instance();
}

TEST(ResponsibilityMatrix, HasARowForEveryTaskAtEveryUnitThatHasItTheClusterFirst) {
  const auto matrix = Matrix(CityWithTasks());
  std::vector<std::string> rows;
  for (const v1::MatrixRow& row : matrix.rows()) rows.push_back(row.unit_id() + " " + row.task());
  EXPECT_THAT(rows,
              ElementsAre("kl-vvk-01 budget", "kl-vvk-01 direction", "e-vvk-01-01 practice",
                          "e-vvk-01-01 sparring", "e-vvk-01-02 practice", "e-vvk-01-02 sparring"));
  EXPECT_EQ(matrix.rows(0).label().da(), "Budget");
  EXPECT_EQ(matrix.rows(2).expected_percent(), 40);
}

TEST(ResponsibilityMatrix, SaysThatNothingIsDistributedYet) {
  const auto matrix = Matrix(CityWithTasks());
  EXPECT_EQ(matrix.gap_count(), 6);
  EXPECT_THAT(matrix.summary().da(), HasSubstr("Ingen af de 6 opgaver er fordelt endnu."));
  EXPECT_THAT(matrix.summary().en(), HasSubstr("ProposeDistribution"));
  EXPECT_FALSE(matrix.primary_is_largest());
}

TEST(ResponsibilityMatrix, ShowsWhoIsResponsibleWithTheShareOfTime) {
  const auto matrix = Matrix(CityWithTasks().With(Responsible(kLeader, "budget", "kl-vvk-01", 15)));
  const v1::MatrixRow& row = RowOf(matrix, "budget", "kl-vvk-01");
  EXPECT_EQ(row.state(), v1::MATRIX_ROW_STATE_COVERED);
  ASSERT_THAT(row.holders(), SizeIs(1));
  EXPECT_EQ(row.holders(0).person_id(), "p-kl-1");
  EXPECT_EQ(row.holders(0).name(), "Person p-kl-1");
  EXPECT_EQ(row.percent(), 15);
  EXPECT_EQ(matrix.gap_count(), 5);
}

TEST(ResponsibilityMatrix, KeepsAResponsibilityWhenTheHolderOfThePositionChanges) {
  OrganisationBuilder city = WithTasks(SmallCity());
  city.Position("pos", "pedagogical_leader", "e-vvk-02-01")
      .Hold("p-pl-1", "pos", "2020-01-01", "2021-01-01")
      .Hold("p-pl-2", "pos", "2021-06-01")
      .StandIn("p-pl-3", "pos", "2021-03-01", "2021-06-01")
      .With(Responsible("pos", "sparring", "e-vvk-02-01", 10));
  const auto on = [&](const std::string& day) {
    return RowOf(Matrix(city, "kl-vvk-02", day), "sparring", "e-vvk-02-01");
  };
  EXPECT_EQ(on("2020-12-31").holders(0).person_id(), "p-pl-1");
  EXPECT_EQ(on("2021-01-01").state(), v1::MATRIX_ROW_STATE_VACANT);
  EXPECT_TRUE(on("2021-01-01").holders(0).vacant());
  EXPECT_THAT(on("2021-01-01").advice().en(), HasSubstr("Position pos is vacant"));
  EXPECT_EQ(on("2021-03-01").state(), v1::MATRIX_ROW_STATE_COVERED);
  EXPECT_EQ(on("2021-03-01").holders(0).substitute_person_id(), "p-pl-3");
  EXPECT_EQ(on("2021-06-01").holders(0).person_id(), "p-pl-2");
}

TEST(ResponsibilityMatrix, CallsItADoubleOnlyWhereSeveralPersonsDoWhatOneIsToDo) {
  const auto doubles = [](OrganisationBuilder city) { return Matrix(city).double_count(); };
  const auto both = [](const char* task) {
    return CityWithTasks()
        .With(Responsible(kNursery, task, "e-vvk-01-01", 10))
        .With(Responsible(kClub, task, "e-vvk-01-01", 10));
  };
  EXPECT_EQ(doubles(both("practice")), 1);
  EXPECT_EQ(doubles(both("sparring")), 0) << "it may be shared";
  // A colleague has taken over from a vacant position.
  const auto vacant = CityWithTasks()
                          .Position("pos-vacant", "pedagogical_leader", "e-vvk-01-01")
                          .With(Responsible("pos-vacant", "practice", "e-vvk-01-01", 40))
                          .With(Responsible(kClub, "practice", "e-vvk-01-01", 40));
  EXPECT_EQ(doubles(vacant), 0);
  EXPECT_EQ(Matrix(vacant).gap_count(), 5);
  // The same person in two positions.
  const auto same = CityWithTasks()
                        .Position("pos-too", "pedagogical_leader", "e-vvk-01-02")
                        .Hold("p-pl-1", "pos-too")
                        .With(Responsible("pos-too", "practice", "e-vvk-01-01", 10))
                        .With(Responsible(kNursery, "practice", "e-vvk-01-01", 10));
  EXPECT_EQ(doubles(same), 0);
  EXPECT_THAT(RowOf(Matrix(both("practice")), "practice", "e-vvk-01-01").advice().da(),
              HasSubstr("Flere har opgaven: Person p-pl-1 (p-pl-1), Person p-pl-2 (p-pl-2)"));
}

TEST(ResponsibilityMatrix, TellsWhoHasTooMuchAndWhoClearlyLittle) {
  const auto matrix = Matrix(CityWithTasks()
                                 .With(Responsible(kLeader, "direction", "kl-vvk-01", 60))
                                 .With(Responsible(kLeader, "budget", "kl-vvk-01", 41))
                                 .With(Responsible(kNursery, "practice", "e-vvk-01-01", 50))
                                 .With(Responsible(kClub, "practice", "e-vvk-01-02", 49)));
  EXPECT_EQ(LoadOf(matrix, kLeader).percent(), 101);
  EXPECT_EQ(LoadOf(matrix, kLeader).responsibility_count(), 2);
  EXPECT_EQ(LoadOf(matrix, kLeader).state(), v1::LOAD_STATE_OVER);
  EXPECT_EQ(LoadOf(matrix, kNursery).state(), v1::LOAD_STATE_FITS);
  EXPECT_EQ(LoadOf(matrix, kClub).state(), v1::LOAD_STATE_UNDER);
  EXPECT_EQ(matrix.overloaded_count(), 1);
  EXPECT_EQ(matrix.underloaded_count(), 1);
  EXPECT_THAT(matrix.summary().en(), HasSubstr("More than full time: pos-kl-vvk-01 (101 %)"));
}

TEST(ResponsibilityMatrix, CountsWhatAPersonDoesForOthers) {
  const auto matrix = Matrix(CityWithTasks()
                                 .StandIn("p-pl-2", kNursery, "2021-01-01", "2022-01-01")
                                 .With(Responsible(kNursery, "practice", "e-vvk-01-01", 60))
                                 .With(Responsible(kClub, "practice", "e-vvk-01-02", 50)));
  EXPECT_EQ(MemberOf(matrix, "p-pl-2").percent(), 110);
  EXPECT_EQ(MemberOf(matrix, "p-pl-2").standing_in_percent(), 60);
  EXPECT_EQ(MemberOf(matrix, "p-pl-2").state(), v1::LOAD_STATE_OVER);
  EXPECT_EQ(MemberOf(matrix, "p-pl-1").percent(), 0) << "is away";
  EXPECT_EQ(matrix.members(0).person_id(), "p-kl-1");
}

TEST(ResponsibilityMatrix, CountsWhatAPersonHasInAnotherCluster) {
  const auto matrix = Matrix(CityWithTasks()
                                 .Position("pos-there", "pedagogical_leader", "e-vvk-02-01")
                                 .Hold("p-pl-1", "pos-there")
                                 .With(Responsible("pos-there", "practice", "e-vvk-02-01", 70))
                                 .With(Responsible(kNursery, "practice", "e-vvk-01-01", 60)));
  EXPECT_EQ(MemberOf(matrix, "p-pl-1").percent(), 130);
  EXPECT_THAT(MemberOf(matrix, "p-pl-1").position_ids(), ElementsAre(kNursery, "pos-there"));
}

TEST(ResponsibilityMatrix, ShowsAnAreaChiefWhoHasATaskHere) {
  const auto matrix = Matrix(CityWithTasks()
                                 .Someone("p-chief")
                                 .Position("pos-chief", "area_chief", "omr-vvk")
                                 .Hold("p-chief", "pos-chief")
                                 .With(Responsible("pos-chief", "budget", "kl-vvk-01", 15)));
  EXPECT_EQ(RowOf(matrix, "budget", "kl-vvk-01").holders(0).person_id(), "p-chief");
  EXPECT_EQ(LoadOf(matrix, "pos-chief").state(), v1::LOAD_STATE_FITS) << "not of the team";
  EXPECT_EQ(MemberOf(matrix, "p-chief").percent(), 15);
}

TEST(ResponsibilityMatrix, SumsTheTimeOfAKindWithThatOfItsParts) {
  OrganisationBuilder city = CityWithTasks()
                                 .With(Responsible(kLeader, "direction", "kl-vvk-01", 20))
                                 .With(Responsible(kLeader, "budget", "kl-vvk-01", 15))
                                 .With(Responsible(kNursery, "practice", "e-vvk-01-01", 25));
  const auto matrix = Matrix(city);
  EXPECT_EQ(TimeOf(matrix, "economy").percent(), 15);
  EXPECT_EQ(TimeOf(matrix, "administrative").percent(), 15);
  EXPECT_EQ(TimeOf(matrix, "administrative").share_percent(), 25);
  EXPECT_EQ(TimeOf(matrix, "professional").percent(), 25);
  EXPECT_EQ(TimeOf(matrix, "professional").expected_percent(), 100);
  EXPECT_EQ(matrix.times(0).leadership_kind(), "professional");
  EXPECT_TRUE(matrix.primary_is_largest());
  city.With(Responsible(kClub, "budget", "kl-vvk-01", 10));
  const auto even = Matrix(city);
  EXPECT_FALSE(even.primary_is_largest());
  EXPECT_THAT(even.summary().da(),
              HasSubstr("Faglig ledelse får 36 % af tiden og skulle have mest"));
}

TEST(ResponsibilityMatrix, CountsNoTimeWhereNobodyIs) {
  const auto matrix = Matrix(CityWithTasks()
                                 .Position("pos-vacant", "pedagogical_leader", "e-vvk-01-01")
                                 .With(Responsible("pos-vacant", "practice", "e-vvk-01-01", 40)));
  EXPECT_EQ(TimeOf(matrix, "professional").percent(), 0);
  EXPECT_EQ(TimeOf(matrix, "professional").vacant_percent(), 40);
  EXPECT_EQ(LoadOf(matrix, "pos-vacant").percent(), 40);
}

TEST(ResponsibilityMatrix, ShowsWhatTheHolderAndTheTeamLack) {
  const auto matrix = Matrix(CityWithTasks()
                                 .With(Declared("p-kl-1", "finance", 2))
                                 .With(Declared("p-pl-1", "data", 1))
                                 .With(Declared("p-pl-2", "data", 3))
                                 .With(Responsible(kLeader, "budget", "kl-vvk-01", 15))
                                 .With(Responsible(kNursery, "practice", "e-vvk-01-01", 40))
                                 .With(Responsible(kClub, "practice", "e-vvk-01-02", 40)));
  const v1::MatrixRow& budget = RowOf(matrix, "budget", "kl-vvk-01");
  ASSERT_THAT(budget.holders(0).lacks(), SizeIs(1));
  EXPECT_EQ(budget.holders(0).lacks(0).least_level(), 3);
  EXPECT_EQ(budget.holders(0).lacks(0).level(), 2);
  EXPECT_THAT(budget.advice().da(), HasSubstr("mangler Økonomi på niveau 3 (nu 2)."));
  EXPECT_THAT(RowOf(matrix, "practice", "e-vvk-01-01").holders(0).lacks(), SizeIs(1));
  EXPECT_THAT(RowOf(matrix, "practice", "e-vvk-01-02").holders(0).lacks(), IsEmpty());
  ASSERT_THAT(matrix.lacking(), SizeIs(1)) << "of data the club's leader has enough";
  EXPECT_EQ(matrix.lacking(0).competence(), "finance");
  EXPECT_THAT(matrix.lacking(0).tasks(), ElementsAre("budget"));
}

TEST(ResponsibilityMatrix, ShowsOnlyRowsWithSomethingToDoWhenAsked) {
  const auto matrix =
      Matrix(CityWithTasks().With(Responsible(kLeader, "direction", "kl-vvk-01", 20)), "kl-vvk-01",
             "", true);
  EXPECT_THAT(matrix.rows(), SizeIs(5));
  for (const v1::MatrixRow& row : matrix.rows()) EXPECT_TRUE(row.has_advice());
}

TEST(ResponsibilityMatrix, ForgetsTasksThatAreNoneThatDay) {
  OrganisationBuilder city = CityWithTasks();
  city.With(Task{"song",
                 "Sang",
                 "Song",
                 "professional",
                 {"club"},
                 5,
                 false,
                 {},
                 {D("2022-01-01"), D("2023-01-01")}});
  EXPECT_THAT(Matrix(city, "kl-vvk-01", "2021-12-31").rows(), SizeIs(6));
  EXPECT_THAT(Matrix(city, "kl-vvk-01", "2022-01-01").rows(), SizeIs(7));
  EXPECT_THAT(Matrix(city, "kl-vvk-01", "2023-01-01").rows(), SizeIs(6));
}

TEST(ResponsibilityMatrix, SaysWhoHasNoPosition) {
  EXPECT_THAT(Matrix(WithTasks(SmallCity())).summary().en(),
              HasSubstr("3 leaders have no position that tasks can be given to"));
}

TEST(ResponsibilityMatrix, IsOnlyOfUnitsWithATeam) {
  v1::GetResponsibilityMatrixRequest request;
  v1::GetResponsibilityMatrixResponse response;
  const auto tree = CityWithTasks().BuildTree();
  const auto ask = [&] { return Answer(*tree, D("2021-09-01"), request, &response); };
  EXPECT_THAT(WrongFields(ask()), ElementsAre("unit_id"));
  request.set_unit_id("e-vvk-01-01");
  EXPECT_THAT(ask(), StatusIs(absl::StatusCode::kFailedPrecondition, "UNIT_HAS_NO_TEAM"));
  request.set_unit_id("kl-none");
  EXPECT_THAT(ask(), StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
}

}  // namespace
}  // namespace klynge::organisation
