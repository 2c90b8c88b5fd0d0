#include "services/organisation/responsibility_matrix.h"

#include <absl/algorithm/container.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "services/organisation/competence_finder.h"

namespace klynge::organisation {
namespace {

bool IsTeamRole(const Tree& tree, const std::string& code) {
  const Role* role = tree.FindRole(code);
  return role != nullptr && role->team_part != TeamPart::kNone;
}

CellState StateOf(const MatrixCell& cell) {
  if (cell.holders.empty()) return CellState::kNobody;
  std::set<std::string> actors;
  for (const CellHolder& holder : cell.holders) actors.insert(holder.seat.actor());
  actors.erase("");
  if (actors.empty()) return CellState::kVacant;
  return actors.size() > 1 && !cell.task->may_be_shared ? CellState::kDouble : CellState::kCovered;
}

// The cells of one unit: its tasks, and what somebody has there that is none of them.
std::vector<MatrixCell> CellsOf(const Tree& tree, const UnitVersion& unit, Date on) {
  const ResponsibilityIndex& index = tree.Indexed<ResponsibilityIndex>();
  std::vector<MatrixCell> cells;
  for (const Task* task : index.TasksOf(unit.kind, on)) cells.push_back({&unit, task, {}, {}});
  for (const Responsibility* held : index.AtUnit(unit.unit_id)) {
    if (!held->valid.Contains(on)) continue;
    const Position* position = tree.positions().Find(held->position_id);
    if (position == nullptr) continue;
    auto cell = absl::c_find_if(
        cells, [&](const MatrixCell& known) { return known.task->task == held->task; });
    if (cell == cells.end()) {
      const Task* task = index.FindTask(held->task);
      if (task == nullptr) continue;
      cell = cells.insert(cells.end(), MatrixCell{&unit, task, {}, {}});
    }
    cell->holders.push_back({held, SeatOn(tree, *position, on)});
  }
  for (MatrixCell& cell : cells) cell.state = StateOf(cell);
  return cells;
}

class MatrixMaker {
 public:
  MatrixMaker(const Tree& tree, const std::string& unit_id, Date on)
      : tree_(tree), index_(tree.Indexed<ResponsibilityIndex>()), unit_id_(unit_id) {
    made_.unit = tree.FindUnit(unit_id, on);
    made_.on = on;
  }

  ResponsibilityMatrix Make() && {
    for (const UnitVersion* unit : tree_.SubtreeVersions(unit_id_, made_.on)) {
      for (MatrixCell& cell : CellsOf(tree_, *unit, made_.on)) {
        made_.cells.push_back(std::move(cell));
      }
      for (const Position* position : tree_.positions().At(unit->unit_id, made_.on)) {
        AddSeat(SeatOn(tree_, *position, made_.on), true);
      }
    }
    for (const MatrixCell& cell : made_.cells) {
      for (const CellHolder& holder : cell.holders) AddSeat(holder.seat, false);
    }
    AddMembers();
    AddTimes();
    AddNeeds();
    return std::move(made_);
  }

 private:
  void AddSeat(const Seat& seat, bool here) {
    SeatLoad load{seat, here && IsTeamRole(tree_, seat.position->role), 0, 0};
    for (const Responsibility* held : index_.OfPosition(seat.position->position_id)) {
      if (!held->valid.Contains(made_.on)) continue;
      load.percent += held->percent;
      ++load.count;
    }
    if (here && !load.in_team && load.count == 0) return;
    if (known_seats_.insert(seat.position->position_id).second) made_.seats.push_back(load);
  }

  void AddMembers() {
    const LeadershipTeam team = tree_.Team(unit_id_, made_.on);
    for (const std::string& person_id : team.PersonIds()) AddMember(person_id, true);
    std::set<std::string> others;
    for (const SeatLoad& load : made_.seats) others.insert(load.seat.actor());
    for (const std::string& person_id : others) {
      if (!person_id.empty()) AddMember(person_id, false);
    }
  }

  void AddMember(const std::string& person_id, bool in_team) {
    if (!known_members_.insert(person_id).second) return;
    ActorLoad member{person_id, in_team, SeatsOf(tree_, person_id, made_.on), 0, 0};
    for (const Seat& seat : member.seats) {
      const int percent = PercentOf(tree_, seat.position->position_id, made_.on);
      member.percent += percent;
      if (seat.substitute != nullptr) member.standing_in += percent;
    }
    made_.members.push_back(std::move(member));
  }

  void AddTimes() {
    std::map<absl::string_view, KindTime> by_kind;
    for (const MatrixCell& cell : made_.cells) {
      int meant = 0;
      for (const CellHolder& holder : cell.holders) meant += holder.held->percent;
      const int spent = cell.percent();
      for (const LeadershipKind* kind = index_.FindKind(cell.task->leadership_kind);
           kind != nullptr; kind = index_.FindKind(kind->parent_kind)) {
        KindTime& time = by_kind[kind->kind];
        time.percent += spent;
        time.vacant += meant - spent;
        time.expected += cell.task->expected_percent;
      }
    }
    for (const LeadershipKind* kind : index_.kinds()) {
      KindTime time = by_kind[kind->kind];
      time.kind = kind;
      made_.times.push_back(time);
    }
    made_.primary_is_largest = PrimaryIsLargest();
  }

  // Of the kinds that are a part of none.
  bool PrimaryIsLargest() const {
    int primary = 0;
    int largest_other = 0;
    for (const KindTime& time : made_.times) {
      if (!time.kind->parent_kind.empty()) continue;
      int& side = time.kind->primary ? primary : largest_other;
      side = std::max(side, time.percent);
    }
    return primary > largest_other;
  }

  void AddNeeds() {
    std::map<std::string, TeamNeed> needs;
    for (const MatrixCell& cell : made_.cells) {
      for (const NeededCompetence& needed : cell.task->needs) {
        TeamNeed& need = needs[needed.competence];
        need.competence = needed.competence;
        need.least_level = std::max(need.least_level, needed.least_level);
        if (!absl::c_linear_search(need.tasks, cell.task->task)) {
          need.tasks.push_back(cell.task->task);
        }
      }
    }
    for (auto& [competence, need] : needs) {
      std::sort(need.tasks.begin(), need.tasks.end());
      for (const ActorLoad& member : made_.members) {
        need.level = std::max(need.level, LevelOf(tree_, member.person_id, competence, made_.on));
      }
      made_.needs.push_back(std::move(need));
    }
  }

  const Tree& tree_;
  const ResponsibilityIndex& index_;
  const std::string unit_id_;
  ResponsibilityMatrix made_;
  std::set<std::string> known_seats_;
  std::set<std::string> known_members_;
};

}  // namespace

const std::string& Seat::actor() const {
  static const auto* const nobody = new std::string;
  if (substitute != nullptr) return substitute->person_id;
  return holder != nullptr ? holder->person_id : *nobody;
}

Seat SeatOn(const Tree& tree, const Position& position, Date on) {
  return {&position, tree.positions().HolderOn(position.position_id, on),
          tree.positions().SubstituteOn(position.position_id, on)};
}

std::vector<Seat> SeatsOf(const Tree& tree, const std::string& person_id, Date on) {
  std::set<std::string> ids;
  for (const Assignment* held : tree.AssignmentsOf(person_id)) {
    if (held->valid.Contains(on)) ids.insert(held->position_id);
  }
  for (const Substitution* standing_in : tree.positions().SubstitutionsOf(person_id)) {
    if (standing_in->valid.Contains(on)) ids.insert(standing_in->position_id);
  }
  std::vector<Seat> seats;
  for (const std::string& position_id : ids) {
    const Position* position = tree.positions().Find(position_id);
    if (position == nullptr) continue;
    const Seat seat = SeatOn(tree, *position, on);
    if (seat.actor() == person_id) seats.push_back(seat);
  }
  return seats;
}

int PercentOf(const Tree& tree, const std::string& position_id, Date on) {
  int percent = 0;
  for (const Responsibility* held : tree.Indexed<ResponsibilityIndex>().OfPosition(position_id)) {
    if (held->valid.Contains(on)) percent += held->percent;
  }
  return percent;
}

int PercentOfPerson(const Tree& tree, const std::string& person_id, Date on) {
  int percent = 0;
  for (const Seat& seat : SeatsOf(tree, person_id, on)) {
    percent += PercentOf(tree, seat.position->position_id, on);
  }
  return percent;
}

int LevelOf(const Tree& tree, const std::string& person_id, const std::string& competence,
            Date on) {
  const Levels levels = LevelsOf(tree, person_id, competence, on);
  return std::max(levels.confirmed, levels.declared);
}

std::vector<Lack> LacksOf(const Tree& tree, const Task& task, const std::string& person_id,
                          Date on) {
  std::vector<Lack> lacks;
  for (const NeededCompetence& needed : task.needs) {
    const int level = LevelOf(tree, person_id, needed.competence, on);
    if (level < std::max(needed.least_level, 1)) lacks.push_back({needed, level});
  }
  return lacks;
}

int MatrixCell::percent() const {
  int percent = 0;
  for (const CellHolder& holder : holders) {
    if (!holder.seat.actor().empty()) percent += holder.held->percent;
  }
  return percent;
}

int ResponsibilityMatrix::Count(CellState state) const {
  return static_cast<int>(
      absl::c_count_if(cells, [&](const MatrixCell& cell) { return cell.state == state; }));
}

ResponsibilityMatrix MakeMatrix(const Tree& tree, const std::string& unit_id, Date on) {
  return MatrixMaker(tree, unit_id, on).Make();
}

}  // namespace klynge::organisation
