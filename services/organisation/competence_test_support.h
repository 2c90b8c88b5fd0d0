// Competences for tests, one line each; dates as in the protos.
#pragma once

#include <string>
#include <utility>

#include "services/organisation/test_support.h"

namespace klynge::organisation::testing {

// With the competences data and finance, and levels 1 to 4.
inline OrganisationBuilder CityWithCompetences() {
  OrganisationBuilder city = SmallCity();
  city.With(Competence{"data", "Data", "Data", "", ""});
  city.With(Competence{"finance", "Økonomi", "Finance", "", ""});
  for (int level = 1; level <= 4; ++level) {
    city.With(
        CompetenceLevel{level, absl::StrCat("Niveau ", level), absl::StrCat("Level ", level)});
  }
  return city;
}

// The id is made of the person, the competence and who has confirmed it.
inline HeldCompetence Declared(std::string person, std::string competence, int level,
                               absl::string_view from = "2020-01-01", absl::string_view to = "") {
  std::string id = person + "." + competence;
  return {std::move(id), std::move(person), std::move(competence), level, "", {D(from), D(to)}};
}
inline HeldCompetence Confirmed(std::string person, std::string competence, int level,
                                std::string by, absl::string_view from = "2020-01-01",
                                absl::string_view to = "") {
  HeldCompetence held = Declared(std::move(person), std::move(competence), level, from, to);
  held.held_competence_id += "." + by;
  held.confirmed_by = std::move(by);
  return held;
}

inline Message Row(const Competence& competence) {
  Message message;
  ToProto(competence, message.mutable_competence());
  return message;
}
inline Message Row(const HeldCompetence& held) {
  Message message;
  ToProto(held, message.mutable_held_competence());
  return message;
}

}  // namespace klynge::organisation::testing
