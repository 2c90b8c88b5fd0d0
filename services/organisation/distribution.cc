#include "services/organisation/distribution.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "services/organisation/client/things.h"
#include "services/organisation/cluster_reach.h"
#include "services/organisation/competence_finder.h"

namespace klynge::organisation {
namespace {

UnitOnDay FindOn(const Tree& tree, absl::string_view unit_id, Date day) {
  UnitOnDay found;
  for (const UnitVersion* version : tree.Versions(unit_id)) {
    if (day < version->valid.from) found.until = std::min(found.until, version->valid.from);
    if (!version->valid.Contains(day)) continue;
    found.unit = version;
    found.has_team = tree.HasTeam(unit_id, day);
    found.until = std::min(found.until, version->valid.to);
  }
  return found;
}

Reach ReachOfSeat(const Tree& tree, const Seat& seat, const std::string& unit_id, Date day) {
  return ReachOn(seat.position->unit_id, unit_id,
                 [&](absl::string_view id) { return FindOn(tree, id, day); });
}

class Proposer {
 public:
  Proposer(const Tree& tree, const std::string& unit_id, Date on, int most_percent)
      : tree_(tree), on_(on) {
    made_->matrix = MakeMatrix(tree, unit_id, on);
    made_->most_percent = most_percent;
  }

  std::unique_ptr<const DistributionProposal> Make(bool relieve_overload) && {
    FindMembers();
    for (const MatrixCell& cell : made_->matrix.cells) {
      if (cell.is_gap()) {
        AddTask(cell, nullptr, kNowhere);
      } else if (relieve_overload) {
        AddIfTooMuch(cell);
      }
    }
    Solve();
    return std::move(made_);
  }

 private:
  void FindMembers() {
    std::map<std::string, TeamActor> members;
    for (const SeatLoad& load : made_->matrix.seats) {
      const std::string& actor = load.seat.actor();
      if (!load.in_team || actor.empty()) continue;
      members[actor].person_id = actor;
      members[actor].seats.push_back(load.seat);
    }
    for (auto& [person_id, member] : members) {
      absl::c_sort(member.seats, [](const Seat& a, const Seat& b) {
        return a.position->position_id < b.position->position_id;
      });
      member.before = PercentOfPerson(tree_, person_id, on_);
      made_->members.push_back(std::move(member));
    }
  }

  bool HasTooMuch(const TeamActor& member) const { return member.before > made_->most_percent; }

  // Only what one alone has: of several it is to be decided first who is to have it.
  void AddIfTooMuch(const MatrixCell& cell) {
    if (cell.holders.size() != 1) return;
    const CellHolder& holder = cell.holders.front();
    for (size_t i = 0; i < made_->members.size(); ++i) {
      const TeamActor& member = made_->members[i];
      if (member.person_id != holder.seat.actor() || !HasTooMuch(member)) continue;
      const bool in_team = absl::c_any_of(
          member.seats, [&](const Seat& seat) { return seat.position == holder.seat.position; });
      if (in_team) AddTask(cell, holder.held, static_cast<int>(i));
    }
  }

  void AddTask(const MatrixCell& cell, const Responsibility* moved, int home) {
    DistributionTask task{&cell, moved, 0, {}, home, home};
    task.percent = moved != nullptr ? moved->percent : cell.task->expected_percent;
    Distances distances(tree_, cell.unit->unit_id, on_);
    for (const TeamActor& member : made_->members) {
      Candidacy candidacy = Nearest(member, cell, distances);
      if (moved != nullptr && &member == &made_->members[static_cast<size_t>(home)]) {
        candidacy = In(cell.holders.front().seat, cell, distances);
      }
      candidacy.lacks = LacksOf(tree_, *cell.task, member.person_id, on_);
      task.candidacies.push_back(std::move(candidacy));
    }
    made_->tasks.push_back(std::move(task));
  }

  Candidacy In(const Seat& seat, const MatrixCell&, Distances& distances) const {
    return {&seat, std::max(distances.To(seat.position->unit_id, ""), 0), {}};
  }

  Candidacy Nearest(const TeamActor& member, const MatrixCell& cell, Distances& distances) const {
    Candidacy nearest;
    for (const Seat& seat : member.seats) {
      if (!ReachOfSeat(tree_, seat, cell.unit->unit_id, on_).within) continue;
      const Candidacy candidacy = In(seat, cell, distances);
      if (nearest.seat == nullptr || candidacy.distance < nearest.distance) nearest = candidacy;
    }
    return nearest;
  }

  int64_t CostOf(const DistributionTask& task, size_t member) const {
    const Candidacy& candidacy = task.candidacies[member];
    const bool at_home = task.home == static_cast<int>(member);
    if (candidacy.seat == nullptr) return kNever;
    if (!at_home && HasTooMuch(made_->members[member])) return kNever;
    return kMissingLevelCost * candidacy.missing_levels() + kStepCost * candidacy.distance +
           (task.home != kNowhere && !at_home ? kMoveCost : 0);
  }

  void Solve() {
    DistributionProblem problem;
    for (const TeamActor& member : made_->members) {
      problem.bins.push_back({member.before, made_->most_percent});
    }
    for (const DistributionTask& task : made_->tasks) {
      DistributionItem item{
          task.percent, task.home == kNowhere ? kOpenCost : kNever, {}, task.home};
      for (size_t i = 0; i < made_->members.size(); ++i) item.costs.push_back(CostOf(task, i));
      if (task.home != kNowhere) problem.bins[static_cast<size_t>(task.home)].load -= task.percent;
      problem.items.push_back(std::move(item));
    }
    made_->solution = Distribute(problem);
    for (TeamActor& member : made_->members) member.after = member.before;
    for (size_t i = 0; i < made_->tasks.size(); ++i) {
      DistributionTask& task = made_->tasks[i];
      task.chosen = made_->solution.bin_of[i];
      if (!task.is_proposed()) continue;
      made_->members[static_cast<size_t>(task.chosen)].after += task.percent;
      if (task.home != kNowhere) {
        made_->members[static_cast<size_t>(task.home)].after -= task.percent;
      }
    }
  }

  const Tree& tree_;
  const Date on_;
  std::unique_ptr<DistributionProposal> made_ = std::make_unique<DistributionProposal>();
};

// The first day after `on` on which somebody takes care of the cell anyway; the open end if none is
// known: a responsibility that begins, or somebody at a position that is vacant now.
Date TakenOverOn(const Tree& tree, const MatrixCell& cell, Date on) {
  Date day = kOpenEnd;
  const auto consider = [&](const DateRange& valid) {
    if (valid.from > on) day = std::min(day, valid.from);
  };
  const ResponsibilityIndex& index = tree.Indexed<ResponsibilityIndex>();
  for (const Responsibility* held : index.AtUnit(cell.unit->unit_id)) {
    if (held->task == cell.task->task) consider(held->valid);
  }
  if (cell.state != CellState::kVacant) return day;
  for (const CellHolder& holder : cell.holders) {
    const std::string& position_id = holder.held->position_id;
    for (const Assignment* held : tree.positions().Holders(position_id)) consider(held->valid);
    for (const Substitution* standing_in : tree.positions().Substitutions(position_id)) {
      consider(standing_in->valid);
    }
  }
  return day;
}

// The first day after `on` on which the unit does not have the task, or is not in reach.
Date OutOfReachOn(const Tree& tree, const Seat& seat, const MatrixCell& cell, Date on) {
  const std::string& unit_id = cell.unit->unit_id;
  for (Date day = on; day < kOpenEnd;) {
    const UnitVersion* unit = tree.FindUnit(unit_id, day);
    const Reach reach = ReachOfSeat(tree, seat, unit_id, day);
    const bool has_task =
        unit != nullptr && absl::c_binary_search(cell.task->unit_kinds, unit->kind);
    if (!has_task || !reach.within) return day;
    day = reach.until;
  }
  return kOpenEnd;
}

// Ids have at most 64 characters, of which some are kept for the day and a number.
std::string ShortId(const std::string& id) {
  constexpr size_t kMost = 50;
  if (id.size() <= kMost) return id;
  uint32_t hash = 2166136261;  // FNV-1a
  for (unsigned char byte : id) hash = (hash ^ byte) * 16777619;
  return absl::StrFormat("%s-%08x", id.substr(0, kMost - 9), hash);
}

std::string FreeId(const Tree& tree, const DistributionTask& task, Date on,
                   const std::vector<std::string>& taken_ids) {
  std::string day = FormatDate(on);
  day.erase(std::remove(day.begin(), day.end(), '-'), day.end());
  const std::string base = absl::StrCat(
      ShortId(absl::StrCat("r-", task.cell->task->task, "-", task.cell->unit->unit_id)), "-", day);
  Responsibility tried{base, "", "", "", 0, {}};
  const auto taken = [&] {
    return FindSame(tree.organisation().responsibilities, tried) != nullptr ||
           absl::c_linear_search(taken_ids, tried.responsibility_id);
  };
  for (int number = 2; taken(); ++number) {
    tried.responsibility_id = absl::StrCat(base, "-", number);
  }
  return tried.responsibility_id;
}

}  // namespace

int Candidacy::missing_levels() const {
  int missing = 0;
  for (const Lack& lack : lacks) missing += std::max(lack.needed.least_level, 1) - lack.level;
  return missing;
}

std::unique_ptr<const DistributionProposal> Propose(const Tree& tree, const std::string& unit_id,
                                                    Date on, int most_percent,
                                                    bool relieve_overload) {
  return Proposer(tree, unit_id, on, most_percent).Make(relieve_overload);
}

Responsibility ProposedResponsibility(const Tree& tree, const DistributionProposal& proposal,
                                      const DistributionTask& task,
                                      const std::vector<std::string>& taken_ids) {
  const Date on = proposal.matrix.on;
  const MatrixCell& cell = *task.cell;
  const Seat& seat = *task.candidacies[static_cast<size_t>(task.chosen)].seat;
  const Date to = std::min({cell.task->valid.to, seat.position->valid.to,
                            OutOfReachOn(tree, seat, cell, on), TakenOverOn(tree, cell, on),
                            task.moved != nullptr ? task.moved->valid.to : kOpenEnd});
  // What begins that very day can only be given to another position, not ended.
  const bool replaces = task.moved != nullptr && task.moved->valid.from == on;
  return {replaces ? task.moved->responsibility_id : FreeId(tree, task, on, taken_ids),
          cell.task->task,
          cell.unit->unit_id,
          seat.position->position_id,
          task.percent,
          {on, to}};
}

}  // namespace klynge::organisation
