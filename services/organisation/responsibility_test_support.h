// Tasks and responsibilities for tests, one line each; dates as in the protos.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "services/organisation/competence_test_support.h"

namespace klynge::organisation::testing {

// The kinds of leadership professional (the primary one), strategic, and economy as a part of
// administrative. Of tasks clusters have: direction (strategic, 20 %), budget (economy, 15 %, needs
// finance 3); nurseries, kindergartens and clubs: practice (professional, 40 %, needs data 2) and
// sparring (professional, 10 %, may be shared).
inline OrganisationBuilder WithTasks(OrganisationBuilder city) {
  city.Kind(LeadershipKind{"professional", "Faglig ledelse", "Professional", "", true});
  city.Kind(LeadershipKind{"strategic", "Strategisk ledelse", "Strategic", "", false});
  city.Kind(LeadershipKind{"administrative", "Administrativ", "Administrative", "", false});
  city.Kind(LeadershipKind{"economy", "Økonomi", "Economy", "administrative", false});
  city.With(Task{"direction", "Retning", "Direction", "strategic", {"cluster"}, 20, false, {}});
  city.With(
      Task{"budget", "Budget", "Budget", "economy", {"cluster"}, 15, false, {{"finance", 3}}});
  const std::vector<std::string> institutions = {"club", "kindergarten", "nursery"};
  city.With(Task{
      "practice", "Praksis", "Practice", "professional", institutions, 40, false, {{"data", 2}}});
  city.With(Task{"sparring", "Sparring", "Sparring", "professional", institutions, 10, true, {}});
  return city;
}

// The small city with competences and tasks, and a position for each of its leaders, pos-<unit>,
// which the leader holds.
inline OrganisationBuilder CityWithTasks() {
  Organisation small = CityWithCompetences().Build();
  OrganisationBuilder city;
  for (const UnitVersion& unit : small.units) {
    city.Unit(unit.unit_id, unit.kind, unit.parent_id);
  }
  for (const Person& person : small.persons) city.Someone(person.person_id);
  for (const Competence& known : small.competences) city.With(known);
  for (const CompetenceLevel& level : small.competence_levels) city.With(level);
  for (const Assignment& held : small.assignments) {
    city.Position("pos-" + held.unit_id, held.role, held.unit_id);
    city.Hold(held.person_id, "pos-" + held.unit_id);
  }
  return WithTasks(std::move(city));
}

// The id is made of the task, the unit, the position and the first day.
inline Responsibility Responsible(std::string position, std::string task, std::string unit,
                                  int percent, absl::string_view from = "2020-01-01",
                                  absl::string_view to = "") {
  std::string id = absl::StrCat("r-", task, "-", unit, "-", position, "-", from);
  return {std::move(id),       std::move(task), std::move(unit),
          std::move(position), percent,         {D(from), D(to)}};
}

inline Message Row(const Task& task) {
  Message message;
  ToProto(task, message.mutable_task());
  return message;
}
inline Message Row(const Responsibility& responsibility) {
  Message message;
  ToProto(responsibility, message.mutable_responsibility());
  return message;
}

}  // namespace klynge::organisation::testing
