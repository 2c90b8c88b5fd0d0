#include "services/organisation/import_row.h"

#include <absl/algorithm/container.h>
#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include "services/organisation/client/convert.h"
#include "services/organisation/row_checker.h"

namespace klynge::organisation {
namespace {

void CheckAddress(RowChecker& check, const v1::Address& address) {
  check.Line("address.street", address.street());
  check.Line("address.city", address.city(), 100);
  const std::string& postal_code = address.postal_code();
  if (!postal_code.empty() &&
      (postal_code.size() != 4 || !absl::c_all_of(postal_code, absl::ascii_isdigit))) {
    check.Wrong("address.postal_code", absl::StrCat("must be 4 digits, was \"", postal_code, "\""));
  }
}

void CheckCapacity(RowChecker& check, const v1::Capacity& capacity) {
  // One of which every field was cleared is none.
  if (capacity.ByteSizeLong() == 0) return;
  constexpr int kMostChildren = 100'000, kOldest = 30;
  if (capacity.children() < 1 || capacity.children() > kMostChildren) {
    check.Wrong("capacity.children",
                absl::StrCat("must be 1 to ", kMostChildren, ", was ", capacity.children()));
  }
  if (capacity.youngest_age() < 0 || capacity.youngest_age() > kOldest) {
    check.Wrong("capacity.youngest_age",
                absl::StrCat("must be 0 to ", kOldest, ", was ", capacity.youngest_age()));
  }
  if (capacity.oldest_age() < capacity.youngest_age() || capacity.oldest_age() > kOldest) {
    check.Wrong("capacity.oldest_age",
                absl::StrCat("must be from youngest_age (", capacity.youngest_age(), ") to ",
                             kOldest, ", was ", capacity.oldest_age()));
  }
}

ImportRow ParseUnit(const v1::Unit& unit) {
  RowChecker check("unit.");
  check.Id("unit_id", unit.unit_id());
  check.Id("kind", unit.kind());
  check.Name(unit.name());
  if (!unit.parent_id().empty()) check.Id("parent_id", unit.parent_id());
  if (unit.has_address()) CheckAddress(check, unit.address());
  if (unit.has_capacity()) CheckCapacity(check, unit.capacity());
  const DateRange valid = check.Dates(unit.valid_from(), unit.valid_to());
  UnitVersion version = FromProto(unit);
  version.valid = valid;
  return {std::move(version), check.TakeProblems()};
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
  if (message.has_task()) return ParseTask(message.task());
  if (message.has_responsibility()) return ParseResponsibility(message.responsibility());
  if (message.has_succession()) return ParseSuccession(message.succession());
  if (message.has_held_competence()) return ParseHeldCompetence(message.held_competence());
  if (message.has_placement()) return ParsePlacement(message.placement());
  return ParseCode(message.code());
}

}  // namespace klynge::organisation
