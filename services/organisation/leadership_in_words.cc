#include "services/organisation/leadership_in_words.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

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

std::string Person(const Tree& tree, const std::string& person_id) {
  const organisation::Person* person = tree.FindPerson(person_id);
  return person == nullptr ? person_id : absl::StrCat(person->name, " (", person_id, ")");
}

std::string Leader(const Tree& tree, const ResponsibleLeader& leader, const Words& words) {
  std::string text = Person(tree, leader.person_id);
  if (leader.substitution == nullptr) return text;
  absl::StrAppend(&text, words.stands_in_for,
                  leader.stands_in_for.empty() ? absl::StrCat(words.vacancy, leader.position_id)
                                               : Person(tree, leader.stands_in_for),
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

}  // namespace

void SayInWords(const Tree& tree, const Leadership& leadership, type::v1::LocalizedText* text) {
  text->set_da(Say(tree, leadership, kDanish));
  text->set_en(Say(tree, leadership, kEnglish));
}

}  // namespace klynge::organisation
