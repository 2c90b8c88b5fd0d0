// The partners of one revision, found by what they are asked for. Made when first needed, by
// tree.Indexed<PartnerIndex>().
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <vector>

#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// Never changes after it is made; points into the tree.
class PartnerIndex {
 public:
  explicit PartnerIndex(const Tree& tree);

  // Null when unknown.
  const Partner* Find(absl::string_view partner_id) const;
  // Each on any day, by id. A partnership is one of both units that take part.
  const std::vector<const Partnership*>& PartnershipsOf(absl::string_view unit_id) const;
  const std::vector<const Partnership*>& PartnershipsWith(absl::string_view partner_id) const;
  const std::vector<const Handover*>& HandoversFrom(absl::string_view unit_id) const;
  const std::vector<const Handover*>& HandoversTo(absl::string_view unit_id) const;
  const std::vector<const Handover*>& HandoversToPartner(absl::string_view partner_id) const;

 private:
  template <class Thing>
  using Lists = absl::flat_hash_map<absl::string_view, std::vector<const Thing*>>;

  absl::flat_hash_map<absl::string_view, const Partner*> partners_;
  Lists<Partnership> partnerships_of_;
  Lists<Partnership> partnerships_with_;
  Lists<Handover> handovers_from_;
  Lists<Handover> handovers_to_;
  Lists<Handover> handovers_to_partner_;
};

// Null when there is none.
const PartnerKind* FindPartnerKind(const Tree& tree, absl::string_view kind);
const PartnershipKind* FindPartnershipKind(const Tree& tree, absl::string_view kind);
const Transition* FindTransition(const Tree& tree, absl::string_view transition);

}  // namespace klynge::organisation
