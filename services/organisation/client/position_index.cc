#include "services/organisation/client/position_index.h"

#include <algorithm>

#include "services/organisation/client/tree.h"

namespace klynge::organisation {
namespace {

template <class Thing>
void SortByFirstDay(std::vector<const Thing*>& things) {
  std::stable_sort(things.begin(), things.end(),
                   [](const Thing* a, const Thing* b) { return a->valid.from < b->valid.from; });
}

// The one whose days contain the day. They do not overlap, so only the last to begin can.
template <class Thing>
const Thing* On(const std::vector<const Thing*>& by_first_day, Date on) {
  auto after =
      std::upper_bound(by_first_day.begin(), by_first_day.end(), on,
                       [](Date day, const Thing* thing) { return day < thing->valid.from; });
  if (after == by_first_day.begin()) return nullptr;
  const Thing* last = *std::prev(after);
  return last->valid.Contains(on) ? last : nullptr;
}

}  // namespace

PositionIndex::PositionIndex(const Tree& tree) {
  const Organisation& organisation = tree.organisation();
  places_.reserve(organisation.positions.size());
  for (const Position& position : organisation.positions) {
    places_[position.position_id].position = &position;
    at_[position.unit_id].push_back(&position);
  }
  for (const Assignment& held : organisation.assignments) {
    if (held.position_id.empty()) continue;
    auto place = places_.find(held.position_id);
    if (place != places_.end()) place->second.holders.push_back(&held);
  }
  for (const Substitution& substitution : organisation.substitutions) {
    substitutions_of_[substitution.person_id].push_back(&substitution);
    auto place = places_.find(substitution.position_id);
    if (place != places_.end()) place->second.substitutes.push_back(&substitution);
  }
  for (auto& [id, place] : places_) {
    SortByFirstDay(place.holders);
    SortByFirstDay(place.substitutes);
  }
  for (auto& [id, substitutions] : substitutions_of_) SortByFirstDay(substitutions);
}

const PositionIndex::Place* PositionIndex::PlaceOf(absl::string_view position_id) const {
  auto found = places_.find(position_id);
  return found == places_.end() ? nullptr : &found->second;
}

const Position* PositionIndex::Find(absl::string_view position_id) const {
  const Place* place = PlaceOf(position_id);
  return place == nullptr ? nullptr : place->position;
}

std::vector<const Position*> PositionIndex::At(absl::string_view unit_id, Date on) const {
  std::vector<const Position*> positions;
  auto found = at_.find(unit_id);
  if (found == at_.end()) return positions;
  for (const Position* position : found->second) {
    if (position->valid.Contains(on)) positions.push_back(position);
  }
  return positions;
}

std::vector<const Position*> PositionIndex::EverAt(absl::string_view unit_id) const {
  auto found = at_.find(unit_id);
  return found == at_.end() ? std::vector<const Position*>{} : found->second;
}

const Assignment* PositionIndex::HolderOn(absl::string_view position_id, Date on) const {
  const Place* place = PlaceOf(position_id);
  return place == nullptr ? nullptr : On(place->holders, on);
}

const Substitution* PositionIndex::SubstituteOn(absl::string_view position_id, Date on) const {
  const Place* place = PlaceOf(position_id);
  return place == nullptr ? nullptr : On(place->substitutes, on);
}

absl::optional<DateRange> PositionIndex::VacancyOn(const Position& position, Date on) const {
  for (const DateRange& vacancy : Vacancies(position)) {
    if (vacancy.Contains(on)) return vacancy;
  }
  return absl::nullopt;
}

std::vector<const Assignment*> PositionIndex::Holders(absl::string_view position_id) const {
  const Place* place = PlaceOf(position_id);
  return place == nullptr ? std::vector<const Assignment*>{} : place->holders;
}

std::vector<const Substitution*> PositionIndex::Substitutions(absl::string_view position_id) const {
  const Place* place = PlaceOf(position_id);
  return place == nullptr ? std::vector<const Substitution*>{} : place->substitutes;
}

std::vector<DateRange> PositionIndex::Vacancies(const Position& position) const {
  std::vector<DateRange> vacancies;
  Date covered_to = position.valid.from;
  for (const Assignment* held : Holders(position.position_id)) {
    if (covered_to < held->valid.from) vacancies.push_back({covered_to, held->valid.from});
    covered_to = std::max(covered_to, held->valid.to);
  }
  if (covered_to < position.valid.to) vacancies.push_back({covered_to, position.valid.to});
  return vacancies;
}

std::vector<const Substitution*> PositionIndex::SubstitutionsOf(absl::string_view person_id) const {
  auto found = substitutions_of_.find(person_id);
  return found == substitutions_of_.end() ? std::vector<const Substitution*>{} : found->second;
}

EmploymentIndex::EmploymentIndex(const Tree& tree) {
  for (const Employment& employment : tree.organisation().employments) {
    employments_of_[employment.person_id].push_back(&employment);
  }
  for (auto& [id, employments] : employments_of_) SortByFirstDay(employments);
}

std::vector<const Employment*> EmploymentIndex::Of(absl::string_view person_id) const {
  auto found = employments_of_.find(person_id);
  return found == employments_of_.end() ? std::vector<const Employment*>{} : found->second;
}

}  // namespace klynge::organisation
