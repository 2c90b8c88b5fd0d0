#include "services/organisation/import_row.h"

#include "services/organisation/row_checker.h"

namespace klynge::organisation {
namespace {

ImportRow ParseUnit(const v1::Unit& unit) {
  RowChecker check("unit.");
  check.Id("unit_id", unit.unit_id());
  check.Id("kind", unit.kind());
  check.Name(unit.name());
  if (!unit.parent_id().empty()) check.Id("parent_id", unit.parent_id());
  const DateRange valid = check.Dates(unit.valid_from(), unit.valid_to());
  return {UnitVersion{unit.unit_id(), unit.kind(), unit.name(), unit.parent_id(), valid},
          check.TakeProblems()};
}

ImportRow ParsePerson(const v1::Person& person) {
  RowChecker check("person.");
  check.Id("person_id", person.person_id());
  check.Name(person.name());
  const Date erased_on = check.Day("erased_on", person.erased_on(), kOpenEnd);
  return {Person{person.person_id(), person.name(), erased_on}, check.TakeProblems()};
}

ImportRow ParseAssignment(const v1::Assignment& assignment) {
  RowChecker check("assignment.");
  check.Id("assignment_id", assignment.assignment_id());
  check.Id("person_id", assignment.person_id());
  check.Id("role", assignment.role());
  check.Id("unit_id", assignment.unit_id());
  if (!assignment.position_id().empty()) check.Id("position_id", assignment.position_id());
  const DateRange valid = check.Dates(assignment.valid_from(), assignment.valid_to());
  return {Assignment{assignment.assignment_id(), assignment.person_id(), assignment.role(),
                     assignment.unit_id(), valid, assignment.position_id()},
          check.TakeProblems()};
}

}  // namespace

const std::string& ImportRow::id() const {
  return absl::visit([](const auto& thing) -> const std::string& { return IdOf(thing); }, content);
}

std::string ImportRow::id_field() const {
  return absl::visit([](const auto& thing) { return IdField(thing); }, content);
}

std::tuple<size_t, absl::string_view, Date> ImportRow::key() const {
  return std::tuple_cat(std::tuple(content.index()),
                        absl::visit([](const auto& thing) { return KeyOf(thing); }, content));
}

ImportRow ParseRow(const v1::ImportOrganisationRequest& message) {
  if (message.has_unit()) return ParseUnit(message.unit());
  if (message.has_person()) return ParsePerson(message.person());
  if (message.has_assignment()) return ParseAssignment(message.assignment());
  if (message.has_position()) return ParsePosition(message.position());
  if (message.has_substitution()) return ParseSubstitution(message.substitution());
  if (message.has_employment()) return ParseEmployment(message.employment());
  if (message.has_body()) return ParseBody(message.body());
  if (message.has_body_membership()) return ParseBodyMembership(message.body_membership());
  if (message.has_partner()) return ParsePartner(message.partner());
  if (message.has_partnership()) return ParsePartnership(message.partnership());
  if (message.has_handover()) return ParseHandover(message.handover());
  if (message.has_competence()) return ParseCompetence(message.competence());
  if (message.has_succession()) return ParseSuccession(message.succession());
  return ParseHeldCompetence(message.held_competence());
}

}  // namespace klynge::organisation
