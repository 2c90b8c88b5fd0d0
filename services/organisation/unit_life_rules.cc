#include <absl/strings/str_cat.h>

#include <map>
#include <set>
#include <utility>

#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

// What an error can say and still be read, and sent twice within 6 KB: once in the message of the
// outcome, and once as the problem of a field.
constexpr size_t kMostBytes = 2'000;

// Sorts of things that need a unit, in the order in which they are told, and what is to be done
// about them.
struct SortOfUse {
  const char* one;
  const char* many;
  const char* mend;
};
constexpr SortOfUse kSorts[] = {
    {"unit under it", "units under it", "move or end"},
    {"placement of it", "placements of it", "end"},
    {"placement under it", "placements under it", "move or end"},
    {"assignment", "assignments", "end"},
    {"position", "positions", "end"},
    {"body", "bodies", "dissolve"},
    {"partnership", "partnerships", "end"},
    {"handover", "handovers", "end"},
    {"code", "codes", "give other days to"},
    {"responsibility", "responsibilities", "end"},
};
enum Use {
  kChild,
  kPlacement,
  kPlacedUnder,
  kAssignment,
  kPosition,
  kBody,
  kPartnership,
  kHandover,
  kCode,
  kResponsibility
};

// What needs a unit on days on which it would not exist: sort, id and days, in that order.
using Uses = std::set<std::tuple<Use, absl::string_view, Date, Date>>;

// Finds what is stored and needs units that rows change. What rows bring is judged with its sort.
class UnitLives {
 public:
  explicit UnitLives(const Candidate& candidate) : candidate_(candidate) {}

  std::vector<Blame> Check() && {
    if (candidate_.changed_units.empty()) return {};
    for (const auto& [unit_id, versions] : candidate_.units) {
      for (const VersionInPlay& version : versions) {
        if (version.row == kStored) Need(version.unit->parent_id, kChild, unit_id, version.valid);
      }
    }
    NeedAll(candidate_.placements, &Placement::unit_id, kPlacement);
    NeedAll(candidate_.placements, &Placement::parent_id, kPlacedUnder);
    NeedAll(candidate_.assignments, &Assignment::unit_id, kAssignment);
    NeedAll(candidate_.positions, &Position::unit_id, kPosition);
    NeedAll(candidate_.bodies, &Body::unit_id, kBody);
    NeedAll(candidate_.partnerships, &Partnership::unit_id, kPartnership);
    NeedAll(candidate_.partnerships, &Partnership::partner_unit_id, kPartnership);
    NeedAll(candidate_.handovers, &Handover::from_unit_id, kHandover);
    NeedAll(candidate_.handovers, &Handover::to_unit_id, kHandover);
    NeedAll(candidate_.codes, &Code::unit_id, kCode);
    NeedAll(candidate_.responsibilities, &Responsibility::unit_id, kResponsibility);

    std::vector<Blame> blames;
    for (const auto& [unit_id, uses] : uses_) BlameUnit(unit_id, uses, blames);
    return blames;
  }

 private:
  template <class Thing>
  void NeedAll(const std::vector<InPlay<Thing>>& things, const std::string Thing::*unit_id,
               Use use) {
    for (const InPlay<Thing>& thing : things) {
      if (thing.row == kStored) Need(thing.thing->*unit_id, use, IdOf(*thing.thing), thing.valid);
    }
  }

  void Need(absl::string_view unit_id, Use use, absl::string_view id, const DateRange& days) {
    if (!candidate_.changed_units.contains(unit_id)) return;
    if (LifeOf(*candidate_.FindUnit(unit_id)).Contains(days)) return;
    uses_[unit_id].insert({use, id, days.from, days.to});
  }

  void BlameUnit(absl::string_view unit_id, const Uses& uses, std::vector<Blame>& blames) const {
    const std::vector<VersionInPlay>& versions = *candidate_.FindUnit(unit_id);
    // A unit never begins later than it did: its versions stay.
    const Problem problem{
        v1::ERROR_REASON_UNIT_IN_USE, "unit.valid_to",
        absl::StrCat("the unit would end on ", FormatDate(LifeOf(versions).to),
                     ", and is needed longer; first, or in the same import, ", List(uses))};
    for (const VersionInPlay& version : versions) {
      if (version.row != kStored) blames.push_back({version.row, problem});
    }
  }

  // "end 3 assignments ("a-1" from 2020-01-01, "a-2" …, and 1 more); dissolve 1 body ("b-1" …)".
  static std::string List(const Uses& uses) {
    std::string list;
    for (auto use = uses.begin(); use != uses.end();) {
      const Use of = std::get<Use>(*use);
      const auto end = uses.lower_bound({static_cast<Use>(of + 1), "", Date(), Date()});
      const auto count = static_cast<size_t>(std::distance(use, end));
      const SortOfUse& sort = kSorts[of];
      absl::StrAppend(&list, list.empty() ? "" : "; ", sort.mend, " ", count, " ",
                      count == 1 ? sort.one : sort.many);
      size_t told = 0;
      for (; use != end && list.size() < kMostBytes; ++use, ++told) {
        const auto& [same, id, from, to] = *use;
        absl::StrAppend(&list, told == 0 ? " (" : ", ", "\"", id, "\" ", Days({from, to}));
      }
      if (told > 0 && told < count) absl::StrAppend(&list, ", and ", count - told, " more");
      if (told > 0) absl::StrAppend(&list, ")");
      use = end;
    }
    return list;
  }

  const Candidate& candidate_;
  std::map<absl::string_view, Uses> uses_;
};

}  // namespace

std::vector<Blame> CheckUnitLives(const Candidate& candidate) {
  return UnitLives(candidate).Check();
}

}  // namespace klynge::organisation
