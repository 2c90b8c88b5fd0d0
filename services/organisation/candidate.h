// The organisation as an import would leave it: what is stored, with the rows laid over it that are
// still accepted. The rules judge it; it points into the tree and the rows, which must outlive it.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/organisation/client/tree.h"
#include "services/organisation/import_row.h"

namespace klynge::organisation {

// What becomes of each row while an import is judged.
enum class RowState {
  kRejected,
  kUnchanged,  // says what is stored already: has no effect, so is never to blame
  kEffective,
};

// Stands for "no row": the thing is stored, and no effective row touches it.
inline constexpr int kStored = -1;

struct VersionInPlay {
  const UnitVersion* unit = nullptr;
  // Until the next version begins; the unit's own `valid.to` is what was given.
  DateRange valid;
  int row = kStored;  // index of the row that brings it
};

// A thing that is replaced whole.
template <class Thing>
struct InPlay {
  const Thing* thing = nullptr;
  int row = kStored;
  // The thing's own days, but that a role ends with its person's employment, and a code with the
  // unit or partner that has it.
  DateRange valid{};
};

struct Candidate {
  Candidate(const Candidate&) = delete;
  Candidate& operator=(const Candidate&) = delete;
  Candidate(const Tree& before, const std::vector<ImportRow>& rows,
            const std::vector<RowState>& states);

  // Versions of each unit, oldest first.
  std::map<absl::string_view, std::vector<VersionInPlay>> units;
  // Those that rows bring versions of.
  std::set<absl::string_view> changed_units;
  // Stored ones by id, then those of rows, in the order of the rows.
  std::vector<InPlay<Assignment>> assignments;
  std::vector<InPlay<Body>> bodies;
  std::vector<InPlay<BodyMembership>> body_memberships;
  std::vector<InPlay<Position>> positions;
  std::vector<InPlay<Substitution>> substitutions;
  std::vector<InPlay<Employment>> employments;
  std::vector<InPlay<Partner>> partners;
  std::vector<InPlay<Partnership>> partnerships;
  std::vector<InPlay<Handover>> handovers;
  std::vector<InPlay<Competence>> competences;
  std::vector<InPlay<HeldCompetence>> held_competences;
  std::vector<InPlay<Task>> tasks;
  std::vector<InPlay<Responsibility>> responsibilities;
  std::vector<InPlay<Succession>> successions;
  std::vector<InPlay<Placement>> placements;
  std::vector<InPlay<Code>> codes;
  // Those of effective rows only.
  std::map<absl::string_view, InPlay<Person>> new_persons;

  // The stored organisation, for what the rows cannot change: kinds, roles.
  const Tree& before;

  // Null when there is no such unit.
  const std::vector<VersionInPlay>* FindUnit(absl::string_view unit_id) const;
  bool HasPerson(absl::string_view person_id) const;
  // Null when there is no such position.
  const InPlay<Position>* FindPosition(absl::string_view position_id) const;
  // The assignments that name the position.
  std::vector<const InPlay<Assignment>*> HoldersOf(absl::string_view position_id) const;
  // The days on which the person is employed, contiguous ones as one; null when no employment of
  // the person is known.
  const std::vector<DateRange>* EmployedDays(absl::string_view person_id) const;
  // True when some rejected row describes a thing of that sort and id.
  template <class Thing>
  bool IsRejected(absl::string_view id) const {
    return rejected_.contains({AnyThing(Thing{}).index(), id});
  }

 private:
  // The stored things that no effective row replaces, by id, then those of the rows.
  template <class Thing>
  static std::vector<InPlay<Thing>> Lay(const Tree& stored, const std::vector<ImportRow>& rows,
                                        const std::vector<RowState>& states);

  void SumEmployedDays();
  // Ends the role with the employment during which it begins.
  template <class Held>
  void EndWithEmployment(std::vector<InPlay<Held>>& roles) const;
  template <class Held>
  void EndWithEmployment(InPlay<Held>& role) const;
  // Those that somebody has as an employee.
  void EndMembershipsWithEmployment();
  void EndCodesWithHolders();

  // Rules ask for a unit more often than a walk down a map is worth.
  absl::flat_hash_map<absl::string_view, const std::vector<VersionInPlay>*> units_by_id_;
  std::map<absl::string_view, const InPlay<Position>*> positions_by_id_;
  std::multimap<absl::string_view, const InPlay<Assignment>*> holders_;
  std::map<absl::string_view, std::vector<DateRange>> employed_days_;
  // Sorts and ids of what rejected rows describe.
  std::set<std::pair<size_t, absl::string_view>> rejected_;
};

// The versions' lifetime together, from the first day of the first to the end of the last.
DateRange LifeOf(const std::vector<VersionInPlay>& versions);

// True when a row brings one of the versions. Of what is stored and has to do only with units that
// no row brings, nobody is to blame.
bool IsBrought(const std::vector<VersionInPlay>& versions);

// "from 2021-09-01 to 2022-01-01", for messages.
std::string Days(const DateRange& range);

}  // namespace klynge::organisation
