#include "services/organisation/reorganisation_carry.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>

#include <map>
#include <set>
#include <type_traits>
#include <utility>

#include "services/organisation/all_tables.h"
#include "services/organisation/cluster_reach.h"

namespace klynge::organisation {
namespace {

// Whether things of a sort sit somewhere for some days. Units do so by themselves.
template <class Thing>
constexpr bool kSits = Dated<Thing> && !std::is_same_v<Thing, UnitVersion>;

// Calls `visit(id)` for each unit that a thing refers to.
template <class Thing, class Visit>
void VisitUnitIds(Thing& thing, Visit visit) {
  if constexpr (requires { thing.unit_id; }) visit(thing.unit_id);
  if constexpr (requires { thing.parent_id; }) visit(thing.parent_id);
  if constexpr (requires { thing.from_unit_id; }) visit(thing.from_unit_id);
  if constexpr (requires { thing.to_unit_id; }) visit(thing.to_unit_id);
  if constexpr (requires { thing.partner_unit_id; }) visit(thing.partner_unit_id);
}

template <class Thing>
bool RefersToUnit(const Thing& thing, const std::string& unit_id) {
  bool refers = false;
  VisitUnitIds(thing, [&](const std::string& id) { refers = refers || id == unit_id; });
  return refers;
}

template <class Thing>
bool RefersToPosition(const Thing& thing, const std::set<std::string>& position_ids) {
  if constexpr (requires { thing.position_id; }) return position_ids.contains(thing.position_id);
  return false;
}

template <class Thing>
bool RefersToBody(const Thing& thing, const std::set<std::string>& body_ids) {
  if constexpr (requires { thing.body_id; }) return body_ids.contains(thing.body_id);
  return false;
}

template <class Thing>
std::set<std::string> IdsAt(const ReorganisationDraft& draft, const std::string& unit_id) {
  std::set<std::string> ids;
  for (const Thing& thing :
       draft.Find<Thing>([&](const Thing& each) { return each.unit_id == unit_id; })) {
    ids.insert(IdOf(thing));
  }
  return ids;
}

template <class Thing>
void SetId(Thing& thing, std::string id) {
  const_cast<std::string&>(IdOf(thing)) = std::move(id);
}

template <class Thing>
void Redirect(Thing& thing, const std::string& from_unit_id, const std::string& to_unit_id) {
  VisitUnitIds(thing, [&](std::string& id) {
    if (id == from_unit_id) id = to_unit_id;
  });
}

// True when something says the same on some of the days on which this goes on.
template <class Thing>
bool IsSaidAlready(const ReorganisationDraft& draft, const Thing& thing) {
  const auto same = draft.Find<Thing>([&](const Thing& other) {
    if (IdOf(other) == IdOf(thing) || other.valid.to <= draft.on()) return false;
    Thing alike = other;
    SetId(alike, IdOf(thing));
    alike.valid = thing.valid;
    // Of the same task the position that has it already keeps its share of time.
    if constexpr (std::is_same_v<Thing, Responsibility>) alike.percent = thing.percent;
    return alike == thing && other.valid.Overlaps(thing.valid);
  });
  return !same.empty();
}

template <class Thing>
bool RefersToItselfNow(const Thing& thing) {
  if constexpr (std::is_same_v<Thing, Handover>) return thing.from_unit_id == thing.to_unit_id;
  if constexpr (std::is_same_v<Thing, Partnership>) return thing.unit_id == thing.partner_unit_id;
  return false;
}

// Whether the unit, as it is on the day, has the task of a responsibility; any other sort may be.
template <class Thing>
bool MayBeAtItsUnit(const ReorganisationDraft& draft, const Thing& thing) {
  if constexpr (std::is_same_v<Thing, Responsibility>) {
    const absl::optional<UnitVersion> unit = draft.FindUnit(thing.unit_id);
    const absl::optional<Task> task = draft.FindById<Task>(thing.task);
    return unit && task && absl::c_binary_search(task->unit_kinds, unit->kind);
  }
  return true;
}

// Whether the position of a responsibility ends with the unit at which it is, or already has.
template <class Thing>
bool EndsWithItsPosition(const ReorganisationDraft& draft, const Thing& thing,
                         const std::string& unit_id) {
  if constexpr (std::is_same_v<Thing, Responsibility>) {
    const absl::optional<Position> position = draft.FindById<Position>(thing.position_id);
    return !position || position->unit_id == unit_id || position->valid.to <= draft.on();
  }
  return false;
}

// Has `thing` go on as `redirected`. Of one that has not begun by the day, nothing remains as it
// was; any other ends, and a new one begins.
template <class Thing>
void Carry(ReorganisationDraft& draft, const Thing& thing, Thing redirected) {
  if (thing.valid.from >= draft.on()) return draft.Set(std::move(redirected));
  draft.End(thing);
  redirected.valid.from = draft.on();
  SetId(redirected, draft.NewId<Thing>());
  if (RefersToItselfNow(redirected) || IsSaidAlready(draft, redirected)) return;
  draft.Set(std::move(redirected));
}

// What else refers to a position goes on with it.
void CarryWithPosition(ReorganisationDraft& draft, const Position& old,
                       const std::string& new_position_id, const std::string& to_unit_id) {
  ForEachSort([&](auto sort) {
    using Thing = typename decltype(sort)::Type;
    if constexpr (kSits<Thing> && !std::is_same_v<Thing, Position> &&
                  requires(Thing thing) { thing.position_id; }) {
      for (const Thing& thing : draft.Find<Thing>([&](const Thing& each) {
             return each.position_id == old.position_id && each.valid.to > draft.on();
           })) {
        Thing redirected = thing;
        redirected.position_id = new_position_id;
        Redirect(redirected, old.unit_id, to_unit_id);
        if (MayBeAtItsUnit(draft, redirected)) {
          Carry(draft, thing, std::move(redirected));
        } else if (thing.valid.from < draft.on()) {
          draft.End(thing);
        }
      }
    }
  });
}

// A seat that a unit may have several of, and that may sit at the other unit.
bool GoesOnAt(const ReorganisationDraft& draft, const std::string& role_code,
              const std::string& unit_id) {
  const Role* role = draft.before().FindRole(role_code);
  const absl::optional<UnitVersion> unit = draft.FindUnit(unit_id);
  return role != nullptr && unit && !role->exclusive &&
         absl::c_linear_search(role->unit_kinds, unit->kind);
}

void CarryChildren(ReorganisationDraft& draft, const std::string& from_unit_id,
                   const std::string& to_unit_id) {
  for (UnitVersion& child : draft.VersionsUnder(from_unit_id)) {
    child.parent_id = to_unit_id;
    child.valid.from = std::max(child.valid.from, draft.on());
    draft.Set(std::move(child));
  }
}

template <class Thing>
void CarryRest(ReorganisationDraft& draft, const std::string& from_unit_id,
               const std::string& to_unit_id) {
  for (const Thing& thing : draft.Find<Thing>([&](const Thing& each) {
         return RefersToUnit(each, from_unit_id) && each.valid.to > draft.on();
       })) {
    Thing redirected = thing;
    Redirect(redirected, from_unit_id, to_unit_id);
    // What does not go on ends with the unit.
    if (!MayBeAtItsUnit(draft, redirected) || EndsWithItsPosition(draft, thing, from_unit_id)) {
      continue;
    }
    Carry(draft, thing, std::move(redirected));
  }
}

// Seats go on by the rules above; bodies are elected anew, and codes are those of the unit that
// was.
template <class Thing>
constexpr bool kGoesOnByItself =
    kSits<Thing> && !std::is_same_v<Thing, Position> && !std::is_same_v<Thing, Assignment> &&
    !std::is_same_v<Thing, Body> && !std::is_same_v<Thing, Code>;

}  // namespace

void EndUnit(ReorganisationDraft& draft, const std::string& unit_id, const std::string& field) {
  const std::set<std::string> positions = IdsAt<Position>(draft, unit_id);
  const std::set<std::string> bodies = IdsAt<Body>(draft, unit_id);
  ForEachSort([&](auto sort) {
    using Thing = typename decltype(sort)::Type;
    if constexpr (kSits<Thing>) {
      for (Thing& thing : draft.Find<Thing>([&](const Thing& each) {
             return each.valid.to > draft.on() &&
                    (RefersToUnit(each, unit_id) || RefersToPosition(each, positions) ||
                     RefersToBody(each, bodies));
           })) {
        if (thing.valid.from < draft.on()) {
          draft.End(std::move(thing));
        } else {
          draft.Wrong(v1::ERROR_REASON_STEP_NOT_POSSIBLE, field,
                      absl::StrCat(Kept<Thing>::kWord, " \"", IdOf(thing), "\" at \"", unit_id,
                                   "\" begins on ", FormatDate(thing.valid.from),
                                   ", when the unit is no more; import it with another unit"));
        }
      }
    }
  });
  absl::optional<UnitVersion> unit = draft.FindUnit(unit_id);
  if (!unit) return;
  if (unit->valid.from >= draft.on()) {
    draft.Wrong(v1::ERROR_REASON_STEP_NOT_POSSIBLE, field,
                absl::StrCat("\"", unit_id,
                             "\" is changed from the same day on, by another step or "
                             "already; take that out, or choose another day"));
  } else {
    draft.End(*std::move(unit));
  }
}

void CarryPosition(ReorganisationDraft& draft, const Position& position,
                   const std::string& to_unit_id, CarriedPositions& carried) {
  Position redirected = position;
  redirected.unit_id = to_unit_id;
  if (position.valid.from < draft.on()) {
    redirected.position_id = draft.NewId<Position>();
    redirected.valid.from = draft.on();
    draft.End(position);
  }
  carried[position.position_id] = redirected.position_id;
  CarryWithPosition(draft, position, redirected.position_id, to_unit_id);
  draft.Set(std::move(redirected));
}

void CarryAssignment(ReorganisationDraft& draft, const Assignment& held,
                     const std::string& to_unit_id) {
  Assignment redirected = held;
  redirected.unit_id = to_unit_id;
  Carry(draft, held, std::move(redirected));
}

void CarryAll(ReorganisationDraft& draft, const std::string& from_unit_id,
              const std::string& to_unit_id, CarriedPositions& carried) {
  CarryChildren(draft, from_unit_id, to_unit_id);
  const auto goes_on = [&](const auto& seat) {
    return seat.unit_id == from_unit_id && seat.valid.to > draft.on() &&
           GoesOnAt(draft, seat.role, to_unit_id);
  };
  for (const Position& position : draft.Find<Position>(goes_on)) {
    CarryPosition(draft, position, to_unit_id, carried);
  }
  for (const Assignment& held : draft.Find<Assignment>(goes_on)) {
    if (held.position_id.empty()) CarryAssignment(draft, held, to_unit_id);
  }
  ForEachSort([&](auto sort) {
    using Thing = typename decltype(sort)::Type;
    if constexpr (kGoesOnByItself<Thing>) CarryRest<Thing>(draft, from_unit_id, to_unit_id);
  });
}

void EndTasksOutOfReach(ReorganisationDraft& draft) {
  // Units as they are on the day, each looked up once.
  std::map<std::string, absl::optional<UnitVersion>> units;
  const auto find = [&](absl::string_view id) {
    const auto [place, is_new] = units.try_emplace(std::string(id));
    if (is_new) place->second = draft.FindUnit(id);
    if (!place->second) return UnitOnDay();
    const UnitKind* kind = draft.before().FindKind(place->second->kind);
    return UnitOnDay{.unit = &*place->second,
                     .has_team = kind != nullptr && kind->has_leadership_team};
  };
  std::map<std::string, std::string> seats;  // position → unit
  for (const Position& position : draft.Find<Position>(
           [&](const Position& each) { return each.valid.Contains(draft.on()); })) {
    seats[position.position_id] = position.unit_id;
  }
  for (const Responsibility& held : draft.Find<Responsibility>([&](const Responsibility& each) {
         return each.valid.from < draft.on() && each.valid.to > draft.on();
       })) {
    const auto seat = seats.find(held.position_id);
    if (seat == seats.end() || find(held.unit_id).unit == nullptr) continue;
    if (!ReachOn(seat->second, held.unit_id, find).within) draft.End(held);
  }
}

}  // namespace klynge::organisation
