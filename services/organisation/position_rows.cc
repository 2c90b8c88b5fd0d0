#include <absl/strings/str_cat.h>

#include "services/organisation/row_checker.h"

namespace klynge::organisation {
namespace {

constexpr int kMaxResponsibilities = 50;

}  // namespace

ImportRow ParsePosition(const v1::Position& position) {
  RowChecker check("position.");
  check.Id("position_id", position.position_id());
  check.Id("role", position.role());
  check.Id("unit_id", position.unit_id());
  for (int i = 0; i < position.responsibilities_size(); ++i) {
    check.Text(absl::StrCat("responsibilities[", i, "]"), position.responsibilities(i));
  }
  if (position.responsibilities_size() > kMaxResponsibilities) {
    check.Wrong("responsibilities",
                absl::StrCat("has ", position.responsibilities_size(), " lines; at most ",
                             kMaxResponsibilities, " are kept"));
  }
  const DateRange valid = check.Dates(position.valid_from(), position.valid_to());
  return {Position{position.position_id(),
                   position.role(),
                   position.unit_id(),
                   {position.responsibilities().begin(), position.responsibilities().end()},
                   valid},
          check.TakeProblems()};
}

ImportRow ParseSubstitution(const v1::Substitution& substitution) {
  RowChecker check("substitution.");
  check.Id("substitution_id", substitution.substitution_id());
  check.Id("position_id", substitution.position_id());
  check.Id("person_id", substitution.person_id());
  const DateRange valid = check.Dates(substitution.valid_from(), substitution.valid_to());
  return {Substitution{substitution.substitution_id(), substitution.position_id(),
                       substitution.person_id(), valid},
          check.TakeProblems()};
}

ImportRow ParseEmployment(const v1::Employment& employment) {
  RowChecker check("employment.");
  check.Id("employment_id", employment.employment_id());
  check.Id("person_id", employment.person_id());
  const DateRange valid = check.Dates(employment.valid_from(), employment.valid_to());
  return {Employment{employment.employment_id(), employment.person_id(), valid},
          check.TakeProblems()};
}

}  // namespace klynge::organisation
