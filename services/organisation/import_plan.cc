#include "services/organisation/import_plan.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "services/organisation/candidate.h"
#include "services/organisation/client/lay_over.h"
#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

// What is stored under the same key; null when nothing is.
template <class Thing>
const Thing* FindStored(const Tree& before, const Thing& thing) {
  return FindSame(ListOf<Thing>(before.organisation()), thing);
}

// True when what is stored says the same already. A version with a successor ends where that
// begins, so any later end given for it means the same.
bool SaysNothingNew(const Tree& before, const UnitVersion& unit) {
  const UnitVersion* stored = FindStored(before, unit);
  if (stored == nullptr) return false;
  UnitVersion given = unit;
  if (stored != before.Versions(unit.unit_id).back() && given.valid.to > stored->valid.to) {
    given.valid.to = stored->valid.to;
  }
  return given == *stored;
}
template <class Thing>
bool SaysNothingNew(const Tree& before, const Thing& thing) {
  const Thing* stored = FindStored(before, thing);
  return stored != nullptr && *stored == thing;
}

class Planner {
 public:
  Planner(const Tree& before, const std::vector<ImportRow>& rows)
      : before_(before), rows_(rows), states_(rows.size(), RowState::kEffective) {
    plan_.verdicts.resize(rows.size());
  }

  ImportPlan Plan() && {
    RejectMalformed();
    SettleRepeats();
    SetAsideUnchanged();
    std::unique_ptr<const Candidate> after;
    do {
      after = std::make_unique<const Candidate>(before_, rows_, states_);
    } while (RejectBlamed(*after));
    CollectWrites(*after);
    CheckReferencesOfMalformed(*after);
    for (const auto& [repeat, first] : repeats_) {
      if (states_[first] == RowState::kRejected) plan_.verdicts[repeat] = plan_.verdicts[first];
    }
    return std::move(plan_);
  }

 private:
  void Reject(size_t row, Problem problem) {
    states_[row] = RowState::kRejected;
    plan_.verdicts[row].result = RowResult::kRejected;
    std::vector<Problem>& problems = plan_.verdicts[row].problems;
    if (std::find(problems.begin(), problems.end(), problem) == problems.end()) {
      problems.push_back(std::move(problem));
    }
  }

  // Rows that were wrong in themselves were not judged with the rest; what they refer to still can
  // be.
  void CheckReferencesOfMalformed(const Candidate& candidate) {
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].problems.empty()) continue;
      for (Problem& missing : CheckReferences(candidate, rows_[i])) {
        const bool told = absl::c_any_of(rows_[i].problems, [&](const Problem& problem) {
          return problem.field == missing.field;
        });
        if (!told) Reject(i, std::move(missing));
      }
    }
  }

  void RejectMalformed() {
    for (size_t i = 0; i < rows_.size(); ++i) {
      for (const Problem& problem : rows_[i].problems) Reject(i, problem);
    }
  }

  // The same row twice counts once. Rows that contradict each other are all rejected: which one is
  // right cannot depend on the order.
  void SettleRepeats() {
    std::map<std::tuple<size_t, absl::string_view, Date>, std::vector<size_t>> same;
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (states_[i] == RowState::kEffective) same[rows_[i].key()].push_back(i);
    }
    for (const auto& [key, group] : same) {
      const bool agree = std::all_of(group.begin(), group.end(), [&](size_t row) {
        return rows_[row].content == rows_[group[0]].content;
      });
      for (size_t row : group) {
        if (!agree) {
          const size_t other = row == group[0] ? group[1] : group[0];
          Reject(row, {v1::ERROR_REASON_CONFLICTING_ROWS, rows_[row].id_field(),
                       absl::StrCat("row ", other + 1, " describes the same, differently")});
        } else if (row != group[0]) {
          states_[row] = RowState::kUnchanged;
          repeats_.push_back({row, group[0]});
        }
      }
    }
  }

  void SetAsideUnchanged() {
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (states_[i] != RowState::kEffective) continue;
      const bool nothing_new = absl::visit(
          [&](const auto& content) { return SaysNothingNew(before_, content); }, rows_[i].content);
      if (nothing_new) states_[i] = RowState::kUnchanged;
    }
  }

  // One round: true when it rejected something, so that the rest has to be judged again.
  bool RejectBlamed(const Candidate& candidate) {
    std::vector<Blame> blames = CheckUnits(candidate);
    for (const auto& check :
         {CheckUnitLives, CheckAssignments, CheckPositions, CheckEmployments, CheckErased,
          CheckBodies, CheckPartners, CheckCompetences, CheckResponsibilities, CheckSuccessions,
          CheckPlacements, CheckRegisteredCodes}) {
      std::vector<Blame> more = check(candidate);
      blames.insert(blames.end(), more.begin(), more.end());
    }
    for (Blame& blame : blames) Reject(static_cast<size_t>(blame.row), std::move(blame.problem));
    return !blames.empty();
  }

  void CollectWrites(const Candidate& candidate) {
    for (absl::string_view unit_id : candidate.changed_units) {
      for (const VersionInPlay& version : candidate.units.at(unit_id)) CollectUnit(version);
    }
    for (const auto& held : candidate.assignments) CollectRole(candidate, held);
    for (const auto& held : candidate.substitutions) CollectRole(candidate, held);
    for (const auto& held : candidate.body_memberships) CollectRole(candidate, held);
    for (const auto& code : candidate.codes) CollectRole(candidate, code);
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (states_[i] != RowState::kEffective) continue;
      absl::visit([&](const auto& thing) { Collect(i, thing); }, rows_[i].content);
    }
  }

  // Units were collected with their other versions, roles and codes with those that are ended.
  void Collect(size_t, const UnitVersion&) {}
  void Collect(size_t, const Assignment&) {}
  void Collect(size_t, const Substitution&) {}
  void Collect(size_t, const BodyMembership&) {}
  void Collect(size_t, const Code&) {}
  template <class Thing>
  void Collect(size_t row, const Thing& thing) {
    const bool created = FindStored(before_, thing) == nullptr;
    ListOf<Thing>(plan_).push_back({thing, created});
    SetResult(row, created);
  }

  void CollectUnit(const VersionInPlay& version) {
    UnitVersion unit = *version.unit;
    unit.valid = version.valid;
    const UnitVersion* stored = FindStored(before_, unit);
    if (stored != nullptr && *stored == unit) return;
    if (version.row != kStored) SetResult(static_cast<size_t>(version.row), stored == nullptr);
    plan_.units.push_back({std::move(unit), stored == nullptr});
  }

  // Also stored roles and codes that no row brings, when an employment, unit or partner ends them.
  template <class Held>
  void CollectRole(const Candidate& candidate, const InPlay<Held>& held) {
    if (held.row == kStored && held.valid == held.thing->valid) return;
    Held role = *held.thing;
    role.valid = held.valid;
    const Held* stored = FindStored(before_, role);
    if (stored != nullptr && *stored == role) return;
    if (held.row != kStored) SetResult(static_cast<size_t>(held.row), stored == nullptr);
    if constexpr (!std::is_same_v<Held, Code>) {
      if (role.valid.to != held.thing->valid.to) {
        plan_.ended_roles.push_back(Ended(candidate, role));
      }
    }
    ListOf<Held>(plan_).push_back({std::move(role), stored == nullptr});
  }

  static EndedRole Ended(const Candidate& candidate, const Assignment& role) {
    EndedRole ended{role.person_id, role.assignment_id, "", role.valid.to, ""};
    const InPlay<Position>* position = candidate.FindPosition(role.position_id);
    if (position == nullptr || !position->valid.Contains(role.valid.to)) return ended;
    const bool taken_over =
        absl::c_any_of(candidate.HoldersOf(role.position_id),
                       [&](const auto* held) { return held->valid.Contains(role.valid.to); });
    if (!taken_over) ended.vacant_position_id = role.position_id;
    return ended;
  }
  static EndedRole Ended(const Candidate&, const Substitution& role) {
    return {role.person_id, "", role.substitution_id, role.valid.to, ""};
  }
  static EndedRole Ended(const Candidate&, const BodyMembership& role) {
    return {role.person_id, "", "", role.valid.to, "", role.membership_id};
  }

  void SetResult(size_t row, bool created) {
    plan_.verdicts[row].result = created ? RowResult::kCreated : RowResult::kUpdated;
  }

  const Tree& before_;
  const std::vector<ImportRow>& rows_;
  std::vector<RowState> states_;
  std::vector<std::pair<size_t, size_t>>
      repeats_;  // a row, and the one before it that says the same
  ImportPlan plan_;
};

}  // namespace

bool ImportPlan::HasRejected() const {
  return std::any_of(verdicts.begin(), verdicts.end(), [](const RowVerdict& verdict) {
    return verdict.result == RowResult::kRejected;
  });
}

bool ImportPlan::ChangesNothing() const {
  bool nothing = true;
  ForEachSort([&](auto sort) {
    nothing = nothing && ListOf<typename decltype(sort)::Type>(*this).empty();
  });
  return nothing;
}

ImportPlan PlanImport(const Tree& before, const std::vector<ImportRow>& rows) {
  return Planner(before, rows).Plan();
}

Organisation Applied(const Organisation& before, const ImportPlan& plan) {
  Organisation after = before;
  ForEachSort([&](auto sort) {
    using Thing = typename decltype(sort)::Type;
    std::vector<Thing> written;
    for (const Write<Thing>& write : ListOf<Thing>(plan)) written.push_back(write.thing);
    LayOver(ListOf<Thing>(after), std::move(written));
  });
  return after;
}

}  // namespace klynge::organisation
