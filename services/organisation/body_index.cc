#include "services/organisation/body_index.h"

#include "services/organisation/list_or_none.h"

namespace klynge::organisation {
BodyIndex::BodyIndex(const Tree& tree) {
  // The lists are sorted, so everything appended below is sorted too.
  for (const Body& body : tree.organisation().bodies) {
    bodies_[body.body_id].body = &body;
    bodies_of_[body.unit_id].push_back(&body);
  }
  for (const BodyMembership& held : tree.organisation().body_memberships) {
    memberships_of_[held.person_id].push_back(&held);
    const auto body = bodies_.find(held.body_id);
    if (body != bodies_.end()) body->second.memberships.push_back(&held);
  }
  for (auto& [body_id, entry] : bodies_) {
    const BodyKind* kind = FindBodyKind(tree, entry.body->kind);
    if (kind != nullptr) entry.gaps = GapsOf(*entry.body, *kind, entry.memberships);
  }
}

const BodyIndex::Entry* BodyIndex::Find(absl::string_view body_id) const {
  const auto found = bodies_.find(body_id);
  return found == bodies_.end() ? nullptr : &found->second;
}

const std::vector<const Body*>& BodyIndex::BodiesOf(absl::string_view unit_id) const {
  return ListOrNone(bodies_of_, unit_id);
}

const std::vector<const BodyMembership*>& BodyIndex::MembershipsOf(
    absl::string_view person_id) const {
  return ListOrNone(memberships_of_, person_id);
}

const BodyKind* FindBodyKind(const Tree& tree, absl::string_view kind) {
  for (const BodyKind& known : tree.organisation().body_kinds) {
    if (known.kind == kind) return &known;
  }
  return nullptr;
}

}  // namespace klynge::organisation
