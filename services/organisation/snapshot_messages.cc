#include "services/organisation/snapshot_messages.h"

#include <absl/algorithm/container.h>

#include <algorithm>
#include <utility>

#include "services/organisation/client/convert.h"
#include "services/organisation/client/things.h"

namespace klynge::organisation {
namespace {

// Changes are published as such while they are at most one in so many things; then the whole takes
// no more time than the changes did since the last one.
constexpr size_t kThingsOfChange = 16;
// Where no whole is published, changes need not be counted from it, and not go on growing.
constexpr size_t kFewThings = 500;

v1::OrganisationSnapshot NothingSince(const Tree& tree) {
  Organisation nothing;
  nothing.unit_kinds = tree.organisation().unit_kinds;
  nothing.roles = tree.organisation().roles;
  v1::OrganisationSnapshot changes = ToSnapshot(nothing, tree.revision());
  changes.set_since_revision(tree.revision());
  return changes;
}

}  // namespace

std::vector<v1::OrganisationSnapshot> SnapshotMessages::Next(const Tree& tree, bool whole,
                                                             const ReadWritten& read_written) {
  const size_t things = ThingsIn(tree.organisation());
  const bool fits = things <= most_things_;
  const size_t many = things / kThingsOfChange;
  absl::optional<v1::OrganisationSnapshot> changes;
  if (!fits || !whole) changes = Changes(read_written, fits ? many : std::min(many, kFewThings));
  if (!changes && !fits) {
    // Counted from what was told last it is less, and enough for whoever took that.
    base_ = last_;
    base_published_ = false;
    changes = Changes(read_written, many);
  }
  std::vector<v1::OrganisationSnapshot> messages;
  if (changes) {
    last_ = changes->revision();
    messages.push_back(*std::move(changes));
    return messages;
  }
  base_ = last_ = tree.revision();
  base_published_ = fits;
  if (fits) messages.push_back(ToSnapshot(tree.organisation(), tree.revision()));
  // Takes the place of what was written since the base before.
  if (base_ > 0) messages.push_back(NothingSince(tree));
  return messages;
}

absl::optional<v1::OrganisationSnapshot> SnapshotMessages::Changes(const ReadWritten& read_written,
                                                                   size_t most) const {
  // Revision 0 has nothing in it, and would be taken for the whole.
  if (base_ == 0) return absl::nullopt;
  const auto written = read_written(base_);
  if (!written.ok() || ThingsIn(written->organisation) > most) return absl::nullopt;
  // The name of who is erased must not stay in the whole.
  const bool erased = absl::c_any_of(written->organisation.persons,
                                     [](const Person& person) { return person.erased(); });
  if (erased && base_published_) return absl::nullopt;
  v1::OrganisationSnapshot changes = ToSnapshot(written->organisation, written->revision);
  changes.set_since_revision(base_);
  return changes;
}

}  // namespace klynge::organisation
