#include "services/organisation/position_queries.h"

#include <absl/algorithm/container.h>

#include "services/organisation/client/convert.h"
#include "services/organisation/query_support.h"

namespace klynge::organisation {
namespace {

// The name and the days of who holds a position or stands in at it.
template <class Thing, class Proto>
void SetPerson(const Tree& tree, const Thing& thing, Proto* proto) {
  proto->set_person_id(thing.person_id);
  const Person* person = tree.FindPerson(thing.person_id);
  if (person != nullptr) proto->set_name(person->name);
  proto->set_valid_from(FormatDate(thing.valid.from));
  proto->set_valid_to(FormatEnd(thing.valid.to));
}

void SetPosition(const Tree& tree, const Position& position, Date on, v1::PositionOnDay* proto) {
  const PositionIndex& positions = tree.positions();
  ToProto(position, proto->mutable_position());
  if (const Assignment* held = positions.HolderOn(position.position_id, on)) {
    SetPerson(tree, *held, proto->mutable_holder());
    proto->mutable_holder()->set_assignment_id(held->assignment_id);
  }
  if (const Substitution* substitution = positions.SubstituteOn(position.position_id, on)) {
    SetSubstitute(tree, *substitution, proto->mutable_substitute());
  }
  if (const auto vacancy = positions.VacancyOn(position, on)) {
    SetVacancy(*vacancy, proto->mutable_vacancy());
  }
}

// The positions that exist on the day where the request looks, by id. kNotFound, UNIT_NOT_FOUND.
absl::StatusOr<std::vector<const Position*>> Where(const Tree& tree,
                                                   const v1::ListPositionsRequest& request,
                                                   Date on) {
  std::vector<const Position*> positions;
  if (request.unit_id().empty()) {
    for (const Position& position : tree.organisation().positions) {
      if (position.valid.Contains(on)) positions.push_back(&position);
    }
    return positions;
  }
  KLYNGE_ASSIGN_OR_RETURN(const std::vector<std::string> units, UnitsInScope(tree, request, on));
  for (const std::string& unit_id : units) {
    const auto at = tree.positions().At(unit_id, on);
    positions.insert(positions.end(), at.begin(), at.end());
  }
  absl::c_sort(positions, [](const Position* a, const Position* b) {
    return a->position_id < b->position_id;
  });
  return positions;
}

}  // namespace

void SetVacancy(const DateRange& days, v1::Vacancy* vacancy) {
  vacancy->set_valid_from(FormatDate(days.from));
  vacancy->set_valid_to(FormatEnd(days.to));
}

void SetSubstitute(const Tree& tree, const Substitution& substitution,
                   v1::PositionSubstitute* proto) {
  SetPerson(tree, substitution, proto);
  proto->set_substitution_id(substitution.substitution_id);
}

absl::Status Answer(const Tree& tree, Date today, const v1::GetPositionRequest& request,
                    v1::GetPositionResponse* response) {
  Violations violations;
  RequireId(violations, "position_id", request.position_id());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  const PositionIndex& positions = tree.positions();
  const Position* position = positions.Find(request.position_id());
  if (position == nullptr || !position->valid.Contains(on)) {
    return PositionNotFound(tree, request.position_id(), on);
  }
  SetPosition(tree, *position, on, response->mutable_position());
  for (const Assignment* held : positions.Holders(position->position_id)) {
    ToProto(*held, response->add_assignments());
  }
  for (const Substitution* substitution : positions.Substitutions(position->position_id)) {
    ToProto(*substitution, response->add_substitutions());
  }
  for (const DateRange& vacancy : positions.Vacancies(*position)) {
    SetVacancy(vacancy, response->add_vacancies());
  }
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListPositionsRequest& request,
                    v1::ListPositionsResponse* response) {
  Violations violations;
  CheckScope(violations, request);
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  CheckCodes(violations, "roles", request.roles(), "ListRoles",
             [&](const std::string& role) { return tree.FindRole(role); });
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_ASSIGN_OR_RETURN(std::vector<const Position*> found, Where(tree, request, on));
  const auto unwanted = [&](const Position* position) {
    if (!LetsThrough(request.roles(), position->role)) return true;
    return request.vacant_only() && tree.positions().HolderOn(position->position_id, on) != nullptr;
  };
  std::erase_if(found, unwanted);
  response->set_revision(tree.revision());
  return Page(
      found, request, response,
      [](const Position& position) -> const std::string& { return position.position_id; },
      [&](const Position& position) {
        SetPosition(tree, position, on, response->add_positions());
      });
}

}  // namespace klynge::organisation
