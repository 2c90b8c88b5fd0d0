// What persons can, as plain values. Only the organisation service holds them: they are not in the
// snapshot that others fetch.
#pragma once

#include <string>

#include "services/platform/date.h"

namespace klynge::organisation {

// One entry of the catalogue.
struct Competence {
  std::string competence;
  std::string label_da;
  std::string label_en;
  std::string description_da;
  std::string description_en;

  bool operator==(const Competence&) const = default;
};

struct CompetenceLevel {
  int level = 0;  // a higher one is more
  std::string label_da;
  std::string label_en;

  bool operator==(const CompetenceLevel&) const = default;
};

// A person has a competence during one period, as the person says or as somebody has confirmed.
struct HeldCompetence {
  std::string held_competence_id;
  std::string person_id;
  std::string competence;
  int level = 0;
  std::string confirmed_by;  // "" when the person says so
  DateRange valid;

  bool confirmed() const { return !confirmed_by.empty(); }
  bool operator==(const HeldCompetence&) const = default;
};

}  // namespace klynge::organisation
