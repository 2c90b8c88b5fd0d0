// A map from id to shared, immutable value whose copies are cheap: a copy shares everything, and
// changing one value copies only the branch and the shard it lies in. That is how a model of
// 100,000 goals takes one check-in in microseconds while readers go on reading the model before it.
#pragma once

#include <absl/hash/hash.h>
#include <absl/strings/string_view.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <memory>
#include <utility>
#include <vector>

namespace klynge::goals {

// `Value` has `absl::string_view key() const`. A copy may be read by any thread while another copy
// is changed; one and the same copy may not.
template <class Value>
class CowMap {
 public:
  using Pointer = std::shared_ptr<const Value>;

  CowMap() = default;
  CowMap(const CowMap& other) : branches_(other.branches_) {}
  CowMap& operator=(const CowMap&) = delete;

  // Null when there is none.
  Pointer Find(absl::string_view key) const {
    const size_t place = PlaceOf(key);
    const auto& branch = branches_[place / kWidth];
    const Shard* shard = branch ? branch->shards[place % kWidth].get() : nullptr;
    if (!shard) return nullptr;
    auto at = LowerBound(*shard, key);
    return at != shard->end() && (*at)->key() == key ? *at : nullptr;
  }

  void Set(Pointer value) {
    Shard& shard = OwnShard(PlaceOf(value->key()));
    auto at = LowerBound(shard, value->key());
    if (at != shard.end() && (*at)->key() == value->key()) {
      shard.begin()[at - shard.begin()] = std::move(value);
    } else {
      shard.insert(at, std::move(value));
    }
  }

  // In no particular order.
  template <class Visit>
  void ForEach(Visit visit) const {
    ForEachChangedSince(CowMap(), visit);
  }

  // Every value that is not the very same in `before`; values are never taken away.
  template <class Visit>
  void ForEachChangedSince(const CowMap& before, Visit visit) const {
    for (size_t i = 0; i < kWidth; ++i) {
      if (!branches_[i] || branches_[i] == before.branches_[i]) continue;
      for (size_t j = 0; j < kWidth; ++j) {
        const auto& shard = branches_[i]->shards[j];
        if (!shard || (before.branches_[i] && shard == before.branches_[i]->shards[j])) continue;
        for (const Pointer& value : *shard) {
          if (before.Find(value->key()) != value) visit(value);
        }
      }
    }
  }

 private:
  using Shard = std::vector<Pointer>;  // by key
  static constexpr size_t kWidth = 32;
  struct Branch {
    std::array<std::shared_ptr<Shard>, kWidth> shards;
  };

  static size_t PlaceOf(absl::string_view key) {
    return absl::Hash<absl::string_view>{}(key) % (kWidth * kWidth);
  }
  static auto LowerBound(const Shard& shard, absl::string_view key) {
    return std::lower_bound(
        shard.begin(), shard.end(), key,
        [](const Pointer& value, absl::string_view wanted) { return value->key() < wanted; });
  }

  template <class Node>
  static Node& Own(std::shared_ptr<Node>& node, bool owned) {
    if (!owned) node = node ? std::make_shared<Node>(*node) : std::make_shared<Node>();
    return *node;
  }

  // The shard, held by nobody else.
  Shard& OwnShard(size_t place) {
    Branch& branch = Own(branches_[place / kWidth], owned_branches_[place / kWidth]);
    owned_branches_[place / kWidth] = true;
    Shard& shard = Own(branch.shards[place % kWidth], owned_shards_[place]);
    owned_shards_[place] = true;
    return shard;
  }

  std::array<std::shared_ptr<Branch>, kWidth> branches_;
  // What only this copy holds, so that it may be changed in place.
  std::bitset<kWidth> owned_branches_;
  std::bitset<kWidth * kWidth> owned_shards_;
};

}  // namespace klynge::goals
