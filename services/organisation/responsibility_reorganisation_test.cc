// What becomes of responsibilities when units are merged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/reorganisation_test_support.h"
#include "services/organisation/responsibility_matrix.h"
#include "services/organisation/responsibility_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kDay[] = "2024-01-01";

std::shared_ptr<const Tree> Done(const Tree& before, const std::vector<Step>& steps) {
  const ReorganisationOutcome outcome = WorkOut(before, Drafted(steps));
  EXPECT_THAT(Obstacles(outcome), IsEmpty());
  return Applied(before, outcome.plan);
}

// "task: position percent" of each responsibility at a unit on a day.
std::vector<std::string> At(const Tree& tree, const std::string& unit_id, Date on) {
  std::vector<std::string> words;
  for (const Responsibility* held : tree.Indexed<ResponsibilityIndex>().AtUnit(unit_id)) {
    if (!held->valid.Contains(on)) continue;
    words.push_back(absl::StrCat(held->task, ": ", held->position_id, " ", held->percent));
  }
  return words;
}

TEST(ResponsibilityReorganisation, EndsWhatThePositionOfAMergedClusterHadAndKeepsTheRest) {
  const auto before = CityWithTasks()
                          .With(Responsible("pos-kl-vvk-01", "budget", "kl-vvk-01", 15))
                          .With(Responsible("pos-kl-vvk-01", "practice", "e-vvk-01-02", 40))
                          .With(Responsible("pos-e-vvk-01-01", "direction", "kl-vvk-01", 20))
                          .With(Responsible("pos-e-vvk-01-01", "practice", "e-vvk-01-01", 30))
                          .BuildTree();
  const auto after = Done(*before, {MergeStep({"kl-vvk-01"}, NewUnit("kl-vvk-02"))});
  EXPECT_THAT(At(*after, "kl-vvk-02", D(kDay)), ElementsAre("direction: pos-e-vvk-01-01 20"));
  EXPECT_THAT(At(*after, "e-vvk-01-01", D(kDay)), ElementsAre("practice: pos-e-vvk-01-01 30"));
  EXPECT_THAT(At(*after, "e-vvk-01-02", D(kDay)), IsEmpty());
  EXPECT_THAT(At(*after, "kl-vvk-01", D(kDay) - 1),
              UnorderedElementsAre("budget: pos-kl-vvk-01 15", "direction: pos-e-vvk-01-01 20"));
  // What nobody has any more is a gap of the cluster that goes on.
  const ResponsibilityMatrix matrix = MakeMatrix(*after, "kl-vvk-02", D(kDay));
  ASSERT_EQ(matrix.cells[0].task->task, "budget");
  EXPECT_EQ(matrix.cells[0].state, CellState::kNobody);
}

TEST(ResponsibilityReorganisation, KeepsOnlyTasksThatTheOtherUnitHasAndEachOnce) {
  const auto before =
      CityWithTasks()
          .With(Task{"song", "Sang", "Song", "professional", {"nursery"}, 5, false, {}})
          .With(Responsible("pos-e-vvk-01-02", "song", "e-vvk-01-01", 5))
          .With(Responsible("pos-e-vvk-01-02", "practice", "e-vvk-01-01", 30))
          .With(Responsible("pos-e-vvk-01-02", "practice", "e-vvk-01-02", 40))
          .With(Responsible("pos-e-vvk-01-02", "sparring", "e-vvk-01-01", 10))
          .BuildTree();
  const auto after = Done(*before, {MergeStep({"e-vvk-01-01"}, NewUnit("e-vvk-01-02"))});
  EXPECT_THAT(At(*after, "e-vvk-01-02", D(kDay)),
              UnorderedElementsAre("practice: pos-e-vvk-01-02 40", "sparring: pos-e-vvk-01-02 10"));
  EXPECT_THAT(At(*after, "e-vvk-01-01", D(kDay)), IsEmpty());
}

}  // namespace
}  // namespace klynge::organisation
