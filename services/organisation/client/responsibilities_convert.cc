#include "services/organisation/client/responsibilities_convert.h"

namespace klynge::organisation {

void ToProto(const LeadershipKind& kind, v1::LeadershipKind* proto) {
  proto->set_kind(kind.kind);
  proto->mutable_label()->set_da(kind.label_da);
  proto->mutable_label()->set_en(kind.label_en);
  proto->set_parent_kind(kind.parent_kind);
  proto->set_primary(kind.primary);
}

void ToProto(const Task& task, v1::Task* proto) {
  proto->set_task(task.task);
  proto->mutable_label()->set_da(task.label_da);
  proto->mutable_label()->set_en(task.label_en);
  proto->set_leadership_kind(task.leadership_kind);
  for (const std::string& kind : task.unit_kinds) proto->add_unit_kinds(kind);
  proto->set_expected_percent(task.expected_percent);
  proto->set_may_be_shared(task.may_be_shared);
  for (const NeededCompetence& needed : task.needs) {
    v1::NeededCompetence* added = proto->add_needs();
    added->set_competence(needed.competence);
    added->set_least_level(needed.least_level);
  }
  if (task.valid.from != kOpenStart) proto->set_valid_from(FormatDate(task.valid.from));
  proto->set_valid_to(FormatEnd(task.valid.to));
}

void ToProto(const Responsibility& responsibility, v1::Responsibility* proto) {
  proto->set_responsibility_id(responsibility.responsibility_id);
  proto->set_task(responsibility.task);
  proto->set_unit_id(responsibility.unit_id);
  proto->set_position_id(responsibility.position_id);
  proto->set_percent(responsibility.percent);
  proto->set_valid_from(FormatDate(responsibility.valid.from));
  proto->set_valid_to(FormatEnd(responsibility.valid.to));
}

}  // namespace klynge::organisation
