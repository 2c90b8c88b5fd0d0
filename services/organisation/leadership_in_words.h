// Leadership in sentences, Danish and English.
#pragma once

#include "klynge/type/v1/localized_text.pb.h"
#include "services/organisation/client/leadership_chain.h"
#include "services/organisation/client/team_history.h"

namespace klynge::organisation {

// How the leader of a unit was found.
void SayInWords(const Tree& tree, const Leadership& leadership, type::v1::LocalizedText* text);

// What changed in a leadership team.
void SayInWords(const Tree& tree, const TeamChange& change, type::v1::LocalizedText* text);

}  // namespace klynge::organisation
