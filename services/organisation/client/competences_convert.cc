#include "services/organisation/client/competences_convert.h"

namespace klynge::organisation {

void ToProto(const Competence& competence, v1::Competence* proto) {
  proto->set_competence(competence.competence);
  proto->mutable_label()->set_da(competence.label_da);
  proto->mutable_label()->set_en(competence.label_en);
  if (competence.description_da.empty() && competence.description_en.empty()) return;
  proto->mutable_description()->set_da(competence.description_da);
  proto->mutable_description()->set_en(competence.description_en);
}

void ToProto(const CompetenceLevel& level, v1::CompetenceLevel* proto) {
  proto->set_level(level.level);
  proto->mutable_label()->set_da(level.label_da);
  proto->mutable_label()->set_en(level.label_en);
}

void ToProto(const HeldCompetence& held, v1::HeldCompetence* proto) {
  proto->set_held_competence_id(held.held_competence_id);
  proto->set_person_id(held.person_id);
  proto->set_competence(held.competence);
  proto->set_level(held.level);
  proto->set_confirmed_by(held.confirmed_by);
  proto->set_valid_from(FormatDate(held.valid.from));
  proto->set_valid_to(FormatEnd(held.valid.to));
}

}  // namespace klynge::organisation
