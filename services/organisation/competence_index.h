// The competences of one revision, found by what they are asked for. Made when first needed, by
// tree.Indexed<CompetenceIndex>().
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <vector>

#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// Never changes after it is made; points into the tree.
class CompetenceIndex {
 public:
  explicit CompetenceIndex(const Tree& tree);

  // Null when the catalogue has no such competence.
  const Competence* Find(absl::string_view competence) const;
  // On any day, by id.
  const std::vector<const HeldCompetence*>& HeldBy(absl::string_view person_id) const;
  // On any day, by person.
  const std::vector<const HeldCompetence*>& Of(absl::string_view competence) const;

 private:
  using Lists = absl::flat_hash_map<absl::string_view, std::vector<const HeldCompetence*>>;

  absl::flat_hash_map<absl::string_view, const Competence*> catalogue_;
  Lists held_by_;
  Lists of_;
};

}  // namespace klynge::organisation
