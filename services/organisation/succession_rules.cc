#include <absl/strings/str_cat.h>

#include <map>
#include <tuple>
#include <utility>

#include "services/organisation/row_checker.h"
#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

class SuccessionRules {
 public:
  explicit SuccessionRules(const Candidate& candidate) : candidate_(candidate) {}

  std::vector<Blame> Check() && {
    for (const InPlay<Succession>& succession : candidate_.successions) {
      CheckLives(succession);
      CheckOnlyOnce(succession);
    }
    return std::move(blames_);
  }

 private:
  void Add(int row, absl::optional<Problem> problem) {
    if (problem && row != kStored) blames_.push_back({row, *std::move(problem)});
  }

  void CheckLives(const InPlay<Succession>& placed) {
    const Succession& succession = *placed.thing;
    Add(placed.row, MissingUnit(candidate_, "succession.from_unit_id", succession.from_unit_id));
    Add(placed.row, MissingUnit(candidate_, "succession.to_unit_id", succession.to_unit_id));
    if (const auto* from = candidate_.FindUnit(succession.from_unit_id)) {
      const DateRange life = LifeOf(*from);
      if (!(life.from < succession.on && succession.on <= life.to)) {
        BlameForLife(placed, succession.from_unit_id, *from, "on the day before");
      }
    }
    if (const auto* to = candidate_.FindUnit(succession.to_unit_id)) {
      if (!LifeOf(*to).Contains(succession.on)) {
        BlameForLife(placed, succession.to_unit_id, *to, "on that day");
      }
    }
  }

  // A unit whose days were changed is to blame for a stored succession that no longer holds.
  void BlameForLife(const InPlay<Succession>& placed, const std::string& unit_id,
                    const std::vector<VersionInPlay>& unit, absl::string_view when) {
    const std::string on = FormatDate(placed.thing->on);
    if (placed.row != kStored) {
      Add(placed.row, Problem{v1::ERROR_REASON_SUCCESSION_OUTSIDE_LIFE, "succession.valid_from",
                              absl::StrCat("is ", on, "; \"", unit_id, "\" must exist ", when,
                                           ", but only does ", Days(LifeOf(unit)))});
      return;
    }
    for (const VersionInPlay& version : unit) {
      Add(version.row, Problem{v1::ERROR_REASON_SUCCESSION_OUTSIDE_LIFE, "unit.valid_to",
                               absl::StrCat("succession \"", placed.thing->succession_id, "\" of ",
                                            on, " needs the unit ", when,
                                            "; correct the succession in the same import")});
    }
  }

  // What is stored comes first, then the rows in their order: a row gives way to those before it.
  void CheckOnlyOnce(const InPlay<Succession>& placed) {
    const Succession& succession = *placed.thing;
    const Succession*& same =
        seen_[{succession.from_unit_id, succession.to_unit_id, succession.on}];
    if (same != nullptr) {
      Add(placed.row,
          Problem{v1::ERROR_REASON_SUCCESSION_REPEATED, "succession.succession_id",
                  absl::StrCat("succession \"", same->succession_id, "\" says the same")});
    }
    same = &succession;
    if (!succession.carries_figures) return;
    const Succession*& carrier = carriers_[{succession.from_unit_id, succession.on}];
    if (carrier != nullptr) {
      Add(placed.row,
          Problem{v1::ERROR_REASON_FIGURES_CARRIED_TWICE, "succession.carries_figures",
                  absl::StrCat("\"", carrier->to_unit_id, "\" carries the figures of \"",
                               succession.from_unit_id, "\" already (succession \"",
                               carrier->succession_id, "\")")});
    }
    carrier = &succession;
  }

  const Candidate& candidate_;
  std::map<std::tuple<absl::string_view, absl::string_view, Date>, const Succession*> seen_;
  std::map<std::pair<absl::string_view, Date>, const Succession*> carriers_;
  std::vector<Blame> blames_;
};

}  // namespace

ImportRow ParseSuccession(const v1::Succession& succession) {
  RowChecker check("succession.");
  check.Id("succession_id", succession.succession_id());
  check.Id("from_unit_id", succession.from_unit_id());
  check.Id("to_unit_id", succession.to_unit_id());
  if (succession.from_unit_id() == succession.to_unit_id() && !succession.to_unit_id().empty()) {
    check.Wrong("to_unit_id", "is the unit itself; a unit that lives on needs no succession");
  }
  if (succession.valid_from().empty()) {
    check.Wrong("valid_from", "is required: a date as 2021-09-01");
  }
  const Date on = check.Day("valid_from", succession.valid_from(), kOpenStart);
  return {Succession{succession.succession_id(), succession.from_unit_id(), succession.to_unit_id(),
                     on, succession.carries_figures()},
          check.TakeProblems()};
}

std::vector<Blame> CheckSuccessions(const Candidate& candidate) {
  return SuccessionRules(candidate).Check();
}

}  // namespace klynge::organisation
