#include <absl/strings/str_cat.h>

#include <utility>

#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

bool IsErased(const Candidate& candidate, const std::string& person_id) {
  const Person* person = candidate.before.FindPerson(person_id);
  return person != nullptr && person->erased();
}

Problem Erased(std::string field, const std::string& person_id) {
  return {v1::ERROR_REASON_PERSON_ERASED, std::move(field),
          absl::StrCat("\"", person_id,
                       "\" was erased; take the person out of what you import, and never use the "
                       "id again")};
}

// True when the row leaves what is stored as it is: a role that it would let last longer than the
// employment is one.
template <class Thing>
bool ChangesNothing(const Candidate& candidate, const InPlay<Thing>& held) {
  Thing left = *held.thing;
  left.valid = held.valid;
  const Thing* stored = FindSame(ListOf<Thing>(candidate.before.organisation()), left);
  return stored != nullptr && *stored == left;
}

template <class Thing>
void CheckAll(const Candidate& candidate, const std::vector<InPlay<Thing>>& things,
              const char* field, std::vector<Blame>& blames) {
  for (const InPlay<Thing>& held : things) {
    if (held.row == kStored || !IsErased(candidate, held.thing->person_id)) continue;
    if (ChangesNothing(candidate, held)) continue;
    blames.push_back({held.row, Erased(field, held.thing->person_id)});
  }
}

// Whom a handover names anew.
void CheckNamed(const Candidate& candidate, const InPlay<Handover>& placed,
                std::vector<Blame>& blames) {
  if (placed.row == kStored) return;
  const Handover* stored = FindSame(candidate.before.organisation().handovers, *placed.thing);
  const auto check = [&](std::string Handover::*person, const char* field) {
    const std::string& named = placed.thing->*person;
    const bool anew = stored == nullptr || stored->*person != named;
    if (anew && IsErased(candidate, named)) blames.push_back({placed.row, Erased(field, named)});
  };
  check(&Handover::giver_person_id, "handover.giver_person_id");
  check(&Handover::receiver_person_id, "handover.receiver_person_id");
}

}  // namespace

std::vector<Blame> CheckErased(const Candidate& candidate) {
  std::vector<Blame> blames;
  for (const auto& [person_id, brought] : candidate.new_persons) {
    const Person* stored = candidate.before.FindPerson(person_id);
    if (stored == nullptr) continue;
    if (stored->erased()) {
      blames.push_back({brought.row, Erased("person.person_id", stored->person_id)});
    } else if (brought.thing->erased()) {
      blames.push_back({brought.row,
                        {v1::ERROR_REASON_INVALID_FIELDS, "person.erased_on",
                         "must be empty: an import erases nobody; call ErasePerson"}});
    }
  }
  CheckAll(candidate, candidate.assignments, "assignment.person_id", blames);
  CheckAll(candidate, candidate.substitutions, "substitution.person_id", blames);
  CheckAll(candidate, candidate.employments, "employment.person_id", blames);
  CheckAll(candidate, candidate.body_memberships, "body_membership.person_id", blames);
  CheckAll(candidate, candidate.held_competences, "held_competence.person_id", blames);
  CheckAll(candidate, candidate.codes, "code.person_id", blames);
  for (const InPlay<Handover>& placed : candidate.handovers) CheckNamed(candidate, placed, blames);
  return blames;
}

}  // namespace klynge::organisation
