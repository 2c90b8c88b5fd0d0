#include "services/organisation/competence_index.h"

#include <algorithm>

#include "services/organisation/list_or_none.h"

namespace klynge::organisation {

CompetenceIndex::CompetenceIndex(const Tree& tree) {
  for (const Competence& known : tree.organisation().competences) {
    catalogue_[known.competence] = &known;
  }
  for (const HeldCompetence& held : tree.organisation().held_competences) {
    held_by_[held.person_id].push_back(&held);
    of_[held.competence].push_back(&held);
  }
  for (auto& [competence, list] : of_) {
    std::stable_sort(list.begin(), list.end(),
                     [](const HeldCompetence* a, const HeldCompetence* b) {
                       return a->person_id < b->person_id;
                     });
  }
}

const Competence* CompetenceIndex::Find(absl::string_view competence) const {
  const auto found = catalogue_.find(competence);
  return found == catalogue_.end() ? nullptr : found->second;
}

const std::vector<const HeldCompetence*>& CompetenceIndex::HeldBy(
    absl::string_view person_id) const {
  return ListOrNone(held_by_, person_id);
}

const std::vector<const HeldCompetence*>& CompetenceIndex::Of(absl::string_view competence) const {
  return ListOrNone(of_, competence);
}

}  // namespace klynge::organisation
