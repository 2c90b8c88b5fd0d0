#include "services/organisation/client/team_history.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "services/organisation/client/leadership_chain.h"

namespace klynge::organisation {
namespace {

// The days after `from`, up to and including `to`, on which something about the team can change.
class DaysOfChange {
 public:
  DaysOfChange(const Tree& tree, Date from, Date to) : tree_(tree), from_(from), to_(to) {}

  std::set<Date> Of(const std::string& cluster_id) && {
    Visit(cluster_id);
    return std::move(days_);
  }

 private:
  void Add(const DateRange& valid) {
    for (const Date day : {valid.from, valid.to}) {
      if (from_ < day && day <= to_) days_.insert(day);
    }
  }

  // What stands below on other days only adds days on which nothing changes.
  void Visit(const std::string& unit_id) {
    if (!visited_.insert(unit_id).second) return;
    for (const UnitVersion* version : tree_.Versions(unit_id)) Add(version->valid);
    for (const Assignment* held : tree_.AssignmentsEverAt(unit_id)) Add(held->valid);
    for (const Position* position : tree_.positions().EverAt(unit_id)) {
      Add(position->valid);
      for (const auto* substitution : tree_.positions().Substitutions(position->position_id)) {
        Add(substitution->valid);
      }
    }
    for (const UnitVersion* child : tree_.ChildrenEver(unit_id)) {
      if (child->valid.from <= to_ && from_ <= child->valid.to) Visit(child->unit_id);
    }
  }

  const Tree& tree_;
  const Date from_, to_;
  std::set<Date> days_;
  std::set<std::string> visited_;
};

// A team on one day.
struct TeamState {
  bool exists = false;
  LeadershipTeam team;
  TeamPositions positions;
};

TeamState StateOn(const Tree& tree, const std::string& cluster_id, Date on) {
  return {tree.HasTeam(cluster_id, on), tree.Team(cluster_id, on),
          FindTeamPositions(tree, cluster_id, on)};
}

std::map<std::string, const TeamMember*> ByPerson(const LeadershipTeam& team) {
  std::map<std::string, const TeamMember*> members;
  for (const TeamMember& member : team.members) members[member.person_id] = &member;
  return members;
}

// What is different from the day before.
class Difference {
 public:
  Difference(const std::string& cluster_id, Date date, const TeamState& before,
             const TeamState& after)
      : cluster_id_(cluster_id), date_(date), before_(before), after_(after) {}

  std::vector<TeamChange> Find() && {
    if (!before_.exists && after_.exists) Add(TeamChangeKind::kTeamBegan);
    CompareLeader();
    CompareMembers();
    CompareVacancies();
    CompareSubstitutes();
    if (before_.exists && !after_.exists) Add(TeamChangeKind::kTeamEnded);
    return std::move(changes_);
  }

 private:
  TeamChange& Add(TeamChangeKind kind) {
    TeamChange& change = changes_.emplace_back();
    change.date = date_;
    change.kind = kind;
    change.cluster_id = cluster_id_;
    return change;
  }
  void Add(TeamChangeKind kind, const TeamMember& member) {
    TeamChange& change = Add(kind);
    change.person_id = member.person_id;
    change.role = member.role;
    change.unit_ids = member.unit_ids;
  }
  void Add(TeamChangeKind kind, const Position& position, const std::string& person_id) {
    TeamChange& change = Add(kind);
    change.person_id = person_id;
    change.role = position.role;
    change.position_id = position.position_id;
  }

  void CompareLeader() {
    const auto& before = before_.team.leader;
    const auto& after = after_.team.leader;
    if (before && after && before->person_id == after->person_id) return;
    if (before) Add(TeamChangeKind::kLeaderWent, *before);
    if (after) Add(TeamChangeKind::kLeaderCame, *after);
  }

  void CompareMembers() {
    const auto before = ByPerson(before_.team);
    const auto after = ByPerson(after_.team);
    for (const auto& [person_id, member] : before) {
      if (!after.contains(person_id)) Add(TeamChangeKind::kMemberWent, *member);
    }
    for (const auto& [person_id, member] : after) {
      auto earlier = before.find(person_id);
      if (earlier == before.end()) {
        Add(TeamChangeKind::kMemberCame, *member);
      } else if (earlier->second->unit_ids != member->unit_ids) {
        Add(TeamChangeKind::kMemberUnitsChanged, *member);
      }
    }
  }

  void CompareVacancies() {
    const auto of = [](const TeamState& state) {
      std::map<std::string, const Position*> vacant;
      for (const VacantPosition& each : state.positions.vacancies) {
        vacant[each.position->position_id] = each.position;
      }
      return vacant;
    };
    const auto before = of(before_);
    const auto after = of(after_);
    for (const auto& [id, position] : before) {
      if (!after.contains(id)) Add(TeamChangeKind::kVacancyEnded, *position, "");
    }
    for (const auto& [id, position] : after) {
      if (!before.contains(id)) Add(TeamChangeKind::kVacancyBegan, *position, "");
    }
  }

  // Who stands in, not by which substitution: one that follows another of the same person is none.
  void CompareSubstitutes() {
    const auto of = [](const TeamState& state) {
      std::map<std::pair<std::string, std::string>, const Position*> substitutes;
      for (const TeamSubstitute& each : state.positions.substitutes) {
        substitutes[{each.position->position_id, each.substitution->person_id}] = each.position;
      }
      return substitutes;
    };
    const auto before = of(before_);
    const auto after = of(after_);
    for (const auto& [key, position] : before) {
      if (!after.contains(key)) Add(TeamChangeKind::kSubstituteEnded, *position, key.second);
    }
    for (const auto& [key, position] : after) {
      if (!before.contains(key)) Add(TeamChangeKind::kSubstituteBegan, *position, key.second);
    }
  }

  const std::string& cluster_id_;
  const Date date_;
  const TeamState& before_;
  const TeamState& after_;
  std::vector<TeamChange> changes_;
};

}  // namespace

std::vector<TeamChange> TeamChanges(const Tree& tree, const std::string& cluster_id, Date from,
                                    Date to) {
  std::vector<TeamChange> changes;
  TeamState before = StateOn(tree, cluster_id, from);
  for (const Date day : DaysOfChange(tree, from, to).Of(cluster_id)) {
    TeamState after = StateOn(tree, cluster_id, day);
    std::vector<TeamChange> more = Difference(cluster_id, day, before, after).Find();
    changes.insert(changes.end(), std::make_move_iterator(more.begin()),
                   std::make_move_iterator(more.end()));
    before = std::move(after);
  }
  return changes;
}

DateRange TeamLife(const Tree& tree, const std::string& cluster_id, Date on) {
  DateRange life{on, on};
  if (!tree.HasTeam(cluster_id, on)) return life;
  bool open = false;
  for (const UnitVersion* version : tree.Versions(cluster_id)) {
    const bool team = tree.HasTeam(cluster_id, version->valid.from);
    if (!team && on < version->valid.from) break;
    if (!team) {
      open = false;
    } else if (!open) {
      open = true;
      life.from = version->valid.from;
    }
    if (team) life.to = version->valid.to;
  }
  return life;
}

}  // namespace klynge::organisation
