#include "services/organisation/snapshot_messages.h"

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

absl::optional<v1::OrganisationSnapshot> SnapshotMessages::Changes(
    bool lost, const ReadWritten& read_written) {
  if (lost && fits_) return absl::nullopt;
  const size_t many = things_ / kThingsOfChange;
  auto changes = SinceBase(read_written, fits_ ? many : std::min(many, kFewThings));
  if (!changes && !fits_) {
    // Counted from what was told last it is less, and enough for whoever took that.
    base_ = last_;
    changes = SinceBase(read_written, many);
  }
  if (changes) last_ = changes->revision();
  return changes;
}

std::vector<v1::OrganisationSnapshot> SnapshotMessages::Whole(const Tree& tree) {
  base_ = last_ = tree.revision();
  things_ = ThingsIn(tree.organisation());
  fits_ = things_ <= most_things_;
  std::vector<v1::OrganisationSnapshot> messages;
  if (fits_) messages.push_back(ToSnapshot(tree.organisation(), tree.revision()));
  // Takes the place of what was written since the base before.
  if (base_ > 0) messages.push_back(NothingSince(tree));
  return messages;
}

absl::optional<v1::OrganisationSnapshot> SnapshotMessages::SinceBase(
    const ReadWritten& read_written, size_t most) const {
  // Revision 0 has nothing in it, and would be taken for the whole.
  if (base_ == 0) return absl::nullopt;
  const auto written = read_written(base_);
  if (!written.ok() || ThingsIn(written->organisation) > most) return absl::nullopt;
  v1::OrganisationSnapshot changes = ToSnapshot(written->organisation, written->revision);
  changes.set_since_revision(base_);
  return changes;
}

}  // namespace klynge::organisation
