#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

class CompetenceRules {
 public:
  explicit CompetenceRules(const Candidate& candidate) : candidate_(candidate) {}

  std::vector<Blame> Check() && {
    for (const InPlay<Competence>& known : candidate_.competences) {
      catalogue_.insert(known.thing->competence);
    }
    for (const InPlay<HeldCompetence>& held : candidate_.held_competences) CheckHeld(held);
    return std::move(blames_);
  }

 private:
  void Add(int row, absl::optional<Problem> problem) {
    if (problem && row != kStored) blames_.push_back({row, *std::move(problem)});
  }

  void CheckHeld(const InPlay<HeldCompetence>& placed) {
    const HeldCompetence& held = *placed.thing;
    Add(placed.row, MissingPerson(candidate_, "held_competence.person_id", held.person_id));
    if (held.confirmed()) {
      Add(placed.row, MissingPerson(candidate_, "held_competence.confirmed_by", held.confirmed_by));
    }
    if (!catalogue_.contains(held.competence)) {
      Add(placed.row, UnknownCompetence(candidate_, "held_competence.competence", held.competence));
    }
    Add(placed.row, MissingLevel(candidate_, "held_competence.level", held.level));
    CheckOnlyOnce(placed);
  }

  // What is stored comes first, then the rows in their order: a row gives way to those before it.
  void CheckOnlyOnce(const InPlay<HeldCompetence>& placed) {
    const HeldCompetence& held = *placed.thing;
    auto& same = seen_[{held.person_id, held.competence, held.confirmed()}];
    for (const HeldCompetence* other : same) {
      if (!other->valid.Overlaps(held.valid)) continue;
      Add(placed.row, Problem{v1::ERROR_REASON_COMPETENCE_OVERLAP, "held_competence.valid_from",
                              absl::StrCat("\"", held.person_id, "\" has \"", held.competence,
                                           "\" ", Days(other->valid), " already, ",
                                           held.confirmed() ? "confirmed" : "self-declared", " (\"",
                                           other->held_competence_id, "\")")});
      return;
    }
    same.push_back(&held);
  }

  const Candidate& candidate_;
  std::set<absl::string_view> catalogue_;
  std::map<std::tuple<absl::string_view, absl::string_view, bool>,
           std::vector<const HeldCompetence*>>
      seen_;
  std::vector<Blame> blames_;
};

}  // namespace

std::vector<Blame> CheckCompetences(const Candidate& candidate) {
  return CompetenceRules(candidate).Check();
}

Problem UnknownCompetence(const Candidate& candidate, std::string field,
                          const std::string& competence) {
  if (candidate.IsRejected<Competence>(competence)) {
    return {v1::ERROR_REASON_DEPENDS_ON_REJECTED_ROW, std::move(field),
            absl::StrCat("\"", competence, "\" is rejected in this import; mend its row first")};
  }
  return {v1::ERROR_REASON_COMPETENCE_NOT_FOUND, std::move(field),
          absl::StrCat("there is no competence \"", competence,
                       "\"; ListCompetences shows them, and an import can add it")};
}

absl::optional<Problem> MissingLevel(const Candidate& candidate, std::string field, int level) {
  const std::vector<CompetenceLevel>& levels = candidate.before.organisation().competence_levels;
  if (absl::c_any_of(levels, [&](const CompetenceLevel& known) { return known.level == level; })) {
    return absl::nullopt;
  }
  return Problem{
      v1::ERROR_REASON_COMPETENCE_LEVEL_NOT_FOUND, std::move(field),
      absl::StrCat(level, " is no level; there are ",
                   absl::StrJoin(levels, ", ", [](std::string* out, const CompetenceLevel& known) {
                     absl::StrAppend(out, known.level);
                   }))};
}

}  // namespace klynge::organisation
