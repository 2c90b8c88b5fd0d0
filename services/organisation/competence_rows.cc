#include "services/organisation/row_checker.h"

namespace klynge::organisation {

ImportRow ParseCompetence(const v1::Competence& competence) {
  RowChecker check("competence.");
  check.Id("competence", competence.competence());
  check.Text("label.da", competence.label().da());
  check.Line("label.en", competence.label().en());
  check.Line("description.da", competence.description().da(), 500);
  check.Line("description.en", competence.description().en(), 500);
  return {Competence{competence.competence(), competence.label().da(), competence.label().en(),
                     competence.description().da(), competence.description().en()},
          check.TakeProblems()};
}

ImportRow ParseHeldCompetence(const v1::HeldCompetence& held) {
  RowChecker check("held_competence.");
  check.Id("held_competence_id", held.held_competence_id());
  check.Id("person_id", held.person_id());
  check.Id("competence", held.competence());
  check.IdOrNone("confirmed_by", held.confirmed_by());
  if (!held.confirmed_by().empty() && held.confirmed_by() == held.person_id()) {
    check.Wrong("confirmed_by",
                "is the person; leave it empty for what the person says, or name somebody else");
  }
  const DateRange valid = check.Dates(held.valid_from(), held.valid_to());
  return {HeldCompetence{held.held_competence_id(), held.person_id(), held.competence(),
                         held.level(), held.confirmed_by(), valid},
          check.TakeProblems()};
}

}  // namespace klynge::organisation
