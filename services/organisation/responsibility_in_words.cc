#include "services/organisation/responsibility_in_words.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/substitute.h>

#include "services/organisation/competence_index.h"

namespace klynge::organisation {
namespace {

using absl::StrCat;

// As many as can be read in a sentence.
constexpr size_t kMostNamed = 3;

std::string Counted(int count, const char* one, const char* several) {
  return StrCat(count, " ", count == 1 ? one : several);
}

// "a, b, c" of the first few, with how many more there are.
std::string Named(const std::vector<std::string>& names, const char* and_more) {
  const size_t shown = std::min(names.size(), kMostNamed);
  std::string text =
      absl::StrJoin(names.begin(), names.begin() + static_cast<ptrdiff_t>(shown), ", ");
  if (names.size() > shown) absl::SubstituteAndAppend(&text, and_more, names.size() - shown);
  return text;
}

void SayGaps(const ResponsibilityMatrix& matrix, type::v1::LocalizedText* text) {
  const int gaps = matrix.gaps();
  if (gaps == 0) return;
  const int vacant = matrix.Count(CellState::kVacant);
  Say(StrCat(Counted(gaps, "opgave har", "opgaver har"), " ingen, der tager sig af dem",
             vacant == 0 ? "" : StrCat(", heraf ", vacant, " i ledige stillinger"),
             ". ProposeDistribution foreslår, hvem der kan."),
      StrCat("Nobody takes care of ", Counted(gaps, "task", "tasks"),
             vacant == 0 ? "" : StrCat(", ", vacant, " of them at vacant positions"),
             ". ProposeDistribution proposes who could."),
      text);
}

void SayDoubles(const ResponsibilityMatrix& matrix, type::v1::LocalizedText* text) {
  const int doubles = matrix.Count(CellState::kDouble);
  if (doubles == 0) return;
  Say(StrCat(Counted(doubles, "opgave har", "opgaver har"),
             " flere ansvarlige: aftal, hvem der har dem."),
      StrCat("Several persons take care of ", Counted(doubles, "task", "tasks"),
             ": agree on one for each."),
      text);
}

void SayLoads(const ResponsibilityMatrix& matrix, type::v1::LocalizedText* text) {
  std::vector<std::string> over;
  int under = 0;
  for (const SeatLoad& load : matrix.seats) {
    if (load.percent > kFullTime) {
      over.push_back(StrCat(load.seat.position->position_id, " (", load.percent, " %)"));
    } else if (load.in_team && load.percent < kClearlyUnder) {
      ++under;
    }
  }
  if (!over.empty()) {
    Say(StrCat("Mere end fuld tid: ", Named(over, " og $0 til"),
               "; ProposeDistribution med relieve_overload foreslår, hvad andre kan tage."),
        StrCat("More than full time: ", Named(over, " and $0 more"),
               "; ProposeDistribution with relieve_overload proposes what others can take."),
        text);
  }
  if (under > 0) {
    Say(StrCat(Counted(under, "stilling", "stillinger"), " har opgaver for mindre end ",
               kClearlyUnder, " %."),
        StrCat(Counted(under, "position has", "positions have"), " tasks for less than ",
               kClearlyUnder, " %."),
        text);
  }
  const auto without = static_cast<int>(absl::c_count_if(
      matrix.members, [](const ActorLoad& member) { return member.seats.empty(); }));
  if (without > 0) {
    Say(StrCat(Counted(without, "leder har", "ledere har"),
               " ingen stilling, som opgaver kan gives til: importér den."),
        StrCat(Counted(without, "leader has", "leaders have"),
               " no position that tasks can be given to: import it."),
        text);
  }
}

// The share of the primary kind, and of the largest other one when that is larger.
void SayTimes(const ResponsibilityMatrix& matrix, type::v1::LocalizedText* text) {
  const KindTime* primary = nullptr;
  const KindTime* other = nullptr;
  int all = 0;
  for (const KindTime& time : matrix.times) {
    if (!time.kind->parent_kind.empty()) continue;
    all += time.percent;
    const KindTime*& best = time.kind->primary ? primary : other;
    if (best == nullptr || time.percent > best->percent) best = &time;
  }
  if (primary == nullptr || all == 0) return;
  const auto share = [&](const KindTime& time) { return (time.percent * 100 + all / 2) / all; };
  if (matrix.primary_is_largest) {
    Say(StrCat(primary->kind->label_da, " får mest tid: ", share(*primary), " %."),
        StrCat(primary->kind->label_en, " gets the most time: ", share(*primary), " %."), text);
  } else if (other != nullptr) {
    Say(StrCat(primary->kind->label_da, " får ", share(*primary),
               " % af tiden og skulle have mest: ", other->kind->label_da, " får ", share(*other),
               " %."),
        StrCat(primary->kind->label_en, " gets ", share(*primary),
               " % of the time and should have the most: ", other->kind->label_en, " gets ",
               share(*other), " %."),
        text);
  }
}

void SayLacking(const Tree& tree, const ResponsibilityMatrix& matrix,
                type::v1::LocalizedText* text) {
  std::vector<Lack> lacks;
  for (const TeamNeed& need : matrix.needs) {
    if (need.is_lacking()) lacks.push_back({{need.competence, need.least_level}, need.level});
  }
  if (lacks.empty()) return;
  const InBothLanguages words = InWords(tree, lacks);
  Say(StrCat("Ingen i teamet kan godt nok: ", words.da, "; FindCompetence viser, hvem der kan."),
      StrCat("Nobody in the team is good enough at: ", words.en, "; FindCompetence shows who is."),
      text);
}

}  // namespace

void Say(const std::string& da, const std::string& en, type::v1::LocalizedText* text) {
  text->set_da(StrCat(text->da(), text->da().empty() ? "" : " ", da));
  text->set_en(StrCat(text->en(), text->en().empty() ? "" : " ", en));
}

std::string NameWithId(const Tree& tree, const std::string& person_id) {
  const Person* person = tree.FindPerson(person_id);
  return person == nullptr ? person_id : StrCat(person->name, " (", person_id, ")");
}

InBothLanguages InWords(const Tree& tree, const std::vector<Lack>& lacks) {
  std::vector<std::string> da;
  std::vector<std::string> en;
  for (const Lack& lack : lacks) {
    const Competence* known = tree.Indexed<CompetenceIndex>().Find(lack.needed.competence);
    const std::string& code = lack.needed.competence;
    const int least = std::max(lack.needed.least_level, 1);
    da.push_back(StrCat(known == nullptr ? code : known->label_da, " på niveau ", least,
                        lack.level == 0 ? "" : StrCat(" (nu ", lack.level, ")")));
    en.push_back(StrCat(known == nullptr || known->label_en.empty() ? code : known->label_en,
                        " at level ", least,
                        lack.level == 0 ? "" : StrCat(" (now ", lack.level, ")")));
  }
  return {absl::StrJoin(da, ", "), absl::StrJoin(en, ", ")};
}

void SayInWords(const Tree& tree, const ResponsibilityMatrix& matrix,
                type::v1::LocalizedText* text) {
  const bool none =
      absl::c_all_of(matrix.cells, [](const MatrixCell& cell) { return cell.holders.empty(); });
  if (none) {
    Say(StrCat("Ingen af de ", matrix.cells.size(), " opgaver er fordelt endnu."),
        StrCat("None of the ", matrix.cells.size(), " tasks is distributed yet."), text);
  } else if (matrix.gaps() == 0) {
    Say("Alle opgaver har nogen, der tager sig af dem.", "Somebody takes care of every task.",
        text);
  }
  SayGaps(matrix, text);
  SayDoubles(matrix, text);
  SayLoads(matrix, text);
  SayTimes(matrix, text);
  SayLacking(tree, matrix, text);
}

void SayInWords(const Tree& tree, const MatrixCell& cell, Date on, type::v1::LocalizedText* text) {
  if (cell.state == CellState::kNobody) {
    Say("Ingen er ansvarlig; ProposeDistribution foreslår en.",
        "Nobody is responsible; ProposeDistribution proposes somebody.", text);
  } else if (cell.state == CellState::kVacant) {
    const std::string& position_id = cell.holders.front().seat.position->position_id;
    Say(StrCat("Stillingen ", position_id,
               " er ledig: besæt den, find en stedfortræder, eller lad "
               "en anden tage opgaven imens."),
        StrCat("Position ", position_id,
               " is vacant: fill it, find a substitute, or let somebody else take the task."),
        text);
  } else if (cell.state == CellState::kDouble) {
    std::vector<std::string> names;
    for (const CellHolder& holder : cell.holders) {
      if (holder.seat.actor().empty()) continue;
      std::string name = NameWithId(tree, holder.seat.actor());
      if (!absl::c_linear_search(names, name)) names.push_back(std::move(name));
    }
    Say(StrCat("Flere har opgaven: ", Named(names, " og $0 til"),
               ". Aftal én, og afslut de andres."),
        StrCat("Several have the task: ", Named(names, " and $0 more"),
               ". Agree on one, and end the others'."),
        text);
  }
  for (const CellHolder& holder : cell.holders) {
    const std::string& actor = holder.seat.actor();
    if (actor.empty()) continue;
    const std::vector<Lack> lacks = LacksOf(tree, *cell.task, actor, on);
    if (lacks.empty()) continue;
    const InBothLanguages words = InWords(tree, lacks);
    Say(StrCat(NameWithId(tree, actor), " mangler ", words.da, "."),
        StrCat(NameWithId(tree, actor), " lacks ", words.en, "."), text);
  }
}

}  // namespace klynge::organisation
