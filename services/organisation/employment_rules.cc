#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <map>

#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

constexpr char kMend[] = "give it to somebody else, or other days, in the same import";

// Judges employments, then the roles of those who have any.
class EmploymentRules {
 public:
  explicit EmploymentRules(const Candidate& candidate) : candidate_(candidate) {}

  std::vector<Blame> Check() && {
    for (const InPlay<Employment>& employment : candidate_.employments) CheckEmployment(employment);
    if (employments_of_.empty()) return std::move(blames_);
    for (const InPlay<Assignment>& held : candidate_.assignments) CheckRole(held, "assignment");
    for (const InPlay<Substitution>& held : candidate_.substitutions) {
      CheckRole(held, "substitution");
    }
    return std::move(blames_);
  }

 private:
  void Add(int row, absl::optional<Problem> problem) {
    if (problem && row != kStored) blames_.push_back({row, *std::move(problem)});
  }

  void CheckEmployment(const InPlay<Employment>& employment) {
    const std::string& person_id = employment.thing->person_id;
    Add(employment.row, MissingPerson(candidate_, "employment.person_id", person_id));
    const Employment* stored =
        FindSame(candidate_.before.organisation().employments, *employment.thing);
    if (stored != nullptr && stored->person_id != person_id) {
      taken_from_[stored->person_id].push_back(&employment);
    }
    std::vector<const InPlay<Employment>*>& others = employments_of_[person_id];
    for (const InPlay<Employment>* other : others) {
      if (!other->valid.Overlaps(employment.valid)) continue;
      Add(employment.row,
          Problem{v1::ERROR_REASON_EMPLOYMENT_OVERLAP, "employment.valid_from",
                  absl::StrCat("\"", person_id, "\" is employed ", Days(other->valid),
                               " (employment \"", other->thing->employment_id,
                               "\"); end that first, or in the same import")});
      break;
    }
    others.push_back(&employment);
  }

  // Its end is that of the employment at the latest (Candidate); its beginning is not moved.
  template <class Held>
  void CheckRole(const InPlay<Held>& held, const std::string& word) {
    const std::string& person_id = held.thing->person_id;
    const std::vector<DateRange>* days = candidate_.EmployedDays(person_id);
    if (days == nullptr) return;
    const bool employed = absl::c_any_of(
        *days, [&](const DateRange& range) { return range.Contains(held.valid.from); });
    if (employed) return;
    if (held.row != kStored) {
      Add(held.row, Problem{v1::ERROR_REASON_OUTSIDE_EMPLOYMENT, word + ".valid_from",
                            absl::StrCat("\"", person_id, "\" is not employed on ",
                                         FormatDate(held.valid.from), ", but ", Joined(*days))});
      return;
    }
    const std::string what = absl::StrCat(word, " \"", IdOf(*held.thing), "\" of \"", person_id,
                                          "\" begins on ", FormatDate(held.valid.from));
    for (const InPlay<Employment>* employment : taken_from_[person_id]) {
      Add(employment->row, Problem{v1::ERROR_REASON_OUTSIDE_EMPLOYMENT, "employment.person_id",
                                   absl::StrCat(what, ", in this employment as it was; ", kMend)});
    }
    for (const InPlay<Employment>* employment : employments_of_.at(person_id)) {
      Add(employment->row,
          Problem{v1::ERROR_REASON_OUTSIDE_EMPLOYMENT,
                  held.valid.from < employment->valid.from ? "employment.valid_from"
                                                           : "employment.valid_to",
                  absl::StrCat(what, ", outside the employment; ", kMend)});
    }
  }

  static std::string Joined(const std::vector<DateRange>& days) {
    return absl::StrJoin(days, " and ", [](std::string* out, const DateRange& range) {
      absl::StrAppend(out, Days(range));
    });
  }

  const Candidate& candidate_;
  std::map<absl::string_view, std::vector<const InPlay<Employment>*>> employments_of_;
  // Employments that become another's, by whose they were.
  std::map<absl::string_view, std::vector<const InPlay<Employment>*>> taken_from_;
  std::vector<Blame> blames_;
};

}  // namespace

std::vector<Blame> CheckEmployments(const Candidate& candidate) {
  return EmploymentRules(candidate).Check();
}

}  // namespace klynge::organisation
