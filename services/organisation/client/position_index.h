// The positions of an organisation, found by id and by unit, with who holds them and who stands in.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>
#include <absl/types/optional.h>

#include <vector>

#include "services/organisation/client/model.h"

namespace klynge::organisation {

class Tree;

// Never changes after it is made, by tree.positions(); points into the tree.
class PositionIndex {
 public:
  explicit PositionIndex(const Tree& tree);

  // Null when there is no such position on any day.
  const Position* Find(absl::string_view position_id) const;
  // The positions of a unit that exist that day, by id.
  std::vector<const Position*> At(absl::string_view unit_id, Date on) const;
  // The positions a unit ever has, by id.
  std::vector<const Position*> EverAt(absl::string_view unit_id) const;

  // Who holds the position that day; null when it is vacant.
  const Assignment* HolderOn(absl::string_view position_id, Date on) const;
  // Who stands in that day; null when nobody does.
  const Substitution* SubstituteOn(absl::string_view position_id, Date on) const;
  // The days around this one on which nobody holds it; nothing when somebody does, or it does not
  // exist that day.
  absl::optional<DateRange> VacancyOn(const Position& position, Date on) const;

  // What ever filled the position, who ever stood in at it, and when nobody held it; by first day.
  std::vector<const Assignment*> Holders(absl::string_view position_id) const;
  std::vector<const Substitution*> Substitutions(absl::string_view position_id) const;
  std::vector<DateRange> Vacancies(const Position& position) const;
  // Where a person ever stood in, by first day.
  std::vector<const Substitution*> SubstitutionsOf(absl::string_view person_id) const;

 private:
  struct Place {
    const Position* position = nullptr;
    std::vector<const Assignment*> holders;        // by first day
    std::vector<const Substitution*> substitutes;  // by first day
  };
  const Place* PlaceOf(absl::string_view position_id) const;

  absl::flat_hash_map<absl::string_view, Place> places_;
  absl::flat_hash_map<absl::string_view, std::vector<const Position*>> at_;
  absl::flat_hash_map<absl::string_view, std::vector<const Substitution*>> substitutions_of_;
};

// When persons are employed: tree.Indexed<EmploymentIndex>(). Apart, since few ask for it and it
// has an entry for nearly everybody. Points into the tree.
class EmploymentIndex {
 public:
  explicit EmploymentIndex(const Tree& tree);

  // Every employment of a person, by first day; empty when none is known.
  std::vector<const Employment*> Of(absl::string_view person_id) const;

 private:
  absl::flat_hash_map<absl::string_view, std::vector<const Employment*>> employments_of_;
};

}  // namespace klynge::organisation
