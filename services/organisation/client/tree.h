// The organisation on all dates, compiled for questions: who stands below whom, who leads what, on
// a day.
//
// Every service holds one in memory and asks it instead of asking the organisation service. A Tree
// never changes after it is made, so any number of threads may read it. Pointers it returns live as
// long as it does. Whatever takes a date answers for that valid date.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>
#include <absl/strings/string_view.h>
#include <absl/types/optional.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "services/organisation/client/lazy_indexes.h"
#include "services/organisation/client/model.h"
#include "services/organisation/client/position_index.h"

namespace klynge::organisation {

namespace v1 {
class OrganisationSnapshot;
}

// A person in a leadership team.
struct TeamMember {
  std::string person_id;
  std::string role;
  std::vector<std::string> unit_ids;  // where the person holds the role, in tree order
};

// The cluster leader and the pedagogical leaders of a cluster or self-owned network on a day.
struct LeadershipTeam {
  std::string cluster_id;
  absl::optional<TeamMember> leader;        // nothing between two leaders, and in a network
  std::vector<TeamMember> members;          // one per person, by person id; never the leader
  std::vector<std::string> unled_unit_ids;  // institutions without a leader of their own

  bool empty() const { return !leader && members.empty(); }
  // Everyone in the team once: the leader first, then the members.
  std::vector<std::string> PersonIds() const;
};

class Tree {
 public:
  // Compiles. The organisation keeps its own rules (no cycles, no orphans); a tree of one that does
  // not still answers every question in finite time.
  // `like` may be null; of lists that the two share, nothing is compiled again.
  Tree(Organisation organisation, int64_t revision, const Tree* like = nullptr);
  static std::shared_ptr<const Tree> FromSnapshot(const v1::OrganisationSnapshot& snapshot);
  // Lays a snapshot of what was written since over `before`, which must show the revision that it
  // counts from or a later one.
  static std::shared_ptr<const Tree> FromChanges(const v1::OrganisationSnapshot& changes,
                                                 const Tree& before);

  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  // The revision of the organisation service that this shows.
  int64_t revision() const { return revision_; }
  // Everything it was made from, each list sorted by id (units: by id, then first day).
  const Organisation& organisation() const { return organisation_; }

  // The unit as it is that day; null when it does not exist that day.
  const UnitVersion* FindUnit(absl::string_view unit_id, Date on) const;
  // True when the unit exists on any day.
  bool Exists(absl::string_view unit_id) const { return units_->contains(unit_id); }
  // All versions of a unit, oldest first; empty for an unknown id.
  std::vector<const UnitVersion*> Versions(absl::string_view unit_id) const;

  // The unit itself, then everything below it, parents before children, siblings by id. Empty when
  // the unit does not exist that day.
  std::vector<std::string> Subtree(absl::string_view unit_id, Date on) const;
  std::vector<const UnitVersion*> SubtreeVersions(absl::string_view unit_id, Date on) const;
  // What is above the unit, nearest first, without itself.
  std::vector<const UnitVersion*> AncestorVersions(absl::string_view unit_id, Date on) const;
  // True when the unit is `root_id` or below it that day.
  bool IsWithin(absl::string_view unit_id, absl::string_view root_id, Date on) const;
  // Every unit of that day, by id.
  std::vector<const UnitVersion*> UnitsOn(Date on) const;

  // True when the unit exists that day and is of a kind with a leadership team.
  bool HasTeam(absl::string_view unit_id, Date on) const;
  // The team of a cluster or network; an empty one for a unit that has none that day.
  LeadershipTeam Team(absl::string_view cluster_id, Date on) const;

  // Null when unknown.
  const Person* FindPerson(absl::string_view person_id) const;
  const UnitKind* FindKind(absl::string_view kind) const;
  const Role* FindRole(absl::string_view role) const;
  // All assignments of a person, by first day.
  std::vector<const Assignment*> AssignmentsOf(absl::string_view person_id) const;
  // Assignments at the unit itself on a day, by id.
  std::vector<const Assignment*> AssignmentsAt(absl::string_view unit_id, Date on) const;
  // Assignments at the unit itself on any day, by id.
  std::vector<const Assignment*> AssignmentsEverAt(absl::string_view unit_id) const;
  // Versions of other units that stand under the unit on any day, by id.
  std::vector<const UnitVersion*> ChildrenEver(absl::string_view unit_id) const;
  // The positions, who holds them and who stands in.
  const PositionIndex& positions() const { return Indexed<PositionIndex>(); }

  // An index of what the tree itself is not asked for, such as BodyIndex, made when it is first
  // needed.
  template <class Index>
  const Index& Indexed() const {
    return indexes_.Get<Index>(*this);
  }

 private:
  struct Node {
    std::vector<const UnitVersion*> versions;  // oldest first
    std::vector<const UnitVersion*> children;  // versions that name it as parent, on any day, by id
  };
  // By ids that stand in the lists.
  using Units = absl::flat_hash_map<absl::string_view, Node>;
  using Persons = absl::flat_hash_map<absl::string_view, const Person*>;
  struct Assignments {
    absl::flat_hash_map<absl::string_view, absl::InlinedVector<const Assignment*, 1>> of_person;
    absl::flat_hash_map<absl::string_view, std::vector<const Assignment*>> at_unit;
  };
  static std::shared_ptr<const Units> Compile(const SharedList<UnitVersion>& units);
  static std::shared_ptr<const Persons> Compile(const SharedList<Person>& persons);
  static std::shared_ptr<const Assignments> Compile(const SharedList<Assignment>& assignments);

  const Node* Find(absl::string_view unit_id) const;
  bool IsTeamKind(const UnitVersion& unit) const;
  // True for a unit at which a member of a team may sit.
  bool NeedsLeader(const UnitVersion& unit) const;

  const int64_t revision_;
  const Organisation organisation_;
  // Of what does not change from one tree to the next, several trees have the same.
  std::shared_ptr<const Units> units_;
  std::shared_ptr<const Persons> persons_;
  std::shared_ptr<const Assignments> assignments_;
  absl::flat_hash_map<absl::string_view, const UnitKind*> kinds_;
  absl::flat_hash_map<absl::string_view, const Role*> roles_;
  LazyIndexes indexes_;
};

}  // namespace klynge::organisation
