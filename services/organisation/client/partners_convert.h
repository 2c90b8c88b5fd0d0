// Partners, partnerships and handovers between their plain values and their protos.
#pragma once

#include "klynge/organisation/v1/partnership.pb.h"
#include "services/organisation/client/partners.h"

namespace klynge::organisation {

void ToProto(const Partner& partner, v1::Partner* proto);
void ToProto(const Partnership& partnership, v1::Partnership* proto);
void ToProto(const Handover& handover, v1::Handover* proto);
void ToProto(const PartnerKind& kind, v1::PartnerKind* proto);
void ToProto(const PartnershipKind& kind, v1::PartnershipKind* proto);
void ToProto(const Transition& transition, v1::Transition* proto);

}  // namespace klynge::organisation
