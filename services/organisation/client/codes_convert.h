// Codes between their plain values and their protos.
#pragma once

#include "klynge/organisation/v1/code.pb.h"
#include "services/organisation/client/codes.h"

namespace klynge::organisation {

void ToProto(const CodeRegister& known, v1::CodeRegister* proto);
void ToProto(const Code& code, v1::Code* proto);

}  // namespace klynge::organisation
