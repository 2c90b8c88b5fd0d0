// Where a service gets the organisation's tree from.
#pragma once

#include <absl/status/statusor.h>

#include <memory>

#include "services/organisation/client/tree.h"
#include "services/platform/rpc/call.h"

namespace klynge::organisation {

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
  // unknown. When that service cannot be reached: the tree held. Blocks; errors as Get.
  virtual absl::StatusOr<std::shared_ptr<const Tree>> Current(const rpc::Call& call) = 0;
};

// Always the same tree: for tests, and for tools that read a snapshot from a file.
class FixedTreeSource final : public TreeSource {
 public:
  explicit FixedTreeSource(std::shared_ptr<const Tree> tree) : tree_(std::move(tree)) {}
  std::shared_ptr<const Tree> Held() const override { return tree_; }
  absl::StatusOr<std::shared_ptr<const Tree>> Get(const rpc::Call&) override { return tree_; }
  absl::StatusOr<std::shared_ptr<const Tree>> Current(const rpc::Call&) override { return tree_; }

 private:
  const std::shared_ptr<const Tree> tree_;
};

}  // namespace klynge::organisation
