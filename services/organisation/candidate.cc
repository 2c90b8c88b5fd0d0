#include "services/organisation/candidate.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>

#include <algorithm>

#include "services/organisation/body_index.h"

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

// The days of a thing; every day for one that is not dated.
template <class Thing>
DateRange OwnDays(const Thing& thing) {
  if constexpr (requires { thing.valid; }) {
    return thing.valid;
  } else {
    return {};
  }
}

}  // namespace

template <class Thing>
std::vector<InPlay<Thing>> Candidate::Lay(const Tree& stored, const std::vector<ImportRow>& rows,
                                          const std::vector<RowState>& states) {
  absl::flat_hash_set<absl::string_view> replaced;
  std::vector<InPlay<Thing>> brought;
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto* thing = absl::get_if<Thing>(&rows[i].content);
    if (thing == nullptr || states[i] != RowState::kEffective) continue;
    replaced.insert(IdOf(*thing));
    brought.push_back({thing, static_cast<int>(i), OwnDays(*thing)});
  }
  const std::vector<Thing>& known = ListOf<Thing>(stored.organisation());
  std::vector<InPlay<Thing>> things;
  things.reserve(known.size() + brought.size());
  for (const Thing& thing : known) {
    const bool stays = replaced.empty() || !replaced.contains(IdOf(thing));
    if (stays) things.push_back({&thing, kStored, OwnDays(thing)});
  }
  things.insert(things.end(), brought.begin(), brought.end());
  return things;
}

Candidate::Candidate(const Tree& stored, const std::vector<ImportRow>& rows,
                     const std::vector<RowState>& states)
    : assignments(Lay<Assignment>(stored, rows, states)),
      bodies(Lay<Body>(stored, rows, states)),
      body_memberships(Lay<BodyMembership>(stored, rows, states)),
      positions(Lay<Position>(stored, rows, states)),
      substitutions(Lay<Substitution>(stored, rows, states)),
      employments(Lay<Employment>(stored, rows, states)),
      partners(Lay<Partner>(stored, rows, states)),
      partnerships(Lay<Partnership>(stored, rows, states)),
      handovers(Lay<Handover>(stored, rows, states)),
      competences(Lay<Competence>(stored, rows, states)),
      held_competences(Lay<HeldCompetence>(stored, rows, states)),
      tasks(Lay<Task>(stored, rows, states)),
      responsibilities(Lay<Responsibility>(stored, rows, states)),
      successions(Lay<Succession>(stored, rows, states)),
      placements(Lay<Placement>(stored, rows, states)),
      codes(Lay<Code>(stored, rows, states)),
      before(stored) {
  SumEmployedDays();
  EndWithEmployment(assignments);
  EndWithEmployment(substitutions);
  EndMembershipsWithEmployment();
  for (const auto& position : positions) positions_by_id_[position.thing->position_id] = &position;
  for (const auto& held : assignments) {
    if (!held.thing->position_id.empty()) holders_.emplace(held.thing->position_id, &held);
  }
  // They are sorted: each unit comes last, and its versions together.
  auto last = units.end();
  for (const UnitVersion& unit : stored.organisation().units) {
    if (last == units.end() || last->first != unit.unit_id) {
      last = units.emplace_hint(units.end(), unit.unit_id, std::vector<VersionInPlay>());
    }
    last->second.push_back({&unit, unit.valid, kStored});
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    if (states[i] == RowState::kRejected) rejected_.insert({rows[i].content.index(), rows[i].id()});
    if (states[i] != RowState::kEffective) continue;
    if (const auto* unit = absl::get_if<UnitVersion>(&rows[i].content)) {
      AddVersion(units[unit->unit_id], *unit, static_cast<int>(i));
      changed_units.insert(unit->unit_id);
    } else if (const auto* person = absl::get_if<Person>(&rows[i].content)) {
      new_persons[person->person_id] = {person, static_cast<int>(i)};
    }
  }
  for (absl::string_view unit_id : changed_units) Chain(units[unit_id]);
  units_by_id_.reserve(units.size());
  for (const auto& [unit_id, versions] : units) units_by_id_[unit_id] = &versions;
  EndCodesWithHolders();
}

void Candidate::SumEmployedDays() {
  for (const auto& employment : employments) {
    employed_days_[employment.thing->person_id].push_back(employment.valid);
  }
  for (auto& [person_id, days] : employed_days_) {
    std::sort(days.begin(), days.end(),
              [](const DateRange& a, const DateRange& b) { return a.from < b.from; });
    std::vector<DateRange> joined;
    for (const DateRange& range : days) {
      if (!joined.empty() && range.from <= joined.back().to) {
        joined.back().to = std::max(joined.back().to, range.to);
      } else {
        joined.push_back(range);
      }
    }
    days = std::move(joined);
  }
}

template <class Held>
void Candidate::EndWithEmployment(std::vector<InPlay<Held>>& roles) const {
  if (employed_days_.empty()) return;
  for (InPlay<Held>& role : roles) EndWithEmployment(role);
}

template <class Held>
void Candidate::EndWithEmployment(InPlay<Held>& role) const {
  const std::vector<DateRange>* days = EmployedDays(role.thing->person_id);
  if (days == nullptr) return;
  for (const DateRange& employed : *days) {
    if (employed.Contains(role.valid.from)) role.valid.to = std::min(role.valid.to, employed.to);
  }
}

void Candidate::EndMembershipsWithEmployment() {
  if (employed_days_.empty() || body_memberships.empty()) return;
  absl::flat_hash_map<absl::string_view, const BodyKind*> kinds;
  for (const InPlay<Body>& body : bodies) {
    kinds[body.thing->body_id] = FindBodyKind(before, body.thing->kind);
  }
  for (InPlay<BodyMembership>& member : body_memberships) {
    const auto kind = kinds.find(member.thing->body_id);
    if (kind == kinds.end() || kind->second == nullptr) continue;
    const BodySeat* seat = kind->second->FindSeat(member.thing->role);
    if (seat != nullptr && seat->ends_with_employment) EndWithEmployment(member);
  }
}

void Candidate::EndCodesWithHolders() {
  if (codes.empty()) return;
  absl::flat_hash_map<absl::string_view, DateRange> partner_days;
  for (const InPlay<Partner>& partner : partners) {
    partner_days[partner.thing->partner_id] = partner.valid;
  }
  for (InPlay<Code>& code : codes) {
    DateRange life;
    if (const std::vector<VersionInPlay>* unit = FindUnit(code.thing->unit_id))
      life = LifeOf(*unit);
    const auto partner = partner_days.find(code.thing->partner_id);
    if (partner != partner_days.end()) life = partner->second;
    if (life.Contains(code.valid.from)) code.valid.to = std::min(code.valid.to, life.to);
  }
}

const std::vector<DateRange>* Candidate::EmployedDays(absl::string_view person_id) const {
  auto found = employed_days_.find(person_id);
  return found == employed_days_.end() ? nullptr : &found->second;
}

const std::vector<VersionInPlay>* Candidate::FindUnit(absl::string_view unit_id) const {
  auto found = units_by_id_.find(unit_id);
  return found == units_by_id_.end() ? nullptr : found->second;
}

bool Candidate::HasPerson(absl::string_view person_id) const {
  return new_persons.contains(person_id) || before.FindPerson(person_id) != nullptr;
}

const InPlay<Position>* Candidate::FindPosition(absl::string_view position_id) const {
  auto found = positions_by_id_.find(position_id);
  return found == positions_by_id_.end() ? nullptr : found->second;
}

std::vector<const InPlay<Assignment>*> Candidate::HoldersOf(absl::string_view position_id) const {
  std::vector<const InPlay<Assignment>*> holders;
  const auto [begin, end] = holders_.equal_range(position_id);
  for (auto held = begin; held != end; ++held) holders.push_back(held->second);
  return holders;
}

DateRange LifeOf(const std::vector<VersionInPlay>& versions) {
  return {versions.front().valid.from, versions.back().valid.to};
}

bool IsBrought(const std::vector<VersionInPlay>& versions) {
  return std::any_of(versions.begin(), versions.end(),
                     [](const VersionInPlay& version) { return version.row != kStored; });
}

std::string Days(const DateRange& range) {
  return absl::StrCat("from ", FormatDate(range.from),
                      range.to >= kOpenEnd ? "" : absl::StrCat(" to ", FormatDate(range.to)));
}

}  // namespace klynge::organisation
