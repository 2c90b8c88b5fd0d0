#include "services/organisation/reassignment.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

namespace klynge::organisation {
namespace {

class Reassignment {
 public:
  Reassignment(ReorganisationDraft& draft, const v1::Reassign& reassign)
      : draft_(draft), reassign_(reassign) {}

  void Do(const CarriedPositions& carried) && {
    if (!FindSeat(carried)) return;
    const bool only_one = !seat_.position_id.empty() || IsExclusive();
    if (reassign_.person_id().empty() && !only_one) {
      return Wrong("person_id", "is required: several can have this role, so say who gets it");
    }
    if (only_one) EndHolders();
    if (reassign_.person_id().empty()) return;
    if (reassign_.ends_other_roles()) EndOtherRoles();
    seat_.assignment_id = draft_.NewId<Assignment>();
    seat_.person_id = reassign_.person_id();
    draft_.Set(std::move(seat_));
  }

 private:
  void Wrong(const std::string& field, std::string description) {
    draft_.Wrong(v1::ERROR_REASON_STEP_NOT_POSSIBLE, "reassign." + field, std::move(description));
  }

  // Fills role, unit, position and days of what is taken over.
  bool FindSeat(const CarriedPositions& carried) {
    seat_.valid = {draft_.on(), kOpenEnd};
    if (reassign_.position_id().empty()) {
      seat_.role = reassign_.role();
      seat_.unit_id = reassign_.unit_id();
      if (seat_.role.empty() || seat_.unit_id.empty()) {
        Wrong("position_id", "is required: it, or role and unit_id");
        return false;
      }
      EndWithUnit();
      return true;
    }
    auto carried_to = carried.find(reassign_.position_id());
    const std::string& id =
        carried_to == carried.end() ? reassign_.position_id() : carried_to->second;
    const auto position = draft_.FindById<Position>(id);
    if (!position || !position->valid.Contains(draft_.on())) {
      Wrong("position_id",
            absl::StrCat("there is no position \"", id, "\" on ", FormatDate(draft_.on())));
      return false;
    }
    seat_.position_id = id;
    seat_.role = position->role;
    seat_.unit_id = position->unit_id;
    seat_.valid.to = position->valid.to;
    return true;
  }

  // A unit whose end is known takes the role with it.
  void EndWithUnit() {
    for (absl::optional<UnitVersion> unit = draft_.FindUnit(seat_.unit_id); unit;
         unit = draft_.FindUnit(seat_.unit_id, unit->valid.to)) {
      seat_.valid.to = unit->valid.to;
    }
  }

  bool IsExclusive() const {
    const Role* role = draft_.before().FindRole(seat_.role);
    return role != nullptr && role->exclusive;
  }

  bool IsSeat(const Assignment& held) const {
    if (!seat_.position_id.empty()) return held.position_id == seat_.position_id;
    return held.role == seat_.role && held.unit_id == seat_.unit_id;
  }

  // Who takes it over has it until the next who is registered to.
  void EndHolders() {
    for (const Assignment& held : draft_.Find<Assignment>(
             [&](const Assignment& each) { return IsSeat(each) && each.valid.to > draft_.on(); })) {
      if (held.valid.from < draft_.on()) {
        draft_.End(held);
      } else if (held.valid.from == draft_.on()) {
        Wrong("person_id", absl::StrCat("assignment \"", held.assignment_id, "\" gives it to \"",
                                        held.person_id, "\" from that day already"));
      } else {
        seat_.valid.to = std::min(seat_.valid.to, held.valid.from);
      }
    }
  }

  void EndOtherRoles() {
    for (const Assignment& held : draft_.Find<Assignment>([&](const Assignment& each) {
           return each.person_id == reassign_.person_id() && each.valid.from < draft_.on() &&
                  each.valid.to > draft_.on();
         })) {
      draft_.End(held);
    }
  }

  ReorganisationDraft& draft_;
  const v1::Reassign& reassign_;
  Assignment seat_;
};

}  // namespace

void DoReassign(ReorganisationDraft& draft, const CarriedPositions& carried,
                const v1::Reassign& reassign) {
  Reassignment(draft, reassign).Do(carried);
}

}  // namespace klynge::organisation
