// The sorts of things an organisation is made of and an import brings. What is done alike to all of
// them is written once, over Things; a new sort is a line in each list here.
#pragma once

#include <absl/strings/string_view.h>
#include <absl/types/variant.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "services/organisation/client/model.h"

namespace klynge::organisation {

// In the order in which they are stored: what refers comes after what it refers to.
using AnyThing = absl::variant<UnitVersion, Person, Assignment, Position, Substitution, Employment,
                               Body, BodyMembership, Partner, Partnership, Handover, Competence,
                               HeldCompetence, Task, Responsibility, Succession, Placement, Code>;

template <class Thing>
struct Sort {
  using Type = Thing;
};

// Calls `visit(Sort<Thing>{})` for each sort, in order.
template <class Visit>
void ForEachSort(Visit visit) {
  [&]<class... Thing>(Sort<absl::variant<Thing...>>) {
    (visit(Sort<Thing>{}), ...);
  }(Sort<AnyThing>{});
}

// The list of one sort in whatever has a list of each: an organisation, a snapshot, a plan.
template <class Thing, class Lists>
auto& ListOf(Lists& lists) {
  if constexpr (std::is_same_v<Thing, UnitVersion>) {
    return lists.units;
  } else if constexpr (std::is_same_v<Thing, Person>) {
    return lists.persons;
  } else if constexpr (std::is_same_v<Thing, Assignment>) {
    return lists.assignments;
  } else if constexpr (std::is_same_v<Thing, Position>) {
    return lists.positions;
  } else if constexpr (std::is_same_v<Thing, Substitution>) {
    return lists.substitutions;
  } else if constexpr (std::is_same_v<Thing, Employment>) {
    return lists.employments;
  } else if constexpr (std::is_same_v<Thing, Body>) {
    return lists.bodies;
  } else if constexpr (std::is_same_v<Thing, BodyMembership>) {
    return lists.body_memberships;
  } else if constexpr (std::is_same_v<Thing, Partner>) {
    return lists.partners;
  } else if constexpr (std::is_same_v<Thing, Partnership>) {
    return lists.partnerships;
  } else if constexpr (std::is_same_v<Thing, Handover>) {
    return lists.handovers;
  } else if constexpr (std::is_same_v<Thing, Competence>) {
    return lists.competences;
  } else if constexpr (std::is_same_v<Thing, Task>) {
    return lists.tasks;
  } else if constexpr (std::is_same_v<Thing, Responsibility>) {
    return lists.responsibilities;
  } else if constexpr (std::is_same_v<Thing, HeldCompetence>) {
    return lists.held_competences;
  } else if constexpr (std::is_same_v<Thing, Succession>) {
    return lists.successions;
  } else if constexpr (std::is_same_v<Thing, Placement>) {
    return lists.placements;
  } else {
    static_assert(std::is_same_v<Thing, Code>);
    return lists.codes;
  }
}

inline const std::string& IdOf(const UnitVersion& unit) { return unit.unit_id; }
inline const std::string& IdOf(const Person& person) { return person.person_id; }
inline const std::string& IdOf(const Assignment& assignment) { return assignment.assignment_id; }
inline const std::string& IdOf(const Position& position) { return position.position_id; }
inline const std::string& IdOf(const Substitution& substitution) {
  return substitution.substitution_id;
}
inline const std::string& IdOf(const Employment& employment) { return employment.employment_id; }
inline const std::string& IdOf(const Body& body) { return body.body_id; }
inline const std::string& IdOf(const BodyMembership& held) { return held.membership_id; }
inline const std::string& IdOf(const Partner& partner) { return partner.partner_id; }
inline const std::string& IdOf(const Partnership& joint) { return joint.partnership_id; }
inline const std::string& IdOf(const Handover& handover) { return handover.handover_id; }
inline const std::string& IdOf(const Competence& competence) { return competence.competence; }
inline const std::string& IdOf(const HeldCompetence& held) { return held.held_competence_id; }
inline const std::string& IdOf(const Task& task) { return task.task; }
inline const std::string& IdOf(const Responsibility& responsibility) {
  return responsibility.responsibility_id;
}
inline const std::string& IdOf(const Succession& succession) { return succession.succession_id; }
inline const std::string& IdOf(const Placement& placement) { return placement.placement_id; }
inline const std::string& IdOf(const Code& code) { return code.code_id; }

// The path of the id in an import row.
inline const char* IdField(const UnitVersion&) { return "unit.unit_id"; }
inline const char* IdField(const Person&) { return "person.person_id"; }
inline const char* IdField(const Assignment&) { return "assignment.assignment_id"; }
inline const char* IdField(const Position&) { return "position.position_id"; }
inline const char* IdField(const Substitution&) { return "substitution.substitution_id"; }
inline const char* IdField(const Employment&) { return "employment.employment_id"; }
inline const char* IdField(const Body&) { return "body.body_id"; }
inline const char* IdField(const BodyMembership&) { return "body_membership.membership_id"; }
inline const char* IdField(const Partner&) { return "partner.partner_id"; }
inline const char* IdField(const Partnership&) { return "partnership.partnership_id"; }
inline const char* IdField(const Handover&) { return "handover.handover_id"; }
inline const char* IdField(const Competence&) { return "competence.competence"; }
inline const char* IdField(const HeldCompetence&) { return "held_competence.held_competence_id"; }
inline const char* IdField(const Task&) { return "task.task"; }
inline const char* IdField(const Responsibility&) { return "responsibility.responsibility_id"; }
inline const char* IdField(const Succession&) { return "succession.succession_id"; }
inline const char* IdField(const Placement&) { return "placement.placement_id"; }
inline const char* IdField(const Code&) { return "code.code_id"; }

// How many things of all sorts there are.
template <class Lists>
size_t ThingsIn(const Lists& lists) {
  size_t things = 0;
  ForEachSort([&](auto sort) { things += ListOf<typename decltype(sort)::Type>(lists).size(); });
  return things;
}

// What only one thing of its sort can have: the id, and for a version of a unit its first day.
template <class Thing>
std::tuple<absl::string_view, Date> KeyOf(const Thing& thing) {
  if constexpr (std::is_same_v<Thing, UnitVersion>) {
    return {IdOf(thing), thing.valid.from};
  } else {
    return {IdOf(thing), Date()};
  }
}

template <class Thing>
void SortByKey(std::vector<Thing>& things) {
  std::sort(things.begin(), things.end(),
            [](const Thing& a, const Thing& b) { return KeyOf(a) < KeyOf(b); });
}

// The first thing with the id in a list sorted by key; null when there is none.
template <class List>
const typename List::value_type* FindById(const List& sorted, absl::string_view id) {
  using Thing = typename List::value_type;
  auto found =
      std::lower_bound(sorted.begin(), sorted.end(), id,
                       [](const Thing& a, absl::string_view wanted) { return IdOf(a) < wanted; });
  return found != sorted.end() && IdOf(*found) == id ? &*found : nullptr;
}

// The thing with the same key in a list sorted by it; null when there is none.
template <class List>
const typename List::value_type* FindSame(const List& sorted,
                                          const typename List::value_type& thing) {
  using Thing = typename List::value_type;
  auto found = std::lower_bound(sorted.begin(), sorted.end(), thing,
                                [](const Thing& a, const Thing& b) { return KeyOf(a) < KeyOf(b); });
  return found != sorted.end() && KeyOf(*found) == KeyOf(thing) ? &*found : nullptr;
}

}  // namespace klynge::organisation
