// The organisation between its plain values and its protos.
#pragma once

#include "klynge/organisation/v1/assignment.pb.h"
#include "klynge/organisation/v1/employment.pb.h"
#include "klynge/organisation/v1/person.pb.h"
#include "klynge/organisation/v1/position.pb.h"
#include "klynge/organisation/v1/snapshot.pb.h"
#include "klynge/organisation/v1/succession.pb.h"
#include "klynge/organisation/v1/unit.pb.h"
#include "services/organisation/client/model.h"

namespace klynge::organisation {

void ToProto(const UnitVersion& unit, v1::Unit* proto);
void ToProto(const Person& person, v1::Person* proto);
void ToProto(const Assignment& assignment, v1::Assignment* proto);
void ToProto(const Position& position, v1::Position* proto);
void ToProto(const Substitution& substitution, v1::Substitution* proto);
void ToProto(const Employment& employment, v1::Employment* proto);
void ToProto(const Succession& succession, v1::Succession* proto);
void ToProto(const UnitKind& kind, v1::UnitKind* proto);
void ToProto(const Role& role, v1::Role* proto);
v1::OrganisationSnapshot ToSnapshot(const Organisation& organisation, int64_t revision);

// For protos that the organisation service made: a date that is none becomes the open end.
UnitVersion FromProto(const v1::Unit& proto);
Person FromProto(const v1::Person& proto);
Assignment FromProto(const v1::Assignment& proto);
Position FromProto(const v1::Position& proto);
Substitution FromProto(const v1::Substitution& proto);
Employment FromProto(const v1::Employment& proto);
Succession FromProto(const v1::Succession& proto);
UnitKind FromProto(const v1::UnitKind& proto);
Role FromProto(const v1::Role& proto);
Organisation FromSnapshot(const v1::OrganisationSnapshot& snapshot);

}  // namespace klynge::organisation
