// Responsibilities through random histories, against a model that remembers the accepted rows and
// looks through all of them for every answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "services/organisation/responsibility_matrix.h"
#include "services/organisation/responsibility_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Contains;
using ::testing::Each;

constexpr int kMonths = 16;
Date Month(int month) { return D("2020-01-01") + month * 30; }

// What the rows say, each kept as it was last accepted.
class Remembered {
 public:
  void Take(const Organisation& organisation) {
    for (const UnitVersion& unit : organisation.units) units_[unit.unit_id][unit.valid.from] = unit;
    for (const Position& position : organisation.positions) {
      positions_[position.position_id] = position;
    }
    for (const Task& task : organisation.tasks) tasks_[task.task] = task;
  }
  void Take(const ImportRow& row) {
    if (const auto* unit = absl::get_if<UnitVersion>(&row.content)) {
      units_[unit->unit_id][unit->valid.from] = *unit;
    } else if (const auto* position = absl::get_if<Position>(&row.content)) {
      positions_[position->position_id] = *position;
    } else if (const auto* task = absl::get_if<Task>(&row.content)) {
      tasks_[task->task] = *task;
    } else if (const auto* held = absl::get_if<Responsibility>(&row.content)) {
      responsibilities_[held->responsibility_id] = *held;
    }
  }

  const UnitVersion* UnitOn(const std::string& unit_id, Date day) const {
    auto unit = units_.find(unit_id);
    if (unit == units_.end()) return nullptr;
    const UnitVersion* last = nullptr;
    for (const auto& [from, version] : unit->second) {
      if (from <= day) last = &version;
    }
    // An earlier version lasts until the next one, whatever end it was given.
    const bool newest = last == &unit->second.rbegin()->second;
    return last != nullptr && (!newest || day < last->valid.to) ? last : nullptr;
  }

  // The cluster or network of a unit; "" for none.
  std::string ClusterOf(const std::string& unit_id, Date day) const {
    for (const UnitVersion* unit = UnitOn(unit_id, day); unit != nullptr;
         unit = UnitOn(unit->parent_id, day)) {
      if (unit->kind == "cluster" || unit->kind == "self_owned_network") return unit->unit_id;
    }
    return "";
  }

  void ExpectSoundOn(Date day) const {
    std::set<std::string> seen;
    for (const auto& [id, held] : responsibilities_) {
      if (!held.valid.Contains(day)) continue;
      SCOPED_TRACE(absl::StrCat(id, " on ", FormatDate(day)));
      const UnitVersion* unit = UnitOn(held.unit_id, day);
      ASSERT_NE(unit, nullptr);
      const Task& task = tasks_.at(held.task);
      EXPECT_TRUE(task.valid.Contains(day));
      EXPECT_THAT(task.unit_kinds, Contains(unit->kind));
      const Position& position = positions_.at(held.position_id);
      EXPECT_TRUE(position.valid.Contains(day));
      EXPECT_EQ(ClusterOf(position.unit_id, day), ClusterOf(held.unit_id, day));
      EXPECT_TRUE(seen.insert(held.task + " " + held.unit_id + " " + held.position_id).second);
    }
  }

  // Every task at every unit of a cluster on a day: "unit task: state, percent".
  std::set<std::string> MatrixOf(const std::string& cluster_id, Date day) const {
    std::set<std::string> rows;
    for (const auto& [unit_id, versions] : units_) {
      const UnitVersion* unit = UnitOn(unit_id, day);
      if (unit == nullptr || ClusterOf(unit_id, day) != cluster_id) continue;
      for (const auto& [code, task] : tasks_) {
        const bool has = std::count(task.unit_kinds.begin(), task.unit_kinds.end(), unit->kind) > 0;
        if (has && task.valid.Contains(day)) rows.insert(RowOf(unit_id, task, day));
      }
    }
    return rows;
  }

  const std::map<std::string, Responsibility>& responsibilities() const {
    return responsibilities_;
  }

 private:
  // In these cities the positions pos-1 and pos-2 are vacant, all others held by one person each.
  std::string RowOf(const std::string& unit_id, const Task& task, Date day) const {
    int all = 0;
    int percent = 0;
    std::set<std::string> actors;
    for (const auto& [id, held] : responsibilities_) {
      if (held.unit_id != unit_id || held.task != task.task || !held.valid.Contains(day)) continue;
      ++all;
      if (held.position_id == "pos-1" || held.position_id == "pos-2") continue;
      actors.insert(held.position_id);
      percent += held.percent;
    }
    const char* state = all == 0                                   ? "nobody"
                        : actors.empty()                           ? "vacant"
                        : actors.size() > 1 && !task.may_be_shared ? "double"
                                                                   : "covered";
    return absl::StrCat(unit_id, " ", task.task, ": ", state, ", ", percent);
  }

  std::map<std::string, std::map<Date, UnitVersion>> units_;
  std::map<std::string, Position> positions_;
  std::map<std::string, Task> tasks_;
  std::map<std::string, Responsibility> responsibilities_;
};

// The same as the service says it.
std::set<std::string> MatrixOf(const Tree& tree, const std::string& cluster_id, Date day) {
  static const auto* const words =
      new std::map<CellState, std::string>{{CellState::kCovered, "covered"},
                                           {CellState::kNobody, "nobody"},
                                           {CellState::kVacant, "vacant"},
                                           {CellState::kDouble, "double"}};
  std::set<std::string> rows;
  if (!tree.HasTeam(cluster_id, day)) return rows;
  for (const MatrixCell& cell : MakeMatrix(tree, cluster_id, day).cells) {
    EXPECT_TRUE(rows.insert(absl::StrCat(cell.unit->unit_id, " ", cell.task->task, ": ",
                                         words->at(cell.state), ", ", cell.percent()))
                    .second);
  }
  return rows;
}

// Whatever is sent, no day ever shows a responsibility for what is no task, at a unit that is not
// there or does not have it, of a position that is not there or in another cluster, nor one twice.
class RandomResponsibilities : public ::testing::TestWithParam<int> {
 protected:
  std::string Pick(const std::vector<std::string>& from) { return from[Below(from.size())]; }
  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }
  DateRange Period() {
    const int from = static_cast<int>(Below(8));
    return {Month(from), Below(3) == 0 ? kOpenEnd : Month(from + 1 + static_cast<int>(Below(6)))};
  }
  std::string Day() { return FormatDate(Month(static_cast<int>(Below(12)))); }

  Message RandomRow() {
    const std::vector<std::string> units = {"e-vvk-01-01", "e-vvk-01-02", "e-vvk-02-01",
                                            "kl-vvk-01"};
    switch (Below(8)) {
      case 0:
        return UnitMessage(Pick({"e-vvk-01-02", "e-vvk-02-01"}), Pick({"nursery", "club"}),
                           Pick({"kl-vvk-01", "kl-vvk-02"}), Day(), Below(3) ? "" : Day());
      case 1:
        return PositionMessage(Pick({"pos-1", "pos-2"}), "pedagogical_leader",
                               Pick({"e-vvk-01-02", "e-vvk-02-01"}),
                               Below(2) ? "2020-01-01" : Day(), Below(3) ? "" : Day());
      case 2: {
        Task task{"song", "Sang", "Song", "professional", {Pick({"club", "nursery"})},
                  5,      false,  {}};
        if (Below(2) == 0) task.unit_kinds = {"club", "nursery"};
        task.valid = Below(2) ? DateRange{kOpenStart, kOpenEnd} : Period();
        return Row(task);
      }
      default: {
        const std::string unit = Pick(units);
        const std::string task =
            unit[0] == 'k' ? Pick({"budget", "direction"}) : Pick({"practice", "sparring", "song"});
        Responsibility held =
            Responsible(Pick({"pos-1", "pos-2", "pos-kl-vvk-01", "pos-e-vvk-01-01"}), task, unit,
                        1 + static_cast<int>(Below(60)));
        held.responsibility_id = absl::StrCat("r-", Below(12));
        held.valid = Period();
        return Row(held);
      }
    }
  }

  // Applies the rows; the tree and the model then know those that were not rejected.
  void Import(const std::vector<Message>& messages) {
    const std::vector<ImportRow> rows = Rows(messages);
    const ImportPlan plan = PlanImport(*tree_, rows);
    tree_ = Applied(*tree_, plan);
    std::vector<Message> accepted;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (plan.verdicts[i].result == RowResult::kRejected) continue;
      remembered_.Take(rows[i]);
      accepted.push_back(messages[i]);
    }
    EXPECT_THAT(Outcomes(Plan(*tree_, accepted)), Each("UNCHANGED"));
  }

  std::mt19937 random_{static_cast<unsigned>(GetParam())};
  std::shared_ptr<const Tree> tree_ = CityWithTasks().BuildTree();
  Remembered remembered_;
};

TEST_P(RandomResponsibilities, NeverShowABrokenRuleAndAreShownAsTheRowsSay) {
  remembered_.Take(tree_->organisation());
  for (int round = 0; round < 12; ++round) {
    std::vector<Message> messages(1 + Below(20));
    for (Message& message : messages) message = RandomRow();
    Import(messages);
    for (int day = 0; day < kMonths * 30; day += 15) {
      const Date on = Month(-1) + day;
      remembered_.ExpectSoundOn(on);
      for (const char* cluster_id : {"kl-vvk-01", "kl-vvk-02"}) {
        EXPECT_EQ(MatrixOf(*tree_, cluster_id, on), remembered_.MatrixOf(cluster_id, on))
            << cluster_id << " on " << FormatDate(on);
      }
    }
    ASSERT_EQ(tree_->organisation().responsibilities.size(), remembered_.responsibilities().size());
    for (const Responsibility& held : tree_->organisation().responsibilities) {
      EXPECT_EQ(held, remembered_.responsibilities().at(held.responsibility_id));
    }
    if (HasFailure()) return;
  }
  EXPECT_FALSE(remembered_.responsibilities().empty());
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomResponsibilities, ::testing::Range(0, 60));

}  // namespace
}  // namespace klynge::organisation
