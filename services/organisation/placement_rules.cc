#include <absl/algorithm/container.h>
#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <map>
#include <utility>

#include "services/organisation/hierarchy_index.h"
#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

using Placed = InPlay<Placement>;
// A hierarchy and a unit in it.
using Spot = std::pair<absl::string_view, absl::string_view>;

DateRange Both(const DateRange& a, const DateRange& b) {
  return {std::max(a.from, b.from), std::min(a.to, b.to)};
}

// Judges the placements one by one, then the trees that they make with the line.
class PlacementRules {
 public:
  explicit PlacementRules(const Candidate& candidate) : candidate_(candidate) {}

  std::vector<Blame> Check() && {
    if (candidate_.placements.empty()) return {};
    // Rows stand behind what is stored.
    const bool places = candidate_.placements.back().row != kStored;
    if (!places && candidate_.changed_units.empty()) return {};
    for (const Hierarchy& known : candidate_.before.organisation().hierarchies) {
      hierarchies_[known.hierarchy] = &known;
    }
    for (const Placed& placed : candidate_.placements) CheckPlacement(placed);
    // What is rejected now may be what is wrong with the trees: they are judged in the next round.
    if (blames_.empty()) {
      for (const Placed& placed : candidate_.placements) CheckPlaceInTree(placed);
    }
    return std::move(blames_);
  }

 private:
  // A step upwards: the unit, what it stands under, and the row that says so.
  struct Step {
    absl::string_view unit_id;
    absl::string_view parent_id;
    DateRange days;
    int placement_row = kStored;
    int unit_row = kStored;
  };

  void Add(int row, v1::ErrorReason reason, std::string field, std::string description) {
    Add(row, Problem{reason, std::move(field), std::move(description)});
  }
  void Add(int row, absl::optional<Problem> problem) {
    if (problem && row != kStored) blames_.push_back({row, *std::move(problem)});
  }

  void CheckPlacement(const Placed& placed) {
    const Placement& placement = *placed.thing;
    Add(placed.row, MissingHierarchy(candidate_, placement.hierarchy));
    CheckUnit(placed, "placement.unit_id", placement.unit_id, v1::ERROR_REASON_OUTSIDE_UNIT_LIFE);
    if (!placement.parent_id.empty()) {
      CheckUnit(placed, "placement.parent_id", placement.parent_id,
                v1::ERROR_REASON_OUTSIDE_PARENT_LIFE);
    }
    if (placed.row != kStored) {
      const Placement* before = FindSame(candidate_.before.organisation().placements, placement);
      if (before != nullptr) replaced_[{before->hierarchy, before->unit_id}].push_back(placed.row);
    }
    CheckOnlyOnce(placed);
  }

  void CheckUnit(const Placed& placed, const char* field, const std::string& unit_id,
                 v1::ErrorReason outside) {
    Add(placed.row, MissingUnit(candidate_, field, unit_id));
    const std::vector<VersionInPlay>* unit = candidate_.FindUnit(unit_id);
    if (unit == nullptr) return;
    const DateRange life = LifeOf(*unit);
    if (life.Contains(placed.valid)) return;
    Add(placed.row, outside,
        placed.valid.from < life.from ? "placement.valid_from" : "placement.valid_to",
        absl::StrCat("the placement lasts ", Days(placed.valid), ", but \"", unit_id, "\" only ",
                     Days(life)));
  }

  // What is stored comes first, then the rows in their order: a row gives way to those before it.
  void CheckOnlyOnce(const Placed& placed) {
    const Placement& placement = *placed.thing;
    std::vector<const Placed*>& others = at_[{placement.hierarchy, placement.unit_id}];
    for (const Placed* other : others) {
      if (!other->valid.Overlaps(placed.valid)) continue;
      Add(placed.row, v1::ERROR_REASON_PLACEMENT_OVERLAP, "placement.valid_from",
          absl::StrCat("\"", placement.unit_id, "\" stands under \"", other->thing->parent_id,
                       "\" there ", Days(other->valid), " (placement \"",
                       other->thing->placement_id, "\"); end that first, or in the same import"));
      return;
    }
    others.push_back(&placed);
  }

  void CheckPlaceInTree(const Placed& placed) {
    const Placement& placement = *placed.thing;
    const auto known = hierarchies_.find(placement.hierarchy);
    if (known == hierarchies_.end() || placement.parent_id.empty()) return;
    const Hierarchy& hierarchy = *known->second;
    if (!hierarchy.follows_line) CheckParentIsThere(placed);
    // Every cycle has a placement in it, since the line has none.
    std::vector<Step> path = {
        {placement.unit_id, placement.parent_id, placed.valid, placed.row, kStored}};
    if (Reaches(hierarchy, placement.unit_id, placement.parent_id, placed.valid, path)) {
      BlameCycle(hierarchy, path);
    }
  }

  void CheckParentIsThere(const Placed& placed) {
    const Placement& placement = *placed.thing;
    const Spot spot{placement.hierarchy, placement.parent_id};
    std::vector<DateRange> days;
    for (const Placed* parent : Placements(spot)) days.push_back(parent->valid);
    const DateRange missing = FirstNotIn(placed.valid, std::move(days));
    if (missing.empty()) return;
    const std::string description =
        absl::StrCat("\"", placement.parent_id, "\", under which \"", placement.unit_id,
                     "\" stands in ", placement.hierarchy, ", is not in it ", Days(missing));
    if (placed.row != kStored) {
      Add(placed.row, v1::ERROR_REASON_UNIT_NOT_IN_HIERARCHY, "placement.parent_id",
          absl::StrCat(description, "; place it there first, or in the same import"));
      return;
    }
    for (const int row : RowsInPlaceOfThoseAt(spot)) {
      Add(row, v1::ERROR_REASON_UNIT_NOT_IN_HIERARCHY, "placement.valid_to",
          absl::StrCat(description, "; move or end placement \"", placement.placement_id,
                       "\" first, or in the same import"));
    }
  }

  // The first days of `all` that are in none of `parts`.
  static DateRange FirstNotIn(const DateRange& all, std::vector<DateRange> parts) {
    std::sort(parts.begin(), parts.end(),
              [](const DateRange& a, const DateRange& b) { return a.from < b.from; });
    Date from = all.from;
    for (const DateRange& part : parts) {
      if (part.from > from) return {from, std::min(part.from, all.to)};
      from = std::max(from, part.to);
    }
    return {from, all.to};
  }

  // True when, going up from `unit_id`, `target` is met on some day of `days`; `path` is the way.
  bool Reaches(const Hierarchy& hierarchy, absl::string_view target, absl::string_view unit_id,
               const DateRange& days, std::vector<Step>& path) const {
    if (unit_id.empty()) return false;
    if (unit_id == target) return true;
    // A cycle further up is somebody else's.
    if (absl::c_any_of(path, [&](const Step& step) { return step.unit_id == unit_id; })) {
      return false;
    }
    const auto goes_on = [&](absl::string_view parent_id, const DateRange& both, int placement_row,
                             int unit_row) {
      path.push_back({unit_id, parent_id, both, placement_row, unit_row});
      if (Reaches(hierarchy, target, parent_id, both, path)) return true;
      path.pop_back();
      return false;
    };
    std::vector<DateRange> rest = {days};
    for (const Placed* placed : Placements({hierarchy.hierarchy, unit_id})) {
      const DateRange both = Both(days, placed->valid);
      if (both.empty()) continue;
      if (goes_on(placed->thing->parent_id, both, placed->row, kStored)) return true;
      rest = Without(rest, placed->valid);
    }
    const std::vector<VersionInPlay>* versions = candidate_.FindUnit(unit_id);
    if (!hierarchy.follows_line || versions == nullptr) return false;
    for (const VersionInPlay& version : *versions) {
      for (const DateRange& range : rest) {
        const DateRange both = Both(range, version.valid);
        if (!both.empty() && goes_on(version.unit->parent_id, both, kStored, version.row)) {
          return true;
        }
      }
    }
    return false;
  }

  static std::vector<DateRange> Without(const std::vector<DateRange>& ranges,
                                        const DateRange& taken) {
    std::vector<DateRange> left;
    for (const DateRange& range : ranges) {
      const DateRange before{range.from, std::min(range.to, taken.from)};
      const DateRange after{std::max(range.from, taken.to), range.to};
      if (!before.empty()) left.push_back(before);
      if (!after.empty()) left.push_back(after);
    }
    return left;
  }

  // There was no cycle, so one of its steps is new: a row places a unit there, or takes away the
  // placement that kept it elsewhere, or moves it in the line.
  void BlameCycle(const Hierarchy& hierarchy, const std::vector<Step>& path) {
    const Date day = path.back().days.from;
    const HierarchyTree& before =
        *candidate_.before.Indexed<HierarchyIndex>().Find(hierarchy.hierarchy);
    int placing = kStored, moving = kStored;
    for (const Step& step : path) {
      const UnitVersion* unit = before.FindUnit(step.unit_id, day);
      const UnitVersion* parent = unit == nullptr ? nullptr : before.ParentOf(*unit, day);
      if (parent != nullptr && parent->unit_id == step.parent_id) continue;
      placing = std::max(placing, step.placement_row);
      moving = std::max(moving, step.unit_row);
      if (step.placement_row != kStored || before.PlacementOn(step.unit_id, day) == nullptr)
        continue;
      for (const int row : RowsInPlaceOfThoseAt({hierarchy.hierarchy, step.unit_id})) {
        placing = std::max(placing, row);
      }
    }
    const std::string way = absl::StrJoin(path, " under ", [](std::string* out, const Step& step) {
      absl::StrAppend(out, step.unit_id);
    });
    const std::string description =
        absl::StrCat("a unit would be below itself in ", hierarchy.hierarchy, " ",
                     Days(path.back().days), ": ", way, " under ", path.front().unit_id);
    if (placing != kStored) {
      Add(placing, v1::ERROR_REASON_TREE_CYCLE, "placement.parent_id", description);
    } else {
      Add(moving, v1::ERROR_REASON_TREE_CYCLE, "unit.parent_id",
          absl::StrCat(description, "; mend the placement first, or in the same import"));
    }
  }

  const std::vector<const Placed*>& Placements(const Spot& spot) const {
    static const auto* const none = new std::vector<const Placed*>;
    const auto found = at_.find(spot);
    return found == at_.end() ? *none : found->second;
  }

  // The rows in the place of what placed the unit.
  std::vector<int> RowsInPlaceOfThoseAt(const Spot& spot) const {
    const auto replaced = replaced_.find(spot);
    return replaced == replaced_.end() ? std::vector<int>{} : replaced->second;
  }

  const Candidate& candidate_;
  absl::flat_hash_map<absl::string_view, const Hierarchy*> hierarchies_;
  std::map<Spot, std::vector<const Placed*>> at_;
  std::map<Spot, std::vector<int>> replaced_;
  std::vector<Blame> blames_;
};

}  // namespace

std::vector<Blame> CheckPlacements(const Candidate& candidate) {
  return PlacementRules(candidate).Check();
}

}  // namespace klynge::organisation
