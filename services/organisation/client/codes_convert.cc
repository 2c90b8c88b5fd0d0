#include "services/organisation/client/codes_convert.h"

namespace klynge::organisation {

void ToProto(const CodeRegister& known, v1::CodeRegister* proto) {
  proto->set_register_(known.name);
  proto->mutable_label()->set_da(known.label_da);
  proto->mutable_label()->set_en(known.label_en);
  proto->set_pattern(known.pattern);
  proto->mutable_expects()->set_da(known.expects_da);
  proto->mutable_expects()->set_en(known.expects_en);
  proto->set_unique(known.unique);
  proto->set_for_units(known.for_units);
  proto->set_for_persons(known.for_persons);
  proto->set_for_partners(known.for_partners);
}

void ToProto(const Code& code, v1::Code* proto) {
  proto->set_code_id(code.code_id);
  proto->set_register_(code.register_name);
  proto->set_code(code.code);
  proto->set_unit_id(code.unit_id);
  proto->set_person_id(code.person_id);
  proto->set_partner_id(code.partner_id);
  proto->set_valid_from(FormatDate(code.valid.from));
  proto->set_valid_to(FormatEnd(code.valid.to));
}

}  // namespace klynge::organisation
