#include "services/organisation/reorganisation_steps.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <set>
#include <utility>

#include "services/organisation/client/convert.h"
#include "services/organisation/reassignment.h"
#include "services/organisation/reorganisation_carry.h"

namespace klynge::organisation {
namespace {

bool IsIdAlone(const v1::Unit& unit) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  unit.GetReflection()->ListFields(unit, &fields);
  return fields.size() == 1;
}

class Steps {
 public:
  explicit Steps(ReorganisationDraft& draft) : draft_(draft) {}

  void Do(const v1::ReorganisationStep& step) {
    switch (step.step_case()) {
      case v1::ReorganisationStep::kMoveUnit:
        return Move(step.move_unit());
      case v1::ReorganisationStep::kMergeUnits:
        return Merge(step.merge_units());
      case v1::ReorganisationStep::kSplitUnit:
        return Split(step.split_unit());
      case v1::ReorganisationStep::kOpenUnit:
        return Open(step.open_unit());
      case v1::ReorganisationStep::kCloseUnit:
        return Close(step.close_unit());
      case v1::ReorganisationStep::kRenameUnit:
        return Rename(step.rename_unit());
      case v1::ReorganisationStep::kReassign:
        return DoReassign(draft_, carried_, step.reassign());
      case v1::ReorganisationStep::STEP_NOT_SET:
        draft_.Wrong(v1::ERROR_REASON_INVALID_FIELDS, "step",
                     "is required: say what is done, for example move_unit");
    }
  }

 private:
  // True when the unit exists on the day.
  bool CheckUnit(const std::string& field, const std::string& unit_id) {
    if (draft_.FindUnit(unit_id)) return true;
    draft_.Wrong(v1::ERROR_REASON_UNIT_NOT_FOUND, field,
                 absl::StrCat("there is no unit \"", unit_id, "\" on ", FormatDate(draft_.on())));
    return false;
  }

  void Move(const v1::MoveUnit& move) {
    if (!CheckUnit("move_unit.unit_id", move.unit_id())) return;
    draft_.ChangeUnit(
        move.unit_id(),
        [](const UnitVersion& later, const UnitVersion& now) {
          return later.parent_id == now.parent_id;
        },
        [&](UnitVersion& unit) { unit.parent_id = move.to_parent_id(); });
  }

  void Rename(const v1::RenameUnit& rename) {
    if (!CheckUnit("rename_unit.unit_id", rename.unit_id())) return;
    draft_.ChangeUnit(
        rename.unit_id(),
        [](const UnitVersion& later, const UnitVersion& now) { return later.name == now.name; },
        [&](UnitVersion& unit) { unit.name = rename.name(); });
  }

  void Close(const v1::CloseUnit& close) {
    if (!CheckUnit("close_unit.unit_id", close.unit_id())) return;
    EndUnit(draft_, close.unit_id(), "close_unit.unit_id");
  }

  void Open(const v1::OpenUnit& open) {
    if (draft_.FindUnit(open.unit().unit_id())) {
      draft_.Wrong(v1::ERROR_REASON_STEP_NOT_POSSIBLE, "open_unit.unit.unit_id",
                   absl::StrCat("\"", open.unit().unit_id(), "\" is there already"));
      return;
    }
    OpenOrFind("open_unit.unit", open.unit(), nullptr);
  }

  // The unit that is meant: one that is there, or a new one, for which `like` says what is left
  // out. "" when that is a problem.
  std::string OpenOrFind(const std::string& field, const v1::Unit& unit, const UnitVersion* like) {
    const bool dated = !unit.valid_from().empty() || !unit.valid_to().empty();
    if (dated) {
      draft_.Wrong(v1::ERROR_REASON_INVALID_FIELDS, field + ".valid_from",
                   "is left out: the unit opens on the day of the reorganisation");
    }
    if (draft_.FindUnit(unit.unit_id())) {
      if (IsIdAlone(unit)) return unit.unit_id();
      draft_.Wrong(v1::ERROR_REASON_STEP_NOT_POSSIBLE, field,
                   absl::StrCat("\"", unit.unit_id(),
                                "\" is there already: give its unit_id alone, "
                                "and rename or move it with a step of its own"));
      return "";
    }
    UnitVersion opened = FromProto(unit);
    opened.valid = {draft_.on(), kOpenEnd};
    if (like != nullptr && opened.kind.empty()) opened.kind = like->kind;
    if (like != nullptr && opened.parent_id.empty()) opened.parent_id = like->parent_id;
    std::string unit_id = opened.unit_id;
    draft_.Set(std::move(opened));
    return unit_id;
  }

  void Merge(const v1::MergeUnits& merge) {
    std::set<std::string> from(merge.from_unit_ids().begin(), merge.from_unit_ids().end());
    if (from.empty()) {
      draft_.Wrong(v1::ERROR_REASON_INVALID_FIELDS, "merge_units.from_unit_ids", "is empty");
    }
    if (from.contains(merge.into().unit_id())) {
      draft_.Wrong(v1::ERROR_REASON_INVALID_FIELDS, "merge_units.from_unit_ids",
                   absl::StrCat("has \"", merge.into().unit_id(),
                                "\", which is the unit they are merged into; leave it out"));
    }
    if (from.empty() || from.contains(merge.into().unit_id())) return;
    const absl::optional<UnitVersion> like = draft_.FindUnit(merge.from_unit_ids(0));
    const std::string into = OpenOrFind("merge_units.into", merge.into(), like ? &*like : nullptr);
    for (const std::string& unit_id : from) {
      if (!CheckUnit("merge_units.from_unit_ids", unit_id) || into.empty()) continue;
      CarryAll(draft_, unit_id, into, carried_);
      EndUnit(draft_, unit_id, "merge_units.from_unit_ids");
      Succeed(unit_id, into, false);
    }
  }

  void Split(const v1::SplitUnit& split) {
    if (!CheckUnit("split_unit.unit_id", split.unit_id())) return;
    if (split.parts_size() < 2) {
      draft_.Wrong(v1::ERROR_REASON_INVALID_FIELDS, "split_unit.parts", "needs at least two parts");
    }
    const UnitVersion whole = *draft_.FindUnit(split.unit_id());
    bool lives_on = false;
    for (int i = 0; i < split.parts_size(); ++i) {
      const v1::SplitPart& part = split.parts(i);
      const std::string field = absl::StrCat("split_unit.parts[", i, "]");
      const std::string part_id = OpenOrFind(field + ".unit", part.unit(), &whole);
      if (part_id.empty()) continue;
      AllotChildren(field, part, whole, part_id);
      if (part_id == whole.unit_id) {
        lives_on = true;
        continue;
      }
      AllotSeats(field, part, whole, part_id);
      Succeed(whole.unit_id, part_id, part.carries_figures());
    }
    if (lives_on) return;
    CheckAllAllotted(whole);
    EndUnit(draft_, whole.unit_id, "split_unit.unit_id");
  }

  void AllotChildren(const std::string& field, const v1::SplitPart& part, const UnitVersion& whole,
                     const std::string& part_id) {
    for (int i = 0; i < part.child_unit_ids_size(); ++i) {
      const std::string& child_id = part.child_unit_ids(i);
      const absl::optional<UnitVersion> child = draft_.FindUnit(child_id);
      if (!child || child->parent_id != whole.unit_id) {
        draft_.Wrong(v1::ERROR_REASON_STEP_NOT_POSSIBLE,
                     absl::StrCat(field, ".child_unit_ids[", i, "]"),
                     absl::StrCat("\"", child_id, "\" does not stand under \"", whole.unit_id,
                                  "\" that day, or is allotted to another part already"));
        continue;
      }
      draft_.ChangeUnit(
          child_id,
          [&](const UnitVersion& later, const UnitVersion&) {
            return later.parent_id == whole.unit_id;
          },
          [&](UnitVersion& unit) { unit.parent_id = part_id; });
    }
  }

  void AllotSeats(const std::string& field, const v1::SplitPart& part, const UnitVersion& whole,
                  const std::string& part_id) {
    const auto sits = [&](const auto& seat) {
      return seat && seat->unit_id == whole.unit_id && seat->valid.to > draft_.on();
    };
    const auto elsewhere = [&](const char* list, int i, const std::string& id) {
      draft_.Wrong(v1::ERROR_REASON_STEP_NOT_POSSIBLE, absl::StrCat(field, ".", list, "[", i, "]"),
                   absl::StrCat("\"", id, "\" does not sit at \"", whole.unit_id,
                                "\" on that day or later, or goes on in another part already"));
    };
    for (int i = 0; i < part.position_ids_size(); ++i) {
      const auto position = draft_.FindById<Position>(part.position_ids(i));
      if (!sits(position)) {
        elsewhere("position_ids", i, part.position_ids(i));
      } else {
        CarryPosition(draft_, *position, part_id, carried_);
      }
    }
    for (int i = 0; i < part.assignment_ids_size(); ++i) {
      const auto held = draft_.FindById<Assignment>(part.assignment_ids(i));
      if (!sits(held) || !held->position_id.empty()) {
        elsewhere("assignment_ids", i, part.assignment_ids(i));
      } else {
        CarryAssignment(draft_, *held, part_id);
      }
    }
  }

  void CheckAllAllotted(const UnitVersion& whole) {
    std::set<std::string> left;
    for (const UnitVersion& child : draft_.VersionsUnder(whole.unit_id)) left.insert(child.unit_id);
    if (left.empty()) return;
    draft_.Wrong(v1::ERROR_REASON_STEP_NOT_POSSIBLE, "split_unit.parts",
                 absl::StrCat("no part has these, which stand under \"", whole.unit_id,
                              "\": ", absl::StrJoin(left, ", ")));
  }

  void Succeed(const std::string& from, const std::string& to, bool carries_figures) {
    draft_.Set(Succession{draft_.NewId<Succession>(), from, to, draft_.on(), carries_figures});
  }

  ReorganisationDraft& draft_;
  CarriedPositions carried_;
};

}  // namespace

void DoSteps(const v1::Reorganisation& reorganisation, ReorganisationDraft& draft) {
  Steps steps(draft);
  for (int i = 0; i < reorganisation.steps_size(); ++i) {
    draft.BeginStep(i + 1);
    steps.Do(reorganisation.steps(i));
  }
  draft.BeginStep(0);
  EndTasksOutOfReach(draft);
}

}  // namespace klynge::organisation
