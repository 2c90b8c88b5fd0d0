// Bodies between their plain values and their protos.
#pragma once

#include "klynge/organisation/v1/body.pb.h"
#include "services/organisation/client/bodies.h"

namespace klynge::organisation {

void ToProto(const Body& body, v1::Body* proto);
void ToProto(const BodyMembership& held, v1::BodyMembership* proto);
void ToProto(const BodyKind& kind, v1::BodyKind* proto);

}  // namespace klynge::organisation
