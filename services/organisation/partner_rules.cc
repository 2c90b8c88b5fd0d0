#include <absl/algorithm/container.h>
#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <map>
#include <tuple>
#include <utility>

#include "services/organisation/partner_index.h"
#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

using Versions = std::vector<VersionInPlay>;

// What joins a unit to somebody: a partnership or a handover.
struct Joint {
  int row = kStored;
  std::string what;    // "partnership \"ps-1\"", for messages
  std::string prefix;  // "partnership."
  DateRange valid;
};

// One side of it that is a unit, and the kinds of unit that may be there.
struct UnitSide {
  const std::string& unit_id;
  const char* field;
  const std::vector<std::string>* kinds;  // null when the kind of joint is not known
};

class PartnerRules {
 public:
  explicit PartnerRules(const Candidate& candidate) : candidate_(candidate) {}

  std::vector<Blame> Check() && {
    for (const InPlay<Partner>& partner : candidate_.partners) CheckPartner(partner);
    for (const InPlay<Partnership>& joint : candidate_.partnerships) CheckPartnership(joint);
    for (const InPlay<Handover>& joint : candidate_.handovers) CheckHandover(joint);
    return std::move(blames_);
  }

 private:
  void Add(int row, v1::ErrorReason reason, std::string field, std::string description) {
    Add(row, Problem{reason, std::move(field), std::move(description)});
  }
  void Add(int row, absl::optional<Problem> problem) {
    if (problem && row != kStored) blames_.push_back({row, *std::move(problem)});
  }

  void CheckPartner(const InPlay<Partner>& partner) {
    partners_[partner.thing->partner_id] = partner;
    Add(partner.row, MissingPartnerKind(candidate_, partner.thing->kind));
  }

  void CheckPartnership(const InPlay<Partnership>& placed) {
    const Partnership& partnership = *placed.thing;
    const Joint joint{placed.row, absl::StrCat("partnership \"", partnership.partnership_id, "\""),
                      "partnership.", partnership.valid};
    const PartnershipKind* kind = FindPartnershipKind(candidate_.before, partnership.kind);
    Add(placed.row, MissingPartnershipKind(candidate_, partnership.kind));
    CheckUnit(joint, {partnership.unit_id, "unit_id", kind ? &kind->unit_kinds : nullptr});
    if (partnership.partner_id.empty()) {
      CheckUnit(joint, {partnership.partner_unit_id, "partner_unit_id",
                        kind ? &kind->partner_unit_kinds : nullptr});
    } else {
      CheckPartnerSide(joint, partnership.partner_id, "partner_id",
                       kind ? &kind->partner_kinds : nullptr);
    }
    const std::string& other =
        partnership.partner_id.empty() ? partnership.partner_unit_id : partnership.partner_id;
    CheckOnlyOnce(joint, {partnership.kind, partnership.unit_id, other},
                  partnership.partner_id.empty());
  }

  void CheckHandover(const InPlay<Handover>& placed) {
    const Handover& handover = *placed.thing;
    const Joint joint{placed.row, absl::StrCat("handover \"", handover.handover_id, "\""),
                      "handover.", handover.valid};
    const Transition* transition = FindTransition(candidate_.before, handover.transition);
    Add(placed.row, MissingTransition(candidate_, handover.transition));
    CheckUnit(joint, {handover.from_unit_id, "from_unit_id",
                      transition ? &transition->from_unit_kinds : nullptr});
    if (handover.to_partner_id.empty()) {
      CheckUnit(joint, {handover.to_unit_id, "to_unit_id",
                        transition ? &transition->to_unit_kinds : nullptr});
    } else {
      CheckPartnerSide(joint, handover.to_partner_id, "to_partner_id",
                       transition ? &transition->to_partner_kinds : nullptr);
    }
    for (const auto& [field, person_id] :
         {std::pair("giver_person_id", handover.giver_person_id),
          std::pair("receiver_person_id", handover.receiver_person_id)}) {
      if (person_id.empty()) continue;
      Add(placed.row, MissingPerson(candidate_, absl::StrCat("handover.", field), person_id));
    }
    const std::string& to =
        handover.to_partner_id.empty() ? handover.to_unit_id : handover.to_partner_id;
    CheckOnlyOnce(joint, {handover.transition, handover.from_unit_id, to},
                  handover.to_partner_id.empty());
  }

  void CheckUnit(const Joint& joint, const UnitSide& side) {
    const std::string field = joint.prefix + side.field;
    Add(joint.row, MissingUnit(candidate_, field, side.unit_id));
    const Versions* unit = candidate_.FindUnit(side.unit_id);
    if (unit == nullptr) return;
    CheckUnitLife(joint, side, *unit);
    if (side.kinds != nullptr) CheckUnitKind(joint, side, *unit);
  }

  void CheckUnitLife(const Joint& joint, const UnitSide& side, const Versions& unit) {
    const DateRange life = LifeOf(unit);
    if (life.Contains(joint.valid)) return;
    Add(joint.row, v1::ERROR_REASON_OUTSIDE_UNIT_LIFE,
        joint.prefix + (joint.valid.from < life.from ? "valid_from" : "valid_to"),
        absl::StrCat("it lasts ", Days(joint.valid), ", but \"", side.unit_id, "\" only ",
                     Days(life)));
  }

  void CheckUnitKind(const Joint& joint, const UnitSide& side, const Versions& unit) {
    for (const VersionInPlay& version : unit) {
      if (!version.valid.Overlaps(joint.valid)) continue;
      if (absl::c_linear_search(*side.kinds, version.unit->kind)) continue;
      if (joint.row != kStored) {
        Add(joint.row, v1::ERROR_REASON_PARTNERSHIP_NOT_ALLOWED, joint.prefix + side.field,
            NotAllowed(side.unit_id, version.unit->kind, *side.kinds));
        return;
      }
      Add(version.row, v1::ERROR_REASON_PARTNERSHIP_NOT_ALLOWED, "unit.kind",
          absl::StrCat(joint.what, " of it needs one of: ", absl::StrJoin(*side.kinds, ", ")));
    }
  }

  static std::string NotAllowed(const std::string& id, const std::string& kind,
                                const std::vector<std::string>& kinds) {
    if (kinds.empty())
      return absl::StrCat("\"", id, "\" cannot be on this side: nobody of its sort");
    return absl::StrCat("\"", id, "\" is of kind ", kind,
                        "; allowed here: ", absl::StrJoin(kinds, ", "));
  }

  void CheckPartnerSide(const Joint& joint, const std::string& partner_id, const char* side,
                        const std::vector<std::string>* kinds) {
    const std::string field = joint.prefix + side;
    const auto found = partners_.find(partner_id);
    if (found == partners_.end()) {
      Add(joint.row, MissingPartner(field, partner_id));
      return;
    }
    const InPlay<Partner>& partner = found->second;
    const DateRange& life = partner.thing->valid;
    if (!life.Contains(joint.valid)) {
      const bool begins_early = joint.valid.from < life.from;
      Add(joint.row, v1::ERROR_REASON_OUTSIDE_PARTNER_LIFE,
          joint.prefix + (begins_early ? "valid_from" : "valid_to"),
          absl::StrCat("it lasts ", Days(joint.valid), ", but \"", partner_id, "\" only ",
                       Days(life)));
      if (joint.row == kStored) {
        Add(partner.row, v1::ERROR_REASON_OUTSIDE_PARTNER_LIFE,
            begins_early ? "partner.valid_from" : "partner.valid_to",
            absl::StrCat(joint.what, " with it lasts ", Days(joint.valid),
                         "; end it first, or in the same import"));
      }
    }
    if (kinds == nullptr || absl::c_linear_search(*kinds, partner.thing->kind)) return;
    // That the kind is not known is said of the partner, whose rejection comes down on this.
    if (FindPartnerKind(candidate_.before, partner.thing->kind) == nullptr) return;
    Add(joint.row, v1::ERROR_REASON_PARTNERSHIP_NOT_ALLOWED, field,
        NotAllowed(partner_id, partner.thing->kind, *kinds));
    if (joint.row == kStored) {
      Add(partner.row, v1::ERROR_REASON_PARTNERSHIP_NOT_ALLOWED, "partner.kind",
          absl::StrCat(joint.what, " with it needs one of: ", absl::StrJoin(*kinds, ", ")));
    }
  }

  Problem MissingPartner(std::string field, const std::string& partner_id) const {
    if (candidate_.IsRejected<Partner>(partner_id)) {
      return {v1::ERROR_REASON_DEPENDS_ON_REJECTED_ROW, std::move(field),
              absl::StrCat("\"", partner_id, "\" is rejected in this import; mend its row first")};
    }
    return {v1::ERROR_REASON_PARTNER_NOT_FOUND, std::move(field),
            absl::StrCat("there is no partner \"", partner_id, "\"")};
  }

  // What is stored comes first, then the rows in their order: a row gives way to those before it.
  void CheckOnlyOnce(const Joint& joint, std::array<absl::string_view, 3> between, bool units) {
    std::vector<Joint>& same = seen_[{joint.prefix, between, units}];
    for (const Joint& other : same) {
      if (!other.valid.Overlaps(joint.valid)) continue;
      Add(joint.row, v1::ERROR_REASON_PARTNERSHIP_OVERLAP, joint.prefix + "valid_from",
          absl::StrCat(other.what, " is the same between the same two ", Days(other.valid)));
      return;
    }
    same.push_back(joint);
  }

  const Candidate& candidate_;
  absl::flat_hash_map<absl::string_view, InPlay<Partner>> partners_;
  std::map<std::tuple<std::string, std::array<absl::string_view, 3>, bool>, std::vector<Joint>>
      seen_;
  std::vector<Blame> blames_;
};

}  // namespace

std::vector<Blame> CheckPartners(const Candidate& candidate) {
  return PartnerRules(candidate).Check();
}

absl::optional<Problem> MissingPartnerKind(const Candidate& candidate, const std::string& kind) {
  if (FindPartnerKind(candidate.before, kind) != nullptr) return absl::nullopt;
  return Problem{
      v1::ERROR_REASON_PARTNER_KIND_NOT_FOUND, "partner.kind",
      absl::StrCat("\"", kind, "\" is no kind of partner; ListPartnershipKinds shows them")};
}

absl::optional<Problem> MissingPartnershipKind(const Candidate& candidate,
                                               const std::string& kind) {
  if (FindPartnershipKind(candidate.before, kind) != nullptr) return absl::nullopt;
  return Problem{
      v1::ERROR_REASON_PARTNERSHIP_KIND_NOT_FOUND, "partnership.kind",
      absl::StrCat("\"", kind, "\" is no kind of partnership; ListPartnershipKinds shows them")};
}

absl::optional<Problem> MissingTransition(const Candidate& candidate,
                                          const std::string& transition) {
  if (FindTransition(candidate.before, transition) != nullptr) return absl::nullopt;
  return Problem{
      v1::ERROR_REASON_TRANSITION_NOT_FOUND, "handover.transition",
      absl::StrCat("\"", transition, "\" is no transition; ListPartnershipKinds shows them")};
}

}  // namespace klynge::organisation
