#include "services/organisation/leadership_in_words.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/substitute.h>

#include <string>
#include <vector>

namespace klynge::organisation {
namespace {

// The same sentences in one language.
struct Words {
  const char* vacant;  // a position has stood vacant since a day
  const char* since;
  const char* no_leader;  // nobody is assigned
  const char* no_role;    // the kind has no leader
  const char* leads;      // who leads the unit found
  const char* lead;       // the same of several
  const char* stands_in_for;
  const char* vacancy;  // what a substitute stands in for when there is no holder
  const char* nobody;   // no leader all the way up
  const char* and_word;
};

constexpr Words kDanish = {"stillingen ",
                           " er ledig siden ",
                           " har ingen leder.",
                           " er af en slags uden leder.",
                           " leder ",
                           " deler ledelsen af ",
                           " (stedfortræder for ",
                           "den ledige stilling ",
                           "Ingen leder enheden.",
                           " og "};
constexpr Words kEnglish = {"position ",
                            " is vacant since ",
                            " has no leader.",
                            " is of a kind without a leader.",
                            " leads ",
                            " share the leadership of ",
                            " (standing in for ",
                            "the vacant position ",
                            "Nobody leads the unit.",
                            " and "};

std::string Unit(const UnitVersion& unit) {
  return absl::StrCat(unit.name, " (", unit.unit_id, ")");
}

std::string Named(const Tree& tree, const std::string& person_id) {
  const Person* person = tree.FindPerson(person_id);
  return person == nullptr ? person_id : absl::StrCat(person->name, " (", person_id, ")");
}

std::string Leader(const Tree& tree, const ResponsibleLeader& leader, const Words& words) {
  std::string text = Named(tree, leader.person_id);
  if (leader.substitution == nullptr) return text;
  absl::StrAppend(&text, words.stands_in_for,
                  leader.stands_in_for.empty() ? absl::StrCat(words.vacancy, leader.position_id)
                                               : Named(tree, leader.stands_in_for),
                  ")");
  return text;
}

std::string PassedOver(const PassedOverUnit& passed, const Words& words) {
  const std::string unit = Unit(*passed.unit);
  if (passed.vacancies.empty()) {
    return absl::StrCat(unit, passed.can_have_leader ? words.no_leader : words.no_role);
  }
  return absl::StrCat(unit, ": ",
                      absl::StrJoin(passed.vacancies, words.and_word,
                                    [&](std::string* out, const VacantPosition& vacant) {
                                      absl::StrAppend(out, words.vacant,
                                                      vacant.position->position_id, words.since,
                                                      FormatDate(vacant.vacancy.from));
                                    }),
                      ".");
}

std::string Say(const Tree& tree, const Leadership& leadership, const Words& words) {
  std::vector<std::string> sentences;
  for (const PassedOverUnit& passed : leadership.passed_over) {
    sentences.push_back(PassedOver(passed, words));
  }
  if (leadership.leaders.empty()) {
    sentences.push_back(words.nobody);
  } else {
    const std::string leaders = absl::StrJoin(
        leadership.leaders, words.and_word, [&](std::string* out, const ResponsibleLeader& leader) {
          absl::StrAppend(out, Leader(tree, leader, words));
        });
    sentences.push_back(absl::StrCat(leaders,
                                     leadership.leaders.size() > 1 ? words.lead : words.leads,
                                     Unit(*leadership.found_at), "."));
  }
  return absl::StrJoin(sentences, " ");
}

// What changed, with $0 the team, $1 the person, $2 the units, $3 the position.
struct ChangeWords {
  TeamChangeKind kind;
  const char* da;
  const char* en;
};

constexpr ChangeWords kChanges[] = {
    {TeamChangeKind::kTeamBegan, "Ledelsesteamet i $0 begynder.", "The team of $0 begins."},
    {TeamChangeKind::kTeamEnded, "Ledelsesteamet i $0 ophører.", "The team of $0 ends."},
    {TeamChangeKind::kLeaderCame, "$1 bliver leder af $0.", "$1 becomes the leader of $0."},
    {TeamChangeKind::kLeaderWent, "$1 er ikke længere leder af $0.",
     "$1 is no longer the leader of $0."},
    {TeamChangeKind::kMemberCame, "$1 kommer med i teamet og leder $2.",
     "$1 joins the team and leads $2."},
    {TeamChangeKind::kMemberWent, "$1, som ledte $2, forlader teamet.",
     "$1, who led $2, leaves the team."},
    {TeamChangeKind::kMemberUnitsChanged, "$1 leder nu $2.", "$1 now leads $2."},
    {TeamChangeKind::kVacancyBegan, "Stillingen $3 bliver ledig.", "Position $3 falls vacant."},
    {TeamChangeKind::kVacancyEnded, "Stillingen $3 er ikke længere ledig.",
     "Position $3 is no longer vacant."},
    {TeamChangeKind::kSubstituteBegan, "$1 er stedfortræder i stillingen $3.",
     "$1 stands in at position $3."},
    {TeamChangeKind::kSubstituteEnded, "$1 er ikke længere stedfortræder i stillingen $3.",
     "$1 no longer stands in at position $3."},
};

}  // namespace

void SayInWords(const Tree& tree, const TeamChange& change, type::v1::LocalizedText* text) {
  const UnitVersion* cluster = nullptr;
  for (const UnitVersion* version : tree.Versions(change.cluster_id)) {
    if (cluster == nullptr || version->valid.from <= change.date) cluster = version;
  }
  const std::string team = cluster == nullptr ? change.cluster_id : Unit(*cluster);
  const std::string person = change.person_id.empty() ? "" : Named(tree, change.person_id);
  const std::string units = absl::StrJoin(change.unit_ids, ", ");
  for (const ChangeWords& words : kChanges) {
    if (words.kind != change.kind) continue;
    text->set_da(absl::Substitute(words.da, team, person, units, change.position_id));
    text->set_en(absl::Substitute(words.en, team, person, units, change.position_id));
  }
}

void SayInWords(const Tree& tree, const Leadership& leadership, type::v1::LocalizedText* text) {
  text->set_da(Say(tree, leadership, kDanish));
  text->set_en(Say(tree, leadership, kEnglish));
}

}  // namespace klynge::organisation
