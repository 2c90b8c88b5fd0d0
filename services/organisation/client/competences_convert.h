// Competences between their plain values and their protos.
#pragma once

#include "klynge/organisation/v1/competence.pb.h"
#include "services/organisation/client/competences.h"

namespace klynge::organisation {

void ToProto(const Competence& competence, v1::Competence* proto);
void ToProto(const CompetenceLevel& level, v1::CompetenceLevel* proto);
void ToProto(const HeldCompetence& held, v1::HeldCompetence* proto);

}  // namespace klynge::organisation
