#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>

#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

using Versions = std::vector<VersionInPlay>;

// Judges the units one by one.
class UnitRules {
 public:
  explicit UnitRules(const Candidate& candidate) : candidate_(candidate) {}

  std::vector<Blame> Check() && {
    for (const auto& [unit_id, versions] : candidate_.units) {
      CheckNoGaps(versions);
      for (const VersionInPlay& version : versions) {
        const Versions* parent = candidate_.FindUnit(version.unit->parent_id);
        if (version.row == kStored && (parent == nullptr || !IsBrought(*parent))) continue;
        CheckNotBelowItself(version);
        CheckKindAndParent(version);
      }
    }
    return std::move(blames_);
  }

 private:
  void Add(int row, v1::ErrorReason reason, std::string field, std::string description) {
    Add(row, {reason, std::move(field), std::move(description)});
  }
  void Add(int row, Problem problem) {
    if (row != kStored) blames_.push_back({row, std::move(problem)});
  }

  void CheckNoGaps(const Versions& versions) {
    for (size_t i = 0; i + 1 < versions.size(); ++i) {
      const VersionInPlay& earlier = versions[i];
      const VersionInPlay& later = versions[i + 1];
      if (earlier.valid.to == later.valid.from) continue;
      const std::string ends = FormatDate(earlier.valid.to), begins = FormatDate(later.valid.from);
      // A later version that was stored already is not what opens the gap.
      const bool later_is_new = later.row != kStored && !StoredFrom(later);
      if (later_is_new || earlier.row == kStored) {
        Add(later.row, v1::ERROR_REASON_VERSIONS_NOT_CONTIGUOUS, "unit.valid_from",
            absl::StrCat("must be ", ends, ", when the version before ends, was ", begins));
      } else {
        Add(earlier.row, v1::ERROR_REASON_VERSIONS_NOT_CONTIGUOUS, "unit.valid_to",
            absl::StrCat("must be ", begins, ", when the next version begins, or empty, was ",
                         ends));
      }
    }
  }

  bool StoredFrom(const VersionInPlay& version) const {
    const UnitVersion* stored =
        candidate_.before.FindUnit(version.unit->unit_id, version.valid.from);
    return stored != nullptr && stored->valid.from == version.valid.from;
  }

  void CheckKindAndParent(const VersionInPlay& version) {
    const UnitVersion& unit = *version.unit;
    const UnitKind* kind = candidate_.before.FindKind(unit.kind);
    if (kind == nullptr) {
      Add(version.row, *MissingKind(candidate_, unit.kind));
    } else if (kind->parent_kinds.empty() && !unit.parent_id.empty()) {
      Add(version.row, v1::ERROR_REASON_PARENT_KIND_NOT_ALLOWED, "unit.parent_id",
          absl::StrCat("must be empty: a unit of kind ", unit.kind, " is a root"));
    } else if (!kind->parent_kinds.empty() && unit.parent_id.empty()) {
      Add(version.row, v1::ERROR_REASON_INVALID_FIELDS, "unit.parent_id",
          absl::StrCat("is required: a unit of kind ", unit.kind, " stands under one of kind ",
                       absl::StrJoin(kind->parent_kinds, ", ")));
    }
    if (unit.parent_id.empty()) return;
    if (const Versions* parent = candidate_.FindUnit(unit.parent_id)) {
      CheckParentLife(version, *parent);
      if (kind != nullptr && !kind->parent_kinds.empty()) {
        CheckParentKind(version, *kind, *parent);
      }
    } else {
      Add(version.row, *MissingParent(candidate_, unit.parent_id));
    }
  }

  void CheckParentLife(const VersionInPlay& version, const Versions& parent) {
    const DateRange life = LifeOf(parent);
    if (life.Contains(version.valid)) return;
    Add(version.row, v1::ERROR_REASON_OUTSIDE_PARENT_LIFE,
        version.valid.from < life.from ? "unit.valid_from" : "unit.valid_to",
        absl::StrCat("the version lasts ", Days(version.valid), ", but its parent \"",
                     version.unit->parent_id, "\" only ", Days(life)));
  }

  void CheckParentKind(const VersionInPlay& version, const UnitKind& kind, const Versions& parent) {
    for (const VersionInPlay& above : parent) {
      if (!above.valid.Overlaps(version.valid)) continue;
      if (absl::c_linear_search(kind.parent_kinds, above.unit->kind)) continue;
      if (version.row != kStored) {
        Add(version.row, v1::ERROR_REASON_PARENT_KIND_NOT_ALLOWED, "unit.parent_id",
            absl::StrCat("\"", above.unit->unit_id, "\" is of kind ", above.unit->kind,
                         "; a unit of kind ", kind.kind, " stands under one of kind ",
                         absl::StrJoin(kind.parent_kinds, ", ")));
        return;
      }
      Add(above.row, v1::ERROR_REASON_PARENT_KIND_NOT_ALLOWED, "unit.kind",
          absl::StrCat("\"", version.unit->unit_id, "\" of kind ", kind.kind,
                       " stands under it, and may only stand under ",
                       absl::StrJoin(kind.parent_kinds, ", ")));
    }
  }

  void CheckNotBelowItself(const VersionInPlay& version) {
    if (version.row == kStored) return;
    std::vector<absl::string_view> path;
    if (!Reaches(version.unit->unit_id, version.unit->parent_id, version.valid, path)) return;
    Add(version.row, v1::ERROR_REASON_TREE_CYCLE, "unit.parent_id",
        absl::StrCat("the unit would be below itself: ", version.unit->unit_id, " under ",
                     absl::StrJoin(path, " under ")));
  }

  // True when, going up from `unit_id`, `target` is met on some day of `range`; `path` is the way.
  bool Reaches(absl::string_view target, absl::string_view unit_id, const DateRange& range,
               std::vector<absl::string_view>& path) const {
    if (unit_id.empty()) return false;
    // A cycle further up is somebody else's.
    if (std::find(path.begin(), path.end(), unit_id) != path.end()) return false;
    path.push_back(unit_id);
    if (unit_id == target) return true;
    if (const Versions* versions = candidate_.FindUnit(unit_id)) {
      for (const VersionInPlay& version : *versions) {
        const DateRange both{std::max(range.from, version.valid.from),
                             std::min(range.to, version.valid.to)};
        if (!both.empty() && Reaches(target, version.unit->parent_id, both, path)) return true;
      }
    }
    path.pop_back();
    return false;
  }

  const Candidate& candidate_;
  std::vector<Blame> blames_;
};

}  // namespace

std::vector<Blame> CheckUnits(const Candidate& candidate) { return UnitRules(candidate).Check(); }

}  // namespace klynge::organisation
