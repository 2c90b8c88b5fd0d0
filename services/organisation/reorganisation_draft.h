// The organisation as the steps of a reorganisation would leave it, while they are worked out: what
// they change is laid over the tree. Nothing is judged here; the import plan does that in the end.
#pragma once

#include <absl/strings/string_view.h>
#include <absl/types/optional.h>

#include <map>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "services/organisation/client/tree.h"
#include "services/organisation/import_row.h"

namespace klynge::organisation {

// Something that stands in the way of a reorganisation.
struct StepProblem {
  int step = 0;  // from 1; 0: none in particular
  Problem problem;
};

// The days of a thing; none for one that is not dated.
template <class Thing>
concept Dated = requires(Thing thing) {
  thing.valid.from;
};

class ReorganisationDraft {
 public:
  // What is new gets ids that begin with `id`. The tree must outlive this.
  ReorganisationDraft(const Tree& before, Date on, std::string id)
      : before_(before), on_(on), id_(std::move(id)) {}

  Date on() const { return on_; }
  const Tree& before() const { return before_; }

  // What is set from now on, and what is wrong, comes from this step.
  void BeginStep(int step) { step_ = step; }
  // Fields are told as in the step: "merge_units.into".
  void Wrong(v1::ErrorReason reason, std::string field, std::string description) {
    problems_.push_back({step_, {reason, std::move(field), std::move(description)}});
  }
  const std::vector<StepProblem>& problems() const { return problems_; }

  // The unit as it is on the day, or on another.
  absl::optional<UnitVersion> FindUnit(absl::string_view unit_id) const {
    return FindUnit(unit_id, on_);
  }
  absl::optional<UnitVersion> FindUnit(absl::string_view unit_id, Date on) const;
  // What stands under the unit on the day or later, as it is now.
  std::vector<UnitVersion> VersionsUnder(absl::string_view unit_id) const;
  // All of one sort but units, as they are now, for which `which(thing)` is true.
  template <class Thing, class Which>
  std::vector<Thing> Find(Which which) const;
  template <class Thing>
  absl::optional<Thing> FindById(absl::string_view id) const {
    static_assert(!std::is_same_v<Thing, UnitVersion>, "a unit has several versions");
    const auto changed = changed_.find({AnyThing(Thing{}).index(), std::string(id), Date()});
    if (changed != changed_.end()) return absl::get<Thing>(changed->second.thing);
    const Thing* stored = organisation::FindById(ListOf<Thing>(before_.organisation()), id);
    return stored == nullptr ? absl::nullopt : absl::optional<Thing>(*stored);
  }

  template <class Thing>
  void Set(Thing thing) {
    const auto [id, from] = KeyOf(thing);
    const Key key{AnyThing(Thing{}).index(), std::string(id), from};
    changed_[key] = {std::move(thing), step_};
  }
  // Changes a unit from the day on. Later versions that are registered follow if `same(version,
  // unit)`: in what is changed they say what the unit says that day. False when there is no such
  // unit that day.
  template <class Same, class Edit>
  bool ChangeUnit(absl::string_view unit_id, Same same, Edit edit);
  // Has it end on the day. It goes on to the end of the day before, so it must begin before.
  template <Dated Thing>
  void End(Thing thing) {
    thing.valid.to = on_;
    Set(std::move(thing));
  }
  // An id that nothing of that sort has.
  template <class Thing>
  std::string NewId() {
    std::string id;
    do id = id_ + "." + std::to_string(++made_);
    while (FindById<Thing>(id));
    return id;
  }

  // Rows that make of the organisation what the draft is, and the steps that they come from.
  struct Rows {
    std::vector<v1::ImportOrganisationRequest> messages;
    std::vector<ImportRow> rows;
    std::vector<int> steps;
  };
  Rows ToRows() const;

 private:
  struct Changed {
    AnyThing thing;
    int step = 0;
  };
  using Key = std::tuple<size_t, std::string, Date>;

  // As they are now, oldest first.
  std::vector<UnitVersion> Versions(absl::string_view unit_id) const;

  const Tree& before_;
  const Date on_;
  const std::string id_;
  int step_ = 0;
  int made_ = 0;
  std::map<Key, Changed> changed_;
  std::vector<StepProblem> problems_;
};

template <class Thing, class Which>
std::vector<Thing> ReorganisationDraft::Find(Which which) const {
  const size_t sort = AnyThing(Thing{}).index();
  std::vector<Thing> found;
  for (const Thing& thing : ListOf<Thing>(before_.organisation())) {
    if (!which(thing)) continue;
    const auto [id, from] = KeyOf(thing);
    if (!changed_.contains({sort, std::string(id), from})) found.push_back(thing);
  }
  for (auto changed = changed_.lower_bound({sort, "", Date()});
       changed != changed_.end() && std::get<0>(changed->first) == sort; ++changed) {
    const Thing& thing = absl::get<Thing>(changed->second.thing);
    if (which(thing)) found.push_back(thing);
  }
  return found;
}

template <class Same, class Edit>
bool ReorganisationDraft::ChangeUnit(absl::string_view unit_id, Same same, Edit edit) {
  const absl::optional<UnitVersion> unit = FindUnit(unit_id);
  if (!unit) return false;
  for (UnitVersion version : Versions(unit_id)) {
    if (version.valid.from <= on_ || !same(version, *unit)) continue;
    edit(version);
    Set(std::move(version));
  }
  UnitVersion changed = *unit;
  changed.valid.from = on_;
  edit(changed);
  Set(std::move(changed));
  return true;
}

}  // namespace klynge::organisation
