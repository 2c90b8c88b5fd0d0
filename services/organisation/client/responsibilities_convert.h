// Tasks and responsibilities between their plain values and their protos.
#pragma once

#include "klynge/organisation/v1/responsibility.pb.h"
#include "services/organisation/client/responsibilities.h"

namespace klynge::organisation {

void ToProto(const LeadershipKind& kind, v1::LeadershipKind* proto);
void ToProto(const Task& task, v1::Task* proto);
void ToProto(const Responsibility& responsibility, v1::Responsibility* proto);

}  // namespace klynge::organisation
