#include "services/organisation/candidate.h"

#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>

#include <algorithm>

namespace klynge::organisation {
namespace {

void AddVersion(std::vector<VersionInPlay>& versions, const UnitVersion& unit, int row) {
  auto same_day = std::find_if(versions.begin(), versions.end(), [&](const VersionInPlay& version) {
    return version.valid.from == unit.valid.from;
  });
  if (same_day != versions.end()) {
    *same_day = {&unit, unit.valid, row};
  } else {
    versions.push_back({&unit, unit.valid, row});
  }
}

// Lets each version end where the next begins.
void Chain(std::vector<VersionInPlay>& versions) {
  std::sort(versions.begin(), versions.end(), [](const VersionInPlay& a, const VersionInPlay& b) {
    return a.valid.from < b.valid.from;
  });
  for (size_t i = 0; i + 1 < versions.size(); ++i) {
    versions[i].valid.to = std::min(versions[i].valid.to, versions[i + 1].valid.from);
  }
}

}  // namespace

Candidate::Candidate(const Tree& stored, const std::vector<ImportRow>& rows,
                     const std::vector<RowState>& states)
    : before(stored) {
  for (const UnitVersion& unit : stored.organisation().units) {
    units[unit.unit_id].push_back({&unit, unit.valid, kStored});
  }
  std::set<absl::string_view> touched;
  absl::flat_hash_set<absl::string_view> replaced;
  std::vector<AssignmentInPlay> brought;
  for (size_t i = 0; i < rows.size(); ++i) {
    const int row = static_cast<int>(i);
    if (const auto* unit = absl::get_if<UnitVersion>(&rows[i].content)) {
      if (states[i] == RowState::kRejected) rejected_units.insert(unit->unit_id);
      if (states[i] != RowState::kEffective) continue;
      AddVersion(units[unit->unit_id], *unit, row);
      touched.insert(unit->unit_id);
    } else if (const auto* person = absl::get_if<Person>(&rows[i].content)) {
      if (states[i] == RowState::kRejected) rejected_persons.insert(person->person_id);
      if (states[i] == RowState::kEffective) new_persons.insert(person->person_id);
    } else if (states[i] == RowState::kEffective) {
      const auto& assignment = absl::get<Assignment>(rows[i].content);
      replaced.insert(assignment.assignment_id);
      brought.push_back({&assignment, row});
    }
  }
  for (absl::string_view unit_id : touched) Chain(units[unit_id]);
  for (const Assignment& assignment : stored.organisation().assignments) {
    if (!replaced.contains(assignment.assignment_id)) assignments.push_back({&assignment, kStored});
  }
  assignments.insert(assignments.end(), brought.begin(), brought.end());
}

const std::vector<VersionInPlay>* Candidate::FindUnit(absl::string_view unit_id) const {
  auto found = units.find(unit_id);
  return found == units.end() ? nullptr : &found->second;
}

bool Candidate::HasPerson(absl::string_view person_id) const {
  return new_persons.contains(person_id) || before.FindPerson(person_id) != nullptr;
}

DateRange LifeOf(const std::vector<VersionInPlay>& versions) {
  return {versions.front().valid.from, versions.back().valid.to};
}

std::string Days(const DateRange& range) {
  return absl::StrCat("from ", FormatDate(range.from),
                      range.to >= kOpenEnd ? "" : absl::StrCat(" to ", FormatDate(range.to)));
}

}  // namespace klynge::organisation
