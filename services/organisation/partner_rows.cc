#include "services/organisation/row_checker.h"

namespace klynge::organisation {

ImportRow ParsePartner(const v1::Partner& partner) {
  RowChecker check("partner.");
  check.Id("partner_id", partner.partner_id());
  check.Id("kind", partner.kind());
  check.Name(partner.name());
  const DateRange valid = check.Dates(partner.valid_from(), partner.valid_to());
  return {Partner{partner.partner_id(), partner.kind(), partner.name(), valid},
          check.TakeProblems()};
}

ImportRow ParsePartnership(const v1::Partnership& joint) {
  RowChecker check("partnership.");
  check.Id("partnership_id", joint.partnership_id());
  check.Id("kind", joint.kind());
  check.Id("unit_id", joint.unit_id());
  check.EitherId("partner_id", joint.partner_id(), "partner_unit_id", joint.partner_unit_id());
  check.Line("purpose", joint.purpose());
  const DateRange valid = check.Dates(joint.valid_from(), joint.valid_to());
  return {Partnership{joint.partnership_id(), joint.kind(), joint.unit_id(), joint.partner_id(),
                      joint.partner_unit_id(), joint.purpose(), valid},
          check.TakeProblems()};
}

ImportRow ParseHandover(const v1::Handover& handover) {
  RowChecker check("handover.");
  check.Id("handover_id", handover.handover_id());
  check.Id("transition", handover.transition());
  check.Id("from_unit_id", handover.from_unit_id());
  check.EitherId("to_unit_id", handover.to_unit_id(), "to_partner_id", handover.to_partner_id());
  check.IdOrNone("giver_person_id", handover.giver_person_id());
  check.IdOrNone("receiver_person_id", handover.receiver_person_id());
  const DateRange valid = check.Dates(handover.valid_from(), handover.valid_to());
  return {Handover{handover.handover_id(), handover.transition(), handover.from_unit_id(),
                   handover.to_unit_id(), handover.to_partner_id(), handover.giver_person_id(),
                   handover.receiver_person_id(), valid},
          check.TakeProblems()};
}

}  // namespace klynge::organisation
