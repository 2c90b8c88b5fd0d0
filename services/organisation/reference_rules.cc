#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>

#include <utility>

#include "services/organisation/body_index.h"
#include "services/organisation/code_index.h"
#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

Problem Rejected(std::string field, const std::string& id) {
  return {v1::ERROR_REASON_DEPENDS_ON_REJECTED_ROW, std::move(field),
          absl::StrCat("\"", id, "\" is rejected in this import; mend its row first")};
}

Problem Unknown(v1::ErrorReason reason, std::string field, absl::string_view what,
                const std::string& id) {
  return {reason, std::move(field), absl::StrCat("there is no ", what, " \"", id, "\"")};
}

}  // namespace

absl::optional<Problem> MissingKind(const Candidate& candidate, const std::string& kind) {
  if (candidate.before.FindKind(kind) != nullptr) return absl::nullopt;
  return Problem{v1::ERROR_REASON_UNIT_KIND_NOT_FOUND, "unit.kind",
                 absl::StrCat("\"", kind, "\" is no kind of unit; ListUnitKinds shows them")};
}

absl::optional<Problem> MissingParent(const Candidate& candidate, const std::string& parent_id) {
  if (candidate.FindUnit(parent_id) != nullptr) return absl::nullopt;
  if (candidate.IsRejected<UnitVersion>(parent_id)) return Rejected("unit.parent_id", parent_id);
  return Unknown(v1::ERROR_REASON_PARENT_NOT_FOUND, "unit.parent_id", "unit", parent_id);
}

absl::optional<Problem> MissingPerson(const Candidate& candidate, std::string field,
                                      const std::string& person_id) {
  if (candidate.HasPerson(person_id)) return absl::nullopt;
  if (candidate.IsRejected<Person>(person_id)) return Rejected(std::move(field), person_id);
  return Unknown(v1::ERROR_REASON_PERSON_NOT_FOUND, std::move(field), "person", person_id);
}

absl::optional<Problem> MissingRole(const Candidate& candidate, std::string field,
                                    const std::string& role) {
  if (candidate.before.FindRole(role) != nullptr) return absl::nullopt;
  return Problem{v1::ERROR_REASON_ROLE_NOT_FOUND, std::move(field),
                 absl::StrCat("\"", role, "\" is no role; ListRoles shows them")};
}

absl::optional<Problem> MissingUnit(const Candidate& candidate, std::string field,
                                    const std::string& unit_id) {
  if (candidate.FindUnit(unit_id) != nullptr) return absl::nullopt;
  if (candidate.IsRejected<UnitVersion>(unit_id)) return Rejected(std::move(field), unit_id);
  return Unknown(v1::ERROR_REASON_UNIT_NOT_FOUND, std::move(field), "unit", unit_id);
}

absl::optional<Problem> MissingPosition(const Candidate& candidate, std::string field,
                                        const std::string& position_id) {
  if (candidate.FindPosition(position_id) != nullptr) return absl::nullopt;
  if (candidate.IsRejected<Position>(position_id)) return Rejected(std::move(field), position_id);
  return Unknown(v1::ERROR_REASON_POSITION_NOT_FOUND, std::move(field), "position", position_id);
}

absl::optional<Problem> MissingBodyKind(const Candidate& candidate, const std::string& kind) {
  if (FindBodyKind(candidate.before, kind) != nullptr) return absl::nullopt;
  return Problem{v1::ERROR_REASON_BODY_KIND_NOT_FOUND, "body.kind",
                 absl::StrCat("\"", kind, "\" is no kind of body; ListBodyKinds shows them")};
}

absl::optional<Problem> MissingPartner(const Candidate& candidate, std::string field,
                                       const std::string& partner_id) {
  const bool known = absl::c_any_of(candidate.partners, [&](const InPlay<Partner>& partner) {
    return partner.thing->partner_id == partner_id;
  });
  if (known) return absl::nullopt;
  if (candidate.IsRejected<Partner>(partner_id)) return Rejected(std::move(field), partner_id);
  return Unknown(v1::ERROR_REASON_PARTNER_NOT_FOUND, std::move(field), "partner", partner_id);
}

absl::optional<Problem> MissingRegister(const Candidate& candidate, const std::string& name) {
  if (candidate.before.Indexed<CodeRegisters>().Find(name) != nullptr) return absl::nullopt;
  return Problem{v1::ERROR_REASON_CODE_REGISTER_NOT_FOUND, "code.register",
                 absl::StrCat("\"", name, "\" is no register; ListCodeRegisters shows them")};
}

absl::optional<Problem> MissingHierarchy(const Candidate& candidate, const std::string& hierarchy) {
  const auto& known = candidate.before.organisation().hierarchies;
  if (absl::c_any_of(known, [&](const Hierarchy& of) { return of.hierarchy == hierarchy; })) {
    return absl::nullopt;
  }
  return Problem{v1::ERROR_REASON_HIERARCHY_NOT_FOUND, "placement.hierarchy",
                 absl::StrCat("\"", hierarchy, "\" is no hierarchy; ListHierarchies shows them")};
}

std::vector<Problem> CheckReferences(const Candidate& candidate, const ImportRow& row) {
  std::vector<Problem> missing;
  const auto add = [&](absl::optional<Problem> problem) {
    if (problem) missing.push_back(*std::move(problem));
  };
  if (const auto* unit = absl::get_if<UnitVersion>(&row.content)) {
    add(MissingKind(candidate, unit->kind));
    if (!unit->parent_id.empty()) add(MissingParent(candidate, unit->parent_id));
  } else if (const auto* assignment = absl::get_if<Assignment>(&row.content)) {
    add(MissingPerson(candidate, "assignment.person_id", assignment->person_id));
    add(MissingRole(candidate, "assignment.role", assignment->role));
    add(MissingUnit(candidate, "assignment.unit_id", assignment->unit_id));
    if (!assignment->position_id.empty()) {
      add(MissingPosition(candidate, "assignment.position_id", assignment->position_id));
    }
  } else if (const auto* position = absl::get_if<Position>(&row.content)) {
    add(MissingRole(candidate, "position.role", position->role));
    add(MissingUnit(candidate, "position.unit_id", position->unit_id));
  } else if (const auto* employment = absl::get_if<Employment>(&row.content)) {
    add(MissingPerson(candidate, "employment.person_id", employment->person_id));
  } else if (const auto* substitution = absl::get_if<Substitution>(&row.content)) {
    add(MissingPosition(candidate, "substitution.position_id", substitution->position_id));
    add(MissingPerson(candidate, "substitution.person_id", substitution->person_id));
  } else if (const auto* body = absl::get_if<Body>(&row.content)) {
    add(MissingBodyKind(candidate, body->kind));
    add(MissingUnit(candidate, "body.unit_id", body->unit_id));
  } else if (const auto* member = absl::get_if<BodyMembership>(&row.content)) {
    add(MissingPerson(candidate, "body_membership.person_id", member->person_id));
  } else if (const auto* partner = absl::get_if<Partner>(&row.content)) {
    add(MissingPartnerKind(candidate, partner->kind));
  } else if (const auto* partnership = absl::get_if<Partnership>(&row.content)) {
    add(MissingPartnershipKind(candidate, partnership->kind));
    add(MissingUnit(candidate, "partnership.unit_id", partnership->unit_id));
  } else if (const auto* handover = absl::get_if<Handover>(&row.content)) {
    add(MissingTransition(candidate, handover->transition));
    add(MissingUnit(candidate, "handover.from_unit_id", handover->from_unit_id));
  } else if (const auto* held = absl::get_if<HeldCompetence>(&row.content)) {
    add(MissingPerson(candidate, "held_competence.person_id", held->person_id));
    add(MissingLevel(candidate, "held_competence.level", held->level));
  } else if (const auto* task = absl::get_if<Task>(&row.content)) {
    add(MissingLeadershipKind(candidate, task->leadership_kind));
  } else if (const auto* responsibility = absl::get_if<Responsibility>(&row.content)) {
    add(MissingTask(candidate, responsibility->task));
    add(MissingUnit(candidate, "responsibility.unit_id", responsibility->unit_id));
    add(MissingPosition(candidate, "responsibility.position_id", responsibility->position_id));
  } else if (const auto* succession = absl::get_if<Succession>(&row.content)) {
    add(MissingUnit(candidate, "succession.from_unit_id", succession->from_unit_id));
    add(MissingUnit(candidate, "succession.to_unit_id", succession->to_unit_id));
  } else if (const auto* placement = absl::get_if<Placement>(&row.content)) {
    add(MissingHierarchy(candidate, placement->hierarchy));
    add(MissingUnit(candidate, "placement.unit_id", placement->unit_id));
    if (!placement->parent_id.empty()) {
      add(MissingUnit(candidate, "placement.parent_id", placement->parent_id));
    }
  } else if (const auto* code = absl::get_if<Code>(&row.content)) {
    add(MissingRegister(candidate, code->register_name));
    if (!code->unit_id.empty()) add(MissingUnit(candidate, "code.unit_id", code->unit_id));
    if (!code->person_id.empty()) add(MissingPerson(candidate, "code.person_id", code->person_id));
    if (!code->partner_id.empty()) {
      add(MissingPartner(candidate, "code.partner_id", code->partner_id));
    }
  }
  return missing;
}

}  // namespace klynge::organisation
