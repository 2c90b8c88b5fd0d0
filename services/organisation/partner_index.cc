#include "services/organisation/partner_index.h"

#include "services/organisation/list_or_none.h"

namespace klynge::organisation {

PartnerIndex::PartnerIndex(const Tree& tree) {
  // The lists are sorted, so everything appended below is sorted too.
  for (const Partner& partner : tree.organisation().partners) {
    partners_[partner.partner_id] = &partner;
  }
  for (const Partnership& partnership : tree.organisation().partnerships) {
    partnerships_of_[partnership.unit_id].push_back(&partnership);
    if (!partnership.partner_unit_id.empty()) {
      partnerships_of_[partnership.partner_unit_id].push_back(&partnership);
    } else {
      partnerships_with_[partnership.partner_id].push_back(&partnership);
    }
  }
  for (const Handover& handover : tree.organisation().handovers) {
    handovers_from_[handover.from_unit_id].push_back(&handover);
    if (!handover.to_unit_id.empty()) {
      handovers_to_[handover.to_unit_id].push_back(&handover);
    } else {
      handovers_to_partner_[handover.to_partner_id].push_back(&handover);
    }
  }
}

const Partner* PartnerIndex::Find(absl::string_view partner_id) const {
  const auto found = partners_.find(partner_id);
  return found == partners_.end() ? nullptr : found->second;
}

const std::vector<const Partnership*>& PartnerIndex::PartnershipsOf(
    absl::string_view unit_id) const {
  return ListOrNone(partnerships_of_, unit_id);
}

const std::vector<const Partnership*>& PartnerIndex::PartnershipsWith(
    absl::string_view partner_id) const {
  return ListOrNone(partnerships_with_, partner_id);
}

const std::vector<const Handover*>& PartnerIndex::HandoversFrom(absl::string_view unit_id) const {
  return ListOrNone(handovers_from_, unit_id);
}

const std::vector<const Handover*>& PartnerIndex::HandoversTo(absl::string_view unit_id) const {
  return ListOrNone(handovers_to_, unit_id);
}

const std::vector<const Handover*>& PartnerIndex::HandoversToPartner(
    absl::string_view partner_id) const {
  return ListOrNone(handovers_to_partner_, partner_id);
}

const PartnerKind* FindPartnerKind(const Tree& tree, absl::string_view kind) {
  for (const PartnerKind& known : tree.organisation().partner_kinds) {
    if (known.kind == kind) return &known;
  }
  return nullptr;
}

const PartnershipKind* FindPartnershipKind(const Tree& tree, absl::string_view kind) {
  for (const PartnershipKind& known : tree.organisation().partnership_kinds) {
    if (known.kind == kind) return &known;
  }
  return nullptr;
}

const Transition* FindTransition(const Tree& tree, absl::string_view transition) {
  for (const Transition& known : tree.organisation().transitions) {
    if (known.transition == transition) return &known;
  }
  return nullptr;
}

}  // namespace klynge::organisation
