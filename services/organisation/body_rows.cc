#include "services/organisation/row_checker.h"

namespace klynge::organisation {

ImportRow ParseBody(const v1::Body& body) {
  RowChecker check("body.");
  check.Id("body_id", body.body_id());
  check.Id("kind", body.kind());
  check.Name(body.name());
  check.Id("unit_id", body.unit_id());
  const DateRange valid = check.Dates(body.valid_from(), body.valid_to());
  return {Body{body.body_id(), body.kind(), body.name(), body.unit_id(), valid},
          check.TakeProblems()};
}

ImportRow ParseBodyMembership(const v1::BodyMembership& held) {
  RowChecker check("body_membership.");
  check.Id("membership_id", held.membership_id());
  check.Id("body_id", held.body_id());
  check.Id("person_id", held.person_id());
  check.Id("role", held.role());
  check.Line("represents", held.represents());
  const DateRange valid = check.Dates(held.valid_from(), held.valid_to());
  return {BodyMembership{held.membership_id(), held.body_id(), held.person_id(), held.role(),
                         held.represents(), valid},
          check.TakeProblems()};
}

}  // namespace klynge::organisation
