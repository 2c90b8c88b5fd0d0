// Positions, who holds them and who stands in, through random histories, against a model that
// remembers the accepted rows and looks through all of them for every answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "services/organisation/client/leadership_chain.h"
#include "services/organisation/import_plan.h"
#include "services/organisation/test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Each;
using ::testing::Le;
using ::testing::SizeIs;

constexpr int kMonths = 26;
Date Month(int month) { return D("2020-01-01") + month * 30; }

// What the rows say, each kept as it was last accepted.
class Remembered {
 public:
  void Take(const ImportRow& row) {
    if (const auto* unit = absl::get_if<UnitVersion>(&row.content)) {
      units_[unit->unit_id][unit->valid.from] = *unit;
    } else if (const auto* held = absl::get_if<Assignment>(&row.content)) {
      assignments_[held->assignment_id] = *held;
    } else if (const auto* position = absl::get_if<Position>(&row.content)) {
      positions_[position->position_id] = *position;
    } else if (const auto* substitution = absl::get_if<Substitution>(&row.content)) {
      substitutions_[substitution->substitution_id] = *substitution;
    } else if (const auto* employment = absl::get_if<Employment>(&row.content)) {
      employments_[employment->employment_id] = *employment;
    }
  }

  bool IsKnownToBeEmployed(const std::string& person_id) const {
    for (const auto& [id, employment] : employments_) {
      if (employment.person_id == person_id) return true;
    }
    return false;
  }
  bool IsEmployed(const std::string& person_id, Date day) const {
    for (const auto& [id, employment] : employments_) {
      if (employment.person_id == person_id && employment.valid.Contains(day)) return true;
    }
    return false;
  }

  // Ends every role on the first day on which its person is no longer employed.
  void EndRolesWithEmployments() {
    const auto end = [&](auto& roles) {
      for (auto& [id, role] : roles) {
        if (!IsKnownToBeEmployed(role.person_id)) continue;
        for (int month = 0; month <= kMonths; ++month) {
          const Date day = Month(month);
          if (role.valid.Contains(day) && !IsEmployed(role.person_id, day)) role.valid.to = day;
        }
      }
    };
    end(assignments_);
    end(substitutions_);
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

  std::vector<std::string> Holders(const std::string& position_id, Date day) const {
    std::vector<std::string> persons;
    for (const auto& [id, held] : assignments_) {
      if (held.position_id == position_id && held.valid.Contains(day)) {
        persons.push_back(held.person_id);
      }
    }
    return persons;
  }

  std::vector<std::string> Substitutes(const std::string& position_id, Date day) const {
    std::vector<std::string> persons;
    for (const auto& [id, substitution] : substitutions_) {
      if (substitution.position_id == position_id && substitution.valid.Contains(day)) {
        persons.push_back(substitution.person_id);
      }
    }
    return persons;
  }

  // Who leads the unit or, failing that, what is above it: "unit: person person".
  std::string Led(const std::string& unit_id, Date day) const {
    const UnitVersion* unit = UnitOn(unit_id, day);
    if (unit == nullptr) return "nobody";
    std::set<std::string> leaders;
    const auto lead = [&](const std::string& position_id, std::vector<std::string> present) {
      const auto substitutes = Substitutes(position_id, day);
      if (!position_id.empty() && !substitutes.empty()) present = substitutes;
      leaders.insert(present.begin(), present.end());
    };
    for (const auto& [id, held] : assignments_) {
      if (held.unit_id == unit_id && held.valid.Contains(day)) {
        lead(held.position_id, {held.person_id});
      }
    }
    for (const auto& [id, position] : positions_) {
      if (position.unit_id == unit_id && position.valid.Contains(day)) {
        lead(id, Holders(id, day));
      }
    }
    if (leaders.empty()) return Led(unit->parent_id, day);
    std::string text = unit_id + ":";
    for (const std::string& person : leaders) text += " " + person;
    return text;
  }

  const std::map<std::string, Position>& positions() const { return positions_; }
  const std::map<std::string, Assignment>& assignments() const { return assignments_; }
  const std::map<std::string, Substitution>& substitutions() const { return substitutions_; }

 private:
  std::map<std::string, std::map<Date, UnitVersion>> units_;
  std::map<std::string, Assignment> assignments_;
  std::map<std::string, Position> positions_;
  std::map<std::string, Substitution> substitutions_;
  std::map<std::string, Employment> employments_;
};

class PositionHistory : public ::testing::TestWithParam<int> {
 protected:
  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }
  std::string Pick(const std::vector<std::string>& from) { return from[Below(from.size())]; }
  std::string Day() { return FormatDate(Month(static_cast<int>(Below(24)))); }
  std::string Open() { return Below(2) ? "" : Day(); }

  Message RandomRow() {
    const std::vector<std::string> positions = {"pos0", "pos1", "pos2", "pos3"};
    const std::vector<std::string> units = {"buf", "omr", "kl1", "kl2", "e1", "e2"};
    const std::vector<std::string> roles = {"board_member", "area_chief", "cluster_leader",
                                            "pedagogical_leader"};
    const std::string unit = Pick(units);
    switch (Below(6)) {
      case 5:
        return EmploymentMessage(Pick({"m0", "m1", "m2"}), Pick({"p1", "p2"}),
                                 Below(2) ? "2020-01-01" : Day(), Open());
      case 0:
        return UnitMessage(Pick({"e1", "e2"}), "nursery", Pick({"kl1", "kl2"}), Day(), Open());
      case 1:
        // Mostly a role that may sit at the unit.
        if (Below(4) == 0) {
          return PositionMessage(Pick(positions), Pick(roles), Pick(units), Day(), Open());
        }
        return PositionMessage(Pick(positions), RoleAt(unit), unit, Day(), Open());
      case 2:
        return SubstitutionMessage(Pick({"s0", "s1", "s2"}), Pick(positions), Person(), Day(),
                                   Open());
      default: {
        Message held = AssignmentMessage(Pick({"a0", "a1", "a2", "a3", "a4"}), Person(),
                                         Pick(roles), Pick(units), Day(), Open());
        if (Below(4) != 0) {
          held.mutable_assignment()->set_unit_id(unit);
          held.mutable_assignment()->set_role(RoleAt(unit));
        }
        // Mostly one that fits the position as it is.
        if (Below(4) != 0) {
          const std::string position_id = Pick(positions);
          held.mutable_assignment()->set_position_id(position_id);
          auto known = remembered_.positions().find(position_id);
          if (known != remembered_.positions().end()) {
            held.mutable_assignment()->set_role(known->second.role);
            held.mutable_assignment()->set_unit_id(known->second.unit_id);
          }
        }
        return held;
      }
    }
  }
  static std::string RoleAt(const std::string& unit) {
    if (unit == "buf") return "board_member";
    if (unit == "omr") return "area_chief";
    return unit[0] == 'k' ? "cluster_leader" : "pedagogical_leader";
  }
  std::string Person() { return Pick({"p0", "p1", "p2"}); }

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
    remembered_.EndRolesWithEmployments();
    EXPECT_THAT(Outcomes(Plan(*tree_, accepted)), Each("UNCHANGED"));
  }

  void ExpectSound(Date day) {
    SCOPED_TRACE(FormatDate(day));
    std::map<std::string, int> leaders;
    for (const auto& [id, held] : remembered_.assignments()) {
      if (!held.valid.Contains(day)) continue;
      EXPECT_NE(remembered_.UnitOn(held.unit_id, day), nullptr) << id << " outlives its unit";
      EXPECT_TRUE(!remembered_.IsKnownToBeEmployed(held.person_id) ||
                  remembered_.IsEmployed(held.person_id, day))
          << id << " outlives the employment";
      if (held.role == "cluster_leader" || held.role == "area_chief") {
        EXPECT_EQ(++leaders[held.unit_id], 1) << held.unit_id;
      }
      if (held.position_id.empty()) continue;
      const Position& position = remembered_.positions().at(held.position_id);
      EXPECT_TRUE(position.valid.Contains(day)) << id << " outlives its position";
      EXPECT_EQ(position.role, held.role);
      EXPECT_EQ(position.unit_id, held.unit_id);
    }
    std::map<std::string, int> seats;
    for (const auto& [id, position] : remembered_.positions()) {
      if (!position.valid.Contains(day)) continue;
      EXPECT_NE(remembered_.UnitOn(position.unit_id, day), nullptr) << id << " outlives its unit";
      if (position.role == "cluster_leader") {
        EXPECT_EQ(++seats[position.unit_id], 1) << id;
      }
      EXPECT_THAT(remembered_.Holders(id, day), SizeIs(Le(1))) << id;
      EXPECT_THAT(remembered_.Substitutes(id, day), SizeIs(Le(1))) << id;
    }
    for (const auto& [id, substitution] : remembered_.substitutions()) {
      if (!substitution.valid.Contains(day)) continue;
      EXPECT_TRUE(remembered_.positions().at(substitution.position_id).valid.Contains(day)) << id;
      EXPECT_THAT(remembered_.Holders(substitution.position_id, day),
                  ::testing::Not(::testing::Contains(substitution.person_id)));
    }
  }

  void ExpectSameAnswers(Date day) {
    SCOPED_TRACE(FormatDate(day));
    const PositionIndex& positions = tree_->positions();
    const auto list = [](const auto* thing) {
      return thing == nullptr ? std::vector<std::string>{}
                              : std::vector<std::string>{thing->person_id};
    };
    for (const auto& [id, position] : remembered_.positions()) {
      const std::vector<std::string> holders = remembered_.Holders(id, day);
      EXPECT_EQ(list(positions.HolderOn(id, day)), holders) << id;
      EXPECT_EQ(list(positions.SubstituteOn(id, day)), remembered_.Substitutes(id, day)) << id;
      EXPECT_EQ(positions.VacancyOn(*positions.Find(id), day).has_value(),
                position.valid.Contains(day) && holders.empty())
          << id;
    }
    for (const char* unit_id : {"buf", "omr", "kl1", "kl2", "e1", "e2"}) {
      const Leadership leadership = FindLeadership(*tree_, unit_id, day);
      std::string led = "nobody";
      if (leadership.found_at != nullptr) led = leadership.found_at->unit_id + ":";
      for (const ResponsibleLeader& leader : leadership.leaders) led += " " + leader.person_id;
      EXPECT_EQ(led, remembered_.Led(unit_id, day)) << unit_id;
    }
  }

  std::mt19937 random_{static_cast<unsigned>(GetParam())};
  std::shared_ptr<const Tree> tree_ = OrganisationBuilder().BuildTree();
  Remembered remembered_;
};

TEST_P(PositionHistory, ShowsNoBrokenRuleOnAnyDateAndAnswersAsTheRowsSay) {
  Import({UnitMessage("buf", "administration", ""), UnitMessage("omr", "area", "buf"),
          UnitMessage("kl1", "cluster", "omr"),
          UnitMessage("kl2", "cluster", "omr", "2020-01-01", "2021-07-01"),
          UnitMessage("e1", "nursery", "kl1"), UnitMessage("e2", "nursery", "kl1"),
          PersonMessage("p0"), PersonMessage("p1"), PersonMessage("p2")});
  for (int round = 0; round < 20; ++round) {
    std::vector<Message> messages(1 + Below(14));
    for (Message& message : messages) message = RandomRow();
    Import(messages);
    for (int month = -1; month < kMonths; ++month) {
      ExpectSound(Month(month));
      ExpectSameAnswers(Month(month));
    }
    if (HasFailure()) return;
  }
  EXPECT_FALSE(remembered_.positions().empty());
}

INSTANTIATE_TEST_SUITE_P(Seeds, PositionHistory, ::testing::Range(0, 60));

}  // namespace
}  // namespace klynge::organisation
