// The responsibility matrix in Danish and English sentences: what there is to do.
#pragma once

#include "klynge/type/v1/localized_text.pb.h"
#include "services/organisation/responsibility_matrix.h"

namespace klynge::organisation {

// Adds a sentence in both languages after what is there.
void Say(const std::string& da, const std::string& en, type::v1::LocalizedText* text);

// "Pædagogisk leder VVK 1-2 (p-…)"; the id alone of somebody unknown.
std::string NameWithId(const Tree& tree, const std::string& person_id);

// The name of a competence with the level that is needed and the one that is there.
struct InBothLanguages {
  std::string da;
  std::string en;
};
InBothLanguages InWords(const Tree& tree, const std::vector<Lack>& lacks);

// What to do about the whole.
void SayInWords(const Tree& tree, const ResponsibilityMatrix& matrix,
                type::v1::LocalizedText* text);
// What to do about one row; nothing when there is nothing.
void SayInWords(const Tree& tree, const MatrixCell& cell, Date on, type::v1::LocalizedText* text);

}  // namespace klynge::organisation
