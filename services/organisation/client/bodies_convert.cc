#include "services/organisation/client/bodies_convert.h"

namespace klynge::organisation {

void ToProto(const Body& body, v1::Body* proto) {
  proto->set_body_id(body.body_id);
  proto->set_kind(body.kind);
  proto->set_name(body.name);
  proto->set_unit_id(body.unit_id);
  proto->set_valid_from(FormatDate(body.valid.from));
  proto->set_valid_to(FormatEnd(body.valid.to));
}

void ToProto(const BodyMembership& held, v1::BodyMembership* proto) {
  proto->set_membership_id(held.membership_id);
  proto->set_body_id(held.body_id);
  proto->set_person_id(held.person_id);
  proto->set_role(held.role);
  proto->set_represents(held.represents);
  proto->set_valid_from(FormatDate(held.valid.from));
  proto->set_valid_to(FormatEnd(held.valid.to));
}

void ToProto(const BodyKind& kind, v1::BodyKind* proto) {
  proto->set_kind(kind.kind);
  proto->mutable_label()->set_da(kind.label_da);
  proto->mutable_label()->set_en(kind.label_en);
  for (const std::string& unit_kind : kind.unit_kinds) proto->add_unit_kinds(unit_kind);
  proto->set_hierarchy(kind.hierarchy);
  for (const BodySeat& seat : kind.seats) {
    v1::BodySeat* shown = proto->add_seats();
    shown->set_role(seat.role);
    shown->mutable_label()->set_da(seat.label_da);
    shown->mutable_label()->set_en(seat.label_en);
    shown->set_least(seat.least);
    shown->set_most(seat.most);
    shown->set_majority(seat.majority);
    shown->set_refuse_too_few(seat.refuse_too_few);
    shown->set_refuse_too_many(seat.refuse_too_many);
    shown->set_ends_with_employment(seat.ends_with_employment);
  }
}

}  // namespace klynge::organisation
