#include "services/organisation/client/tree.h"

#include <algorithm>
#include <map>
#include <utility>

#include "services/organisation/client/convert.h"
#include "services/organisation/client/lay_over.h"
#include "services/organisation/client/things.h"

namespace klynge::organisation {
namespace {

// Mostly they are sorted already, which is much quicker to see than to do again.
template <class Thing>
void SortUnlessSorted(SharedList<Thing>& things) {
  const auto before = [](const Thing& a, const Thing& b) { return KeyOf(a) < KeyOf(b); };
  if (!std::is_sorted(things.begin(), things.end(), before)) SortByKey(things.Change());
}

// Those of `like` are sorted.
Organisation Sorted(Organisation o, const Tree* like) {
  ForEachSort([&](auto sort) {
    using Thing = typename decltype(sort)::Type;
    SharedList<Thing>& list = ListOf<Thing>(o);
    const bool same = like != nullptr && list.SharesWith(ListOf<Thing>(like->organisation()));
    if (!same) SortUnlessSorted(list);
  });
  std::sort(o.unit_kinds.begin(), o.unit_kinds.end(),
            [](const UnitKind& a, const UnitKind& b) { return a.kind < b.kind; });
  std::sort(o.roles.begin(), o.roles.end(),
            [](const Role& a, const Role& b) { return a.role < b.role; });
  return o;
}

std::vector<std::string> Ids(const std::vector<const UnitVersion*>& units) {
  std::vector<std::string> ids;
  ids.reserve(units.size());
  for (const UnitVersion* unit : units) ids.push_back(unit->unit_id);
  return ids;
}

}  // namespace

std::vector<std::string> LeadershipTeam::PersonIds() const {
  std::vector<std::string> ids;
  if (leader) ids.push_back(leader->person_id);
  for (const TeamMember& member : members) ids.push_back(member.person_id);
  return ids;
}

Tree::Tree(Organisation organisation, int64_t revision, const Tree* like)
    : revision_(revision), organisation_(Sorted(std::move(organisation), like)) {
  for (const UnitKind& kind : organisation_.unit_kinds) kinds_[kind.kind] = &kind;
  for (const Role& role : organisation_.roles) roles_[role.role] = &role;
  const auto shares = [&](auto list) {
    return like != nullptr && (organisation_.*list).SharesWith(like->organisation_.*list);
  };
  units_ = shares(&Organisation::units) ? like->units_ : Compile(organisation_.units);
  persons_ = shares(&Organisation::persons) ? like->persons_ : Compile(organisation_.persons);
  assignments_ =
      shares(&Organisation::assignments) ? like->assignments_ : Compile(organisation_.assignments);
}

// The lists are sorted, so everything that is appended is sorted too.
std::shared_ptr<const Tree::Units> Tree::Compile(const SharedList<UnitVersion>& units) {
  auto compiled = std::make_shared<Units>();
  compiled->reserve(units.size());
  for (const UnitVersion& unit : units) (*compiled)[unit.unit_id].versions.push_back(&unit);
  for (const UnitVersion& unit : units) {
    auto parent = compiled->find(unit.parent_id);
    if (parent != compiled->end()) parent->second.children.push_back(&unit);
  }
  return compiled;
}

std::shared_ptr<const Tree::Persons> Tree::Compile(const SharedList<Person>& persons) {
  auto compiled = std::make_shared<Persons>();
  compiled->reserve(persons.size());
  for (const Person& person : persons) compiled->emplace(person.person_id, &person);
  return compiled;
}

std::shared_ptr<const Tree::Assignments> Tree::Compile(const SharedList<Assignment>& assignments) {
  auto compiled = std::make_shared<Assignments>();
  compiled->of_person.reserve(assignments.size());
  for (const Assignment& assignment : assignments) {
    compiled->of_person[assignment.person_id].push_back(&assignment);
    compiled->at_unit[assignment.unit_id].push_back(&assignment);
  }
  return compiled;
}

std::shared_ptr<const Tree> Tree::FromSnapshot(const v1::OrganisationSnapshot& snapshot) {
  return std::make_shared<const Tree>(organisation::FromSnapshot(snapshot), snapshot.revision());
}

std::shared_ptr<const Tree> Tree::FromChanges(const v1::OrganisationSnapshot& changes,
                                              const Tree& before) {
  Organisation newer = organisation::FromSnapshot(changes);
  Organisation organisation = before.organisation();
  ForEachSort([&](auto sort) {
    using Thing = typename decltype(sort)::Type;
    LayOver(ListOf<Thing>(organisation), std::move(ListOf<Thing>(newer).Change()));
  });
  organisation.unit_kinds = std::move(newer.unit_kinds);
  organisation.roles = std::move(newer.roles);
  return std::make_shared<const Tree>(std::move(organisation), changes.revision(), &before);
}

const Tree::Node* Tree::Find(absl::string_view unit_id) const {
  auto found = units_->find(unit_id);
  return found == units_->end() ? nullptr : &found->second;
}

const UnitVersion* Tree::FindUnit(absl::string_view unit_id, Date on) const {
  const Node* node = Find(unit_id);
  if (node == nullptr) return nullptr;
  for (const UnitVersion* version : node->versions) {
    if (version->valid.Contains(on)) return version;
  }
  return nullptr;
}

std::vector<const UnitVersion*> Tree::Versions(absl::string_view unit_id) const {
  const Node* node = Find(unit_id);
  return node == nullptr ? std::vector<const UnitVersion*>{} : node->versions;
}

std::vector<const UnitVersion*> Tree::SubtreeVersions(absl::string_view unit_id, Date on) const {
  std::vector<const UnitVersion*> below;
  const UnitVersion* root = FindUnit(unit_id, on);
  if (root == nullptr) return below;
  std::vector<const UnitVersion*> waiting = {root};
  // The count ends the walk even in a tree that breaks its own rules.
  while (!waiting.empty() && below.size() < units_->size()) {
    const UnitVersion* unit = waiting.back();
    waiting.pop_back();
    below.push_back(unit);
    const std::vector<const UnitVersion*>& children = Find(unit->unit_id)->children;
    for (auto child = children.rbegin(); child != children.rend(); ++child) {
      if ((*child)->valid.Contains(on)) waiting.push_back(*child);
    }
  }
  return below;
}

std::vector<std::string> Tree::Subtree(absl::string_view unit_id, Date on) const {
  return Ids(SubtreeVersions(unit_id, on));
}

std::vector<const UnitVersion*> Tree::AncestorVersions(absl::string_view unit_id, Date on) const {
  std::vector<const UnitVersion*> above;
  const UnitVersion* unit = FindUnit(unit_id, on);
  while (unit != nullptr && !unit->parent_id.empty() && above.size() < units_->size()) {
    unit = FindUnit(unit->parent_id, on);
    if (unit != nullptr) above.push_back(unit);
  }
  return above;
}

bool Tree::IsWithin(absl::string_view unit_id, absl::string_view root_id, Date on) const {
  const UnitVersion* unit = FindUnit(unit_id, on);
  if (unit == nullptr) return false;
  if (unit_id == root_id) return true;
  const std::vector<const UnitVersion*> above = AncestorVersions(unit_id, on);
  return std::any_of(above.begin(), above.end(),
                     [&](const UnitVersion* ancestor) { return ancestor->unit_id == root_id; });
}

std::vector<const UnitVersion*> Tree::UnitsOn(Date on) const {
  std::vector<const UnitVersion*> units;
  for (const UnitVersion& unit : organisation_.units) {
    if (unit.valid.Contains(on)) units.push_back(&unit);
  }
  return units;
}

bool Tree::IsTeamKind(const UnitVersion& unit) const {
  const UnitKind* kind = FindKind(unit.kind);
  return kind != nullptr && kind->has_leadership_team;
}

bool Tree::HasTeam(absl::string_view unit_id, Date on) const {
  const UnitVersion* unit = FindUnit(unit_id, on);
  return unit != nullptr && IsTeamKind(*unit);
}

LeadershipTeam Tree::Team(absl::string_view cluster_id, Date on) const {
  LeadershipTeam team;
  team.cluster_id = std::string(cluster_id);
  if (!HasTeam(cluster_id, on)) return team;

  std::map<std::string, TeamMember> members;
  for (const UnitVersion* unit : SubtreeVersions(cluster_id, on)) {
    bool led = false;
    for (const Assignment* assignment : AssignmentsAt(unit->unit_id, on)) {
      const Role* role = FindRole(assignment->role);
      if (role == nullptr) continue;
      if (role->team_part == TeamPart::kLeader && unit->unit_id == cluster_id && !team.leader) {
        team.leader = TeamMember{assignment->person_id, role->role, {unit->unit_id}};
      } else if (role->team_part == TeamPart::kMember) {
        led = true;
        TeamMember& member = members[assignment->person_id];
        member.person_id = assignment->person_id;
        member.role = role->role;
        if (member.unit_ids.empty() || member.unit_ids.back() != unit->unit_id) {
          member.unit_ids.push_back(unit->unit_id);
        }
      }
    }
    if (!led && NeedsLeader(*unit)) team.unled_unit_ids.push_back(unit->unit_id);
  }
  if (team.leader) members.erase(team.leader->person_id);
  for (auto& [person_id, member] : members) team.members.push_back(std::move(member));
  return team;
}

bool Tree::NeedsLeader(const UnitVersion& unit) const {
  return std::any_of(organisation_.roles.begin(), organisation_.roles.end(), [&](const Role& role) {
    return role.team_part == TeamPart::kMember &&
           std::find(role.unit_kinds.begin(), role.unit_kinds.end(), unit.kind) !=
               role.unit_kinds.end();
  });
}

const Person* Tree::FindPerson(absl::string_view person_id) const {
  auto found = persons_->find(person_id);
  return found == persons_->end() ? nullptr : found->second;
}

const UnitKind* Tree::FindKind(absl::string_view kind) const {
  auto found = kinds_.find(kind);
  return found == kinds_.end() ? nullptr : found->second;
}

const Role* Tree::FindRole(absl::string_view role) const {
  auto found = roles_.find(role);
  return found == roles_.end() ? nullptr : found->second;
}

std::vector<const Assignment*> Tree::AssignmentsOf(absl::string_view person_id) const {
  const auto found = assignments_->of_person.find(person_id);
  if (found == assignments_->of_person.end()) return {};
  std::vector<const Assignment*> assignments(found->second.begin(), found->second.end());
  std::stable_sort(assignments.begin(), assignments.end(),
                   [](const auto* a, const auto* b) { return a->valid.from < b->valid.from; });
  return assignments;
}

std::vector<const Assignment*> Tree::AssignmentsAt(absl::string_view unit_id, Date on) const {
  std::vector<const Assignment*> assignments;
  const auto found = assignments_->at_unit.find(unit_id);
  if (found == assignments_->at_unit.end()) return assignments;
  for (const Assignment* assignment : found->second) {
    if (assignment->valid.Contains(on)) assignments.push_back(assignment);
  }
  return assignments;
}

std::vector<const Assignment*> Tree::AssignmentsEverAt(absl::string_view unit_id) const {
  const auto found = assignments_->at_unit.find(unit_id);
  return found == assignments_->at_unit.end() ? std::vector<const Assignment*>{} : found->second;
}

std::vector<const UnitVersion*> Tree::ChildrenEver(absl::string_view unit_id) const {
  const Node* node = Find(unit_id);
  return node == nullptr ? std::vector<const UnitVersion*>{} : node->children;
}

}  // namespace klynge::organisation
