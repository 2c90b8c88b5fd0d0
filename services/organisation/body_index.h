// The bodies of one revision, found by what they are asked for. Made when first needed, by
// tree.Indexed<BodyIndex>().
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <vector>

#include "services/organisation/client/tree.h"
#include "services/organisation/composition.h"

namespace klynge::organisation {

// Never changes after it is made; points into the tree.
class BodyIndex {
 public:
  explicit BodyIndex(const Tree& tree);

  struct Entry {
    const Body* body = nullptr;
    std::vector<const BodyMembership*> memberships;  // by id
    std::vector<CompositionGap> gaps;                // by first day and role
  };

  // Null when unknown.
  const Entry* Find(absl::string_view body_id) const;
  // Of the unit itself, on any day, by id.
  const std::vector<const Body*>& BodiesOf(absl::string_view unit_id) const;
  // Of the person, in any body, by id.
  const std::vector<const BodyMembership*>& MembershipsOf(absl::string_view person_id) const;

 private:
  absl::flat_hash_map<absl::string_view, Entry> bodies_;
  absl::flat_hash_map<absl::string_view, std::vector<const Body*>> bodies_of_;
  absl::flat_hash_map<absl::string_view, std::vector<const BodyMembership*>> memberships_of_;
};

// The kind of body with that code; null when there is none.
const BodyKind* FindBodyKind(const Tree& tree, absl::string_view kind);

}  // namespace klynge::organisation
