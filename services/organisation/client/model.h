// The organisation as plain values: what the rules judge, the store keeps and the tree is compiled
// from.
#pragma once

#include <string>
#include <vector>

#include "services/organisation/client/bodies.h"
#include "services/organisation/client/codes.h"
#include "services/organisation/client/competences.h"
#include "services/organisation/client/hierarchies.h"
#include "services/organisation/client/partners.h"
#include "services/organisation/client/position.h"
#include "services/organisation/client/responsibilities.h"
#include "services/organisation/client/shared_list.h"
#include "services/organisation/client/succession.h"
#include "services/organisation/client/unit_details.h"
#include "services/platform/date.h"

namespace klynge::organisation {

// A unit during one period. The versions of a unit follow each other without a gap.
struct UnitVersion {
  std::string unit_id;
  std::string kind;
  std::string name;
  std::string parent_id;  // "" for a root
  DateRange valid;
  SharedDetails details{};  // only in the organisation service

  bool operator==(const UnitVersion&) const = default;
};

struct Person {
  std::string person_id;
  std::string name;
  Date erased_on = kOpenEnd;  // the name is a pseudonym since; kOpenEnd: it is not

  bool erased() const { return erased_on != kOpenEnd; }
  bool operator==(const Person&) const = default;
};

// A person in a role at a unit during one period.
struct Assignment {
  std::string assignment_id;
  std::string person_id;
  std::string role;
  std::string unit_id;
  DateRange valid;
  std::string position_id{};  // the position it fills; "" for none

  bool operator==(const Assignment&) const = default;
};

struct UnitKind {
  std::string kind;
  std::string label_da;
  std::string label_en;
  std::vector<std::string> parent_kinds;  // empty: a root
  bool has_leadership_team = false;

  bool operator==(const UnitKind&) const = default;
};

// What a role is in a leadership team: nothing, its leader, or one of its members.
enum class TeamPart { kNone = 0, kLeader = 1, kMember = 2 };

struct Role {
  std::string role;
  std::string label_da;
  std::string label_en;
  std::vector<std::string> unit_kinds;  // where it may sit
  bool exclusive = false;               // at most one holder a unit and day
  TeamPart team_part = TeamPart::kNone;
  bool leads_unit = false;  // its holder leads the unit at which it sits

  bool operator==(const Role&) const = default;
};

// The whole organisation on all dates. Copies share the lists that neither changes.
struct Organisation {
  SharedList<UnitVersion> units;
  SharedList<Person> persons;
  SharedList<Assignment> assignments;
  SharedList<Position> positions;
  SharedList<Substitution> substitutions;
  SharedList<Employment> employments;
  SharedList<Succession> successions;
  std::vector<UnitKind> unit_kinds;
  std::vector<Role> roles;

  // Only in the organisation service.
  std::vector<BodyKind> body_kinds;
  SharedList<Body> bodies;
  SharedList<BodyMembership> body_memberships;
  std::vector<PartnerKind> partner_kinds;
  std::vector<PartnershipKind> partnership_kinds;
  std::vector<Transition> transitions;
  SharedList<Partner> partners;
  SharedList<Partnership> partnerships;
  SharedList<Handover> handovers;
  std::vector<CompetenceLevel> competence_levels;
  SharedList<Competence> competences;
  SharedList<HeldCompetence> held_competences;
  std::vector<LeadershipKind> leadership_kinds;
  SharedList<Task> tasks;
  SharedList<Responsibility> responsibilities;
  std::vector<Hierarchy> hierarchies;
  SharedList<Placement> placements;
  std::vector<CodeRegister> code_registers;
  SharedList<Code> codes;
};

}  // namespace klynge::organisation
