#include "services/organisation/client/partners_convert.h"

namespace klynge::organisation {
namespace {

template <class Thing, class Proto>
void SetPeriod(const Thing& thing, Proto* proto) {
  proto->set_valid_from(FormatDate(thing.valid.from));
  proto->set_valid_to(FormatEnd(thing.valid.to));
}

template <class Kind, class Proto>
void SetLabel(const Kind& kind, Proto* proto) {
  proto->mutable_label()->set_da(kind.label_da);
  proto->mutable_label()->set_en(kind.label_en);
}

}  // namespace

void ToProto(const Partner& partner, v1::Partner* proto) {
  proto->set_partner_id(partner.partner_id);
  proto->set_kind(partner.kind);
  proto->set_name(partner.name);
  SetPeriod(partner, proto);
}

void ToProto(const Partnership& partnership, v1::Partnership* proto) {
  proto->set_partnership_id(partnership.partnership_id);
  proto->set_kind(partnership.kind);
  proto->set_unit_id(partnership.unit_id);
  if (partnership.partner_id.empty()) {
    proto->set_partner_unit_id(partnership.partner_unit_id);
  } else {
    proto->set_partner_id(partnership.partner_id);
  }
  proto->set_purpose(partnership.purpose);
  SetPeriod(partnership, proto);
}

void ToProto(const Handover& handover, v1::Handover* proto) {
  proto->set_handover_id(handover.handover_id);
  proto->set_transition(handover.transition);
  proto->set_from_unit_id(handover.from_unit_id);
  if (handover.to_partner_id.empty()) {
    proto->set_to_unit_id(handover.to_unit_id);
  } else {
    proto->set_to_partner_id(handover.to_partner_id);
  }
  proto->set_giver_person_id(handover.giver_person_id);
  proto->set_receiver_person_id(handover.receiver_person_id);
  SetPeriod(handover, proto);
}

void ToProto(const PartnerKind& kind, v1::PartnerKind* proto) {
  proto->set_kind(kind.kind);
  SetLabel(kind, proto);
}

void ToProto(const PartnershipKind& kind, v1::PartnershipKind* proto) {
  proto->set_kind(kind.kind);
  SetLabel(kind, proto);
  for (const std::string& code : kind.unit_kinds) proto->add_unit_kinds(code);
  for (const std::string& code : kind.partner_kinds) proto->add_partner_kinds(code);
  for (const std::string& code : kind.partner_unit_kinds) proto->add_partner_unit_kinds(code);
}

void ToProto(const Transition& transition, v1::Transition* proto) {
  proto->set_transition(transition.transition);
  SetLabel(transition, proto);
  for (const std::string& code : transition.from_unit_kinds) proto->add_from_unit_kinds(code);
  for (const std::string& code : transition.to_unit_kinds) proto->add_to_unit_kinds(code);
  for (const std::string& code : transition.to_partner_kinds) proto->add_to_partner_kinds(code);
  proto->set_expected(transition.expected);
}

}  // namespace klynge::organisation
