// Where a service gets the organisation's tree from.
#pragma once

#include <absl/status/statusor.h>

#include <memory>

#include "services/organisation/client/tree.h"
#include "services/platform/rpc/call.h"
#include "services/platform/rpc/status.h"

namespace klynge::organisation {

// The newest tree that could be had, and whether it is the newest there is.
struct CurrentTree {
  std::shared_ptr<const Tree> tree;  // never null
  // OK when the organisation service said so; else kUnavailable, reason ORGANISATION_UNAVAILABLE,
  // with the time after which to try again.
  absl::Status confirmed;

  // What to answer when rules that asked the tree come to `verdict`: that, unless its reason is
  // `unknown` (the caller's code for a unit that is not there) and a newer tree might know the
  // unit; then why this cannot be said.
  template <class Reason>
  absl::Status Vouch(Reason unknown, absl::Status verdict) const {
    if (confirmed.ok() || ReasonOf(verdict) != ReasonName(unknown)) return verdict;
    return confirmed;
  }

  // OK when the tree is at least as new as this revision of the organisation. Else kUnavailable:
  // `confirmed` when a newer one could not be asked for; reason REVISION_NOT_REACHED when there is
  // none.
  absl::Status Reaches(int64_t revision) const;
};

// Thread-safe.
class TreeSource {
 public:
  virtual ~TreeSource() = default;

  // The tree held in memory, or null before the first one came. Never blocks: for inline handlers.
  virtual std::shared_ptr<const Tree> Held() const = 0;

  // The tree held in memory; fetches one if there is none yet, so it may block until the call's
  // deadline. At most about a second behind the organisation service while that can be reached.
  // Errors: kUnavailable, reason ORGANISATION_UNAVAILABLE, when none was ever had and none can be
  // fetched.
  virtual absl::StatusOr<std::shared_ptr<const Tree>> Get(const rpc::Call& call) = 0;

  // The newest tree: asks the organisation service. For writes, and before saying that a unit is
  // unknown. When that service cannot be reached: the tree held, unconfirmed. Blocks; errors as
  // Get.
  virtual absl::StatusOr<CurrentTree> Current(const rpc::Call& call) = 0;

  // A tree at least as new as this revision of the organisation: the one held if it will do, else
  // the newest. For reads with min_organisation_revision; 0 asks as Get does. Blocks; errors as Get
  // and CurrentTree::Reaches.
  absl::StatusOr<std::shared_ptr<const Tree>> AtLeast(const rpc::Call& call, int64_t revision);
};

// Always the same tree, confirmed unless told otherwise: for tests, and for tools that read a
// snapshot from a file.
class FixedTreeSource final : public TreeSource {
 public:
  explicit FixedTreeSource(std::shared_ptr<const Tree> tree,
                           absl::Status confirmed = absl::OkStatus())
      : tree_(std::move(tree)), confirmed_(std::move(confirmed)) {}
  std::shared_ptr<const Tree> Held() const override { return tree_; }
  absl::StatusOr<std::shared_ptr<const Tree>> Get(const rpc::Call&) override { return tree_; }
  absl::StatusOr<CurrentTree> Current(const rpc::Call&) override {
    return CurrentTree{tree_, confirmed_};
  }

 private:
  const std::shared_ptr<const Tree> tree_;
  const absl::Status confirmed_;
};

}  // namespace klynge::organisation
