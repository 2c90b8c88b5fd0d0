#include "services/organisation/body_queries.h"

#include <absl/algorithm/container.h>
#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>

#include <tuple>

#include "services/organisation/body_index.h"
#include "services/organisation/client/bodies_convert.h"
#include "services/organisation/hierarchy_index.h"
#include "services/organisation/query_support.h"

namespace klynge::organisation {
namespace {

absl::Status BodyNotFound(const std::string& body_id) {
  return NotFound(v1::ERROR_REASON_BODY_NOT_FOUND,
                  absl::StrCat("there is no body \"", body_id, "\""), {{"body_id", body_id}});
}

void CheckKinds(Violations& violations, const Tree& tree,
                const google::protobuf::RepeatedPtrField<std::string>& kinds) {
  CheckCodes(violations, "kinds", kinds, "ListBodyKinds",
             [&](const std::string& kind) { return FindBodyKind(tree, kind) != nullptr; });
}

// The bodies of the units that the request names, or all, of the kinds that it names, by id; on any
// day.
template <class Request>
absl::StatusOr<std::vector<const Body*>> BodiesInScope(const Tree& tree, const Request& request,
                                                       Date on) {
  std::vector<const Body*> bodies;
  if (request.unit_id().empty()) {
    for (const Body& body : tree.organisation().bodies) bodies.push_back(&body);
  } else {
    KLYNGE_ASSIGN_OR_RETURN(const auto units, UnitsInScope(tree, request, on));
    for (const std::string& unit_id : units) {
      const auto& of_unit = tree.Indexed<BodyIndex>().BodiesOf(unit_id);
      bodies.insert(bodies.end(), of_unit.begin(), of_unit.end());
    }
    absl::c_sort(bodies, [](const Body* a, const Body* b) { return a->body_id < b->body_id; });
  }
  return bodies;
}

// The hierarchy in which bodies of the kind stand above each other; null when they do in none.
const HierarchyTree* HierarchyOf(const Tree& tree, const Body& body) {
  const BodyKind* kind = FindBodyKind(tree, body.kind);
  if (kind == nullptr || kind->hierarchy.empty()) return nullptr;
  return tree.Indexed<HierarchyIndex>().Find(kind->hierarchy);
}

// The first body of the same kind that the unit has that day, by id; null when it has none.
const Body* SameKindAt(const Tree& tree, const Body& body, absl::string_view unit_id, Date on) {
  for (const Body* other : tree.Indexed<BodyIndex>().BodiesOf(unit_id)) {
    if (other->kind == body.kind && other->valid.Contains(on)) return other;
  }
  return nullptr;
}

// That of the nearest unit above; null when no unit above has one.
const Body* SuperiorOf(const Tree& tree, const Body& body, Date on) {
  const HierarchyTree* hierarchy = HierarchyOf(tree, body);
  if (hierarchy == nullptr || !body.valid.Contains(on)) return nullptr;
  for (const UnitVersion* above : hierarchy->AncestorVersions(body.unit_id, on)) {
    if (const Body* superior = SameKindAt(tree, body, above->unit_id, on)) return superior;
  }
  return nullptr;
}

// Whether a body stands below `superior`, or directly below it, that day.
bool IsBelow(const Tree& tree, const Body& body, const Body& superior, bool directly, Date on) {
  const HierarchyTree* hierarchy = HierarchyOf(tree, body);
  if (hierarchy == nullptr || body.kind != superior.kind) return false;
  if (directly) return SuperiorOf(tree, body, on) == &superior;
  const auto above = hierarchy->AncestorVersions(body.unit_id, on);
  return absl::c_any_of(above, [&](const UnitVersion* unit) {
    return SameKindAt(tree, body, unit->unit_id, on) == &superior;
  });
}

void SetMember(const Tree& tree, const BodyMembership& held, v1::BodyMember* proto) {
  ToProto(held, proto->mutable_membership());
  const Person* person = tree.FindPerson(held.person_id);
  if (person != nullptr) proto->set_name(person->name);
}

v1::CompositionProblem ProblemOf(CompositionProblem problem) {
  switch (problem) {
    case CompositionProblem::kTooFew:
      return v1::COMPOSITION_PROBLEM_TOO_FEW;
    case CompositionProblem::kTooMany:
      return v1::COMPOSITION_PROBLEM_TOO_MANY;
    case CompositionProblem::kNoMajority:
      break;
  }
  return v1::COMPOSITION_PROBLEM_NO_MAJORITY;
}

void SetGap(const CompositionGap& gap, v1::CompositionGap* proto) {
  proto->set_body_id(gap.body->body_id);
  proto->set_body_name(gap.body->name);
  proto->set_kind(gap.body->kind);
  proto->set_unit_id(gap.body->unit_id);
  proto->set_role(gap.seat->role);
  proto->set_problem(ProblemOf(gap.problem));
  proto->set_count(gap.count);
  proto->set_least(gap.least);
  proto->set_most(gap.seat->most);
  proto->set_valid_from(FormatDate(gap.valid.from));
  proto->set_valid_to(FormatEnd(gap.valid.to));
}

// Gaps have no id of their own; this sorts as they are listed.
std::string PlaceOf(const CompositionGap& gap) {
  return absl::StrCat(gap.body->body_id, " ", FormatDate(gap.valid.from), " ", gap.seat->role, " ",
                      static_cast<int>(gap.problem));
}

}  // namespace

absl::Status Answer(const Tree& tree, Date, const v1::ListBodyKindsRequest&,
                    v1::ListBodyKindsResponse* response) {
  for (const BodyKind& kind : tree.organisation().body_kinds) {
    ToProto(kind, response->add_body_kinds());
  }
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

absl::Status Answer(const Tree& tree, Date today, const v1::GetBodyRequest& request,
                    v1::GetBodyResponse* response) {
  Violations violations;
  RequireId(violations, "body_id", request.body_id());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  const BodyIndex::Entry* entry = tree.Indexed<BodyIndex>().Find(request.body_id());
  if (entry == nullptr) return BodyNotFound(request.body_id());

  ToProto(*entry->body, response->mutable_body());
  std::vector<const BodyMembership*> members;
  for (const BodyMembership* held : entry->memberships) {
    if (held->valid.Contains(on)) members.push_back(held);
  }
  absl::c_sort(members, [](const BodyMembership* a, const BodyMembership* b) {
    return std::tie(a->role, a->person_id) < std::tie(b->role, b->person_id);
  });
  for (const BodyMembership* held : members) SetMember(tree, *held, response->add_members());
  for (const CompositionGap& gap : entry->gaps) SetGap(gap, response->add_gaps());
  if (const Body* superior = SuperiorOf(tree, *entry->body, on)) {
    ToProto(*superior, response->mutable_superior());
  }
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListBodiesRequest& request,
                    v1::ListBodiesResponse* response) {
  Violations violations;
  CheckScope(violations, request);
  CheckKinds(violations, tree, request.kinds());
  if (!request.below_body_id().empty()) {
    RequireId(violations, "below_body_id", request.below_body_id());
  } else if (request.directly_below()) {
    violations.Add("directly_below", "needs below_body_id: the body above");
  }
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  const BodyIndex::Entry* above = tree.Indexed<BodyIndex>().Find(request.below_body_id());
  if (!request.below_body_id().empty() && above == nullptr) {
    return BodyNotFound(request.below_body_id());
  }
  KLYNGE_ASSIGN_OR_RETURN(auto bodies, BodiesInScope(tree, request, on));
  std::erase_if(bodies, [&](const Body* body) {
    if (!body->valid.Contains(on) || !LetsThrough(request.kinds(), body->kind)) return true;
    if (above == nullptr) return false;
    return !IsBelow(tree, *body, *above->body, request.directly_below(), on);
  });
  response->set_revision(tree.revision());
  return Page(
      bodies, request, response,
      [](const Body& body) -> const std::string& { return body.body_id; },
      [&](const Body& body) { ToProto(body, response->add_bodies()); });
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListBodyMembershipsRequest& request,
                    v1::ListBodyMembershipsResponse* response) {
  Violations violations;
  CheckScope(violations, request);
  if (!request.body_id().empty()) RequireId(violations, "body_id", request.body_id());
  if (!request.person_id().empty()) RequireId(violations, "person_id", request.person_id());
  CheckCodes(violations, "roles", request.roles(), "ListBodyKinds", [&](const std::string& role) {
    return absl::c_any_of(tree.organisation().body_kinds,
                          [&](const BodyKind& kind) { return kind.FindSeat(role) != nullptr; });
  });
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  const BodyIndex& index = tree.Indexed<BodyIndex>();
  if (!request.body_id().empty() && index.Find(request.body_id()) == nullptr) {
    return BodyNotFound(request.body_id());
  }
  if (!request.person_id().empty() && tree.FindPerson(request.person_id()) == nullptr) {
    return PersonNotFound(request.person_id());
  }

  // The narrowest list that has them all: of the person, of the body, or of all bodies in scope.
  std::vector<const BodyMembership*> memberships;
  if (!request.person_id().empty()) {
    memberships = index.MembershipsOf(request.person_id());
  } else if (!request.body_id().empty()) {
    memberships = index.Find(request.body_id())->memberships;
  }
  KLYNGE_ASSIGN_OR_RETURN(const auto bodies, BodiesInScope(tree, request, on));
  if (request.person_id().empty() && request.body_id().empty()) {
    for (const Body* body : bodies) {
      const auto& of_body = index.Find(body->body_id)->memberships;
      memberships.insert(memberships.end(), of_body.begin(), of_body.end());
    }
    absl::c_sort(memberships, [](const BodyMembership* a, const BodyMembership* b) {
      return a->membership_id < b->membership_id;
    });
  }
  const auto in_scope = [&](const std::string& body_id) {
    if (request.unit_id().empty()) return true;
    return absl::c_binary_search(
        bodies, index.Find(body_id)->body,
        [](const Body* a, const Body* b) { return a->body_id < b->body_id; });
  };
  const auto left_out = [&](const BodyMembership* held) {
    if (!held->valid.Contains(on)) return true;
    if (!request.body_id().empty() && held->body_id != request.body_id()) return true;
    return !LetsThrough(request.roles(), held->role) || !in_scope(held->body_id);
  };
  std::erase_if(memberships, left_out);
  response->set_revision(tree.revision());
  return Page(
      memberships, request, response,
      [](const BodyMembership& held) -> const std::string& { return held.membership_id; },
      [&](const BodyMembership& held) { SetMember(tree, held, response->add_members()); });
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListCompositionGapsRequest& request,
                    v1::ListCompositionGapsResponse* response) {
  Violations violations;
  CheckScope(violations, request);
  CheckKinds(violations, tree, request.kinds());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  const Date until = DateOr(violations, "until", request.until(), on + 1);
  if (until <= on) {
    violations.Add("until", absl::StrCat("must be after as_of (", FormatDate(on), "), was ",
                                         FormatDate(until)));
  }
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_ASSIGN_OR_RETURN(const auto bodies, BodiesInScope(tree, request, on));
  std::vector<const CompositionGap*> gaps;
  for (const Body* body : bodies) {
    if (!LetsThrough(request.kinds(), body->kind)) continue;
    for (const CompositionGap& gap : tree.Indexed<BodyIndex>().Find(body->body_id)->gaps) {
      if (gap.valid.Overlaps({on, until})) gaps.push_back(&gap);
    }
  }
  absl::c_sort(gaps, [](const CompositionGap* a, const CompositionGap* b) {
    return PlaceOf(*a) < PlaceOf(*b);
  });
  response->set_revision(tree.revision());
  return Page(gaps, request, response, PlaceOf,
              [&](const CompositionGap& gap) { SetGap(gap, response->add_gaps()); });
}

}  // namespace klynge::organisation
