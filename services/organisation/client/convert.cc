#include "services/organisation/client/convert.h"

namespace klynge::organisation {
namespace {

DateRange RangeOf(const std::string& valid_from, const std::string& valid_to) {
  return {ParseDate(valid_from).value_or(kOpenStart), ParseDate(valid_to).value_or(kOpenEnd)};
}

template <class Things, class Protos>
void ToProtos(const Things& things, Protos* protos) {
  protos->Reserve(static_cast<int>(things.size()));
  for (const auto& thing : things) ToProto(thing, protos->Add());
}

template <class Protos, class Things>
void FromProtos(const Protos& protos, Things& list) {
  std::vector<typename Things::value_type> things;
  things.reserve(static_cast<size_t>(protos.size()));
  for (const auto& proto : protos) things.push_back(FromProto(proto));
  list = std::move(things);
}

// What others need of a unit, and have in the snapshot.
void ToLeanProto(const UnitVersion& unit, v1::Unit* proto) {
  proto->set_unit_id(unit.unit_id);
  proto->set_kind(unit.kind);
  proto->set_name(unit.name);
  proto->set_parent_id(unit.parent_id);
  proto->set_valid_from(FormatDate(unit.valid.from));
  proto->set_valid_to(FormatEnd(unit.valid.to));
}

// Of persons too: no other service asks what somebody is called.
void ToLeanProto(const Person& person, v1::Person* proto) {
  proto->set_person_id(person.person_id);
  proto->set_erased_on(FormatEnd(person.erased_on));
}

SharedDetails DetailsOf(const v1::Unit& proto) {
  const v1::Address& address = proto.address();
  const v1::Capacity& capacity = proto.capacity();
  return SharedDetails({{address.street(), address.postal_code(), address.city()},
                        {capacity.children(), capacity.youngest_age(), capacity.oldest_age()}});
}

}  // namespace

void ToProto(const UnitVersion& unit, v1::Unit* proto) {
  ToLeanProto(unit, proto);
  proto->clear_address();
  proto->clear_capacity();
  const UnitDetails* details = unit.details.get();
  if (details == nullptr) return;
  if (details->address != Address{}) {
    proto->mutable_address()->set_street(details->address.street);
    proto->mutable_address()->set_postal_code(details->address.postal_code);
    proto->mutable_address()->set_city(details->address.city);
  }
  if (details->capacity != Capacity{}) {
    proto->mutable_capacity()->set_children(details->capacity.children);
    proto->mutable_capacity()->set_youngest_age(details->capacity.youngest_age);
    proto->mutable_capacity()->set_oldest_age(details->capacity.oldest_age);
  }
}

void ToProto(const Person& person, v1::Person* proto) {
  ToLeanProto(person, proto);
  proto->set_name(person.name);
}

void ToProto(const Assignment& assignment, v1::Assignment* proto) {
  proto->set_assignment_id(assignment.assignment_id);
  proto->set_person_id(assignment.person_id);
  proto->set_role(assignment.role);
  proto->set_unit_id(assignment.unit_id);
  proto->set_valid_from(FormatDate(assignment.valid.from));
  proto->set_valid_to(FormatEnd(assignment.valid.to));
  proto->set_position_id(assignment.position_id);
}

void ToProto(const Position& position, v1::Position* proto) {
  proto->set_position_id(position.position_id);
  proto->set_role(position.role);
  proto->set_unit_id(position.unit_id);
  for (const std::string& line : position.responsibilities) proto->add_responsibilities(line);
  proto->set_valid_from(FormatDate(position.valid.from));
  proto->set_valid_to(FormatEnd(position.valid.to));
}

void ToProto(const Substitution& substitution, v1::Substitution* proto) {
  proto->set_substitution_id(substitution.substitution_id);
  proto->set_position_id(substitution.position_id);
  proto->set_person_id(substitution.person_id);
  proto->set_valid_from(FormatDate(substitution.valid.from));
  proto->set_valid_to(FormatEnd(substitution.valid.to));
}

void ToProto(const Employment& employment, v1::Employment* proto) {
  proto->set_employment_id(employment.employment_id);
  proto->set_person_id(employment.person_id);
  proto->set_valid_from(FormatDate(employment.valid.from));
  proto->set_valid_to(FormatEnd(employment.valid.to));
}

void ToProto(const Succession& succession, v1::Succession* proto) {
  proto->set_succession_id(succession.succession_id);
  proto->set_from_unit_id(succession.from_unit_id);
  proto->set_to_unit_id(succession.to_unit_id);
  proto->set_valid_from(FormatDate(succession.on));
  proto->set_carries_figures(succession.carries_figures);
}

void ToProto(const UnitKind& kind, v1::UnitKind* proto) {
  proto->set_kind(kind.kind);
  proto->mutable_label()->set_da(kind.label_da);
  proto->mutable_label()->set_en(kind.label_en);
  for (const std::string& parent : kind.parent_kinds) proto->add_parent_kinds(parent);
  proto->set_has_leadership_team(kind.has_leadership_team);
}

void ToProto(const Role& role, v1::Role* proto) {
  proto->set_role(role.role);
  proto->mutable_label()->set_da(role.label_da);
  proto->mutable_label()->set_en(role.label_en);
  for (const std::string& kind : role.unit_kinds) proto->add_unit_kinds(kind);
  proto->set_exclusive(role.exclusive);
  proto->set_leads_unit(role.leads_unit);
  switch (role.team_part) {
    case TeamPart::kNone:
      proto->set_team_part(v1::TEAM_PART_NONE);
      break;
    case TeamPart::kLeader:
      proto->set_team_part(v1::TEAM_PART_LEADER);
      break;
    case TeamPart::kMember:
      proto->set_team_part(v1::TEAM_PART_MEMBER);
      break;
  }
}

v1::OrganisationSnapshot ToSnapshot(const Organisation& organisation, int64_t revision) {
  v1::OrganisationSnapshot snapshot;
  snapshot.set_revision(revision);
  snapshot.mutable_units()->Reserve(static_cast<int>(organisation.units.size()));
  for (const UnitVersion& unit : organisation.units) ToLeanProto(unit, snapshot.add_units());
  for (const Person& person : organisation.persons) ToLeanProto(person, snapshot.add_persons());
  ToProtos(organisation.assignments, snapshot.mutable_assignments());
  ToProtos(organisation.positions, snapshot.mutable_positions());
  ToProtos(organisation.substitutions, snapshot.mutable_substitutions());
  ToProtos(organisation.employments, snapshot.mutable_employments());
  ToProtos(organisation.successions, snapshot.mutable_successions());
  ToProtos(organisation.unit_kinds, snapshot.mutable_unit_kinds());
  ToProtos(organisation.roles, snapshot.mutable_roles());
  return snapshot;
}

UnitVersion FromProto(const v1::Unit& proto) {
  return {proto.unit_id(),
          proto.kind(),
          proto.name(),
          proto.parent_id(),
          RangeOf(proto.valid_from(), proto.valid_to()),
          DetailsOf(proto)};
}

Person FromProto(const v1::Person& proto) {
  return {proto.person_id(), proto.name(), ParseDate(proto.erased_on()).value_or(kOpenEnd)};
}

Assignment FromProto(const v1::Assignment& proto) {
  return {proto.assignment_id(),
          proto.person_id(),
          proto.role(),
          proto.unit_id(),
          RangeOf(proto.valid_from(), proto.valid_to()),
          proto.position_id()};
}

Position FromProto(const v1::Position& proto) {
  return {proto.position_id(),
          proto.role(),
          proto.unit_id(),
          {proto.responsibilities().begin(), proto.responsibilities().end()},
          RangeOf(proto.valid_from(), proto.valid_to())};
}

Substitution FromProto(const v1::Substitution& proto) {
  return {proto.substitution_id(), proto.position_id(), proto.person_id(),
          RangeOf(proto.valid_from(), proto.valid_to())};
}

Employment FromProto(const v1::Employment& proto) {
  return {proto.employment_id(), proto.person_id(), RangeOf(proto.valid_from(), proto.valid_to())};
}

Succession FromProto(const v1::Succession& proto) {
  return {proto.succession_id(), proto.from_unit_id(), proto.to_unit_id(),
          ParseDate(proto.valid_from()).value_or(kOpenStart), proto.carries_figures()};
}

UnitKind FromProto(const v1::UnitKind& proto) {
  return {proto.kind(),
          proto.label().da(),
          proto.label().en(),
          {proto.parent_kinds().begin(), proto.parent_kinds().end()},
          proto.has_leadership_team()};
}

Role FromProto(const v1::Role& proto) {
  TeamPart part = TeamPart::kNone;
  if (proto.team_part() == v1::TEAM_PART_LEADER) part = TeamPart::kLeader;
  if (proto.team_part() == v1::TEAM_PART_MEMBER) part = TeamPart::kMember;
  return {proto.role(),       proto.label().da(),
          proto.label().en(), {proto.unit_kinds().begin(), proto.unit_kinds().end()},
          proto.exclusive(),  part,
          proto.leads_unit()};
}

Organisation FromSnapshot(const v1::OrganisationSnapshot& snapshot) {
  Organisation organisation;
  FromProtos(snapshot.units(), organisation.units);
  FromProtos(snapshot.persons(), organisation.persons);
  FromProtos(snapshot.assignments(), organisation.assignments);
  FromProtos(snapshot.positions(), organisation.positions);
  FromProtos(snapshot.substitutions(), organisation.substitutions);
  FromProtos(snapshot.employments(), organisation.employments);
  FromProtos(snapshot.successions(), organisation.successions);
  FromProtos(snapshot.unit_kinds(), organisation.unit_kinds);
  FromProtos(snapshot.roles(), organisation.roles);
  return organisation;
}

}  // namespace klynge::organisation
