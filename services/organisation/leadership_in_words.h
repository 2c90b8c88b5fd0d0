// How the leader of a unit was found, in sentences.
#pragma once

#include "klynge/type/v1/localized_text.pb.h"
#include "services/organisation/client/leadership_chain.h"

namespace klynge::organisation {

void SayInWords(const Tree& tree, const Leadership& leadership, type::v1::LocalizedText* text);

}  // namespace klynge::organisation
