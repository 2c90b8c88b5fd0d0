// A map from id to shared, immutable value whose copies are cheap: a copy shares everything, and
// changing one value copies only the shard it lies in. That is how a model of 100,000 goals takes
// one check-in in microseconds while readers go on reading the model before it.
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
  CowMap(const CowMap& other) : shards_(other.shards_) {}
  CowMap& operator=(const CowMap&) = delete;

  // Null when there is none.
  Pointer Find(absl::string_view key) const {
    const auto& shard = shards_[ShardOf(key)];
    if (!shard) return nullptr;
    auto at = LowerBound(*shard, key);
    return at != shard->end() && (*at)->key() == key ? *at : nullptr;
  }

  void Set(Pointer value) {
    const size_t index = ShardOf(value->key());
    auto& shard = shards_[index];
    if (!owned_[index]) {
      shard = shard ? std::make_shared<Shard>(*shard) : std::make_shared<Shard>();
      owned_[index] = true;
    }
    auto at = LowerBound(*shard, value->key());
    if (at != shard->end() && (*at)->key() == value->key()) {
      shard->begin()[at - shard->begin()] = std::move(value);
    } else {
      shard->insert(at, std::move(value));
    }
  }

  // In no particular order.
  template <class Visit>
  void ForEach(Visit visit) const {
    for (const auto& shard : shards_) {
      if (!shard) continue;
      for (const Pointer& value : *shard) visit(value);
    }
  }

  // Every value that is not the very same in `before`; values are never taken away.
  template <class Visit>
  void ForEachChangedSince(const CowMap& before, Visit visit) const {
    for (size_t i = 0; i < kShards; ++i) {
      if (!shards_[i] || shards_[i] == before.shards_[i]) continue;
      for (const Pointer& value : *shards_[i]) {
        if (before.Find(value->key()) != value) visit(value);
      }
    }
  }

 private:
  using Shard = std::vector<Pointer>;  // by key
  static constexpr size_t kShards = 512;

  static size_t ShardOf(absl::string_view key) {
    return absl::Hash<absl::string_view>{}(key) % kShards;
  }
  static auto LowerBound(const Shard& shard, absl::string_view key) {
    return std::lower_bound(
        shard.begin(), shard.end(), key,
        [](const Pointer& value, absl::string_view wanted) { return value->key() < wanted; });
  }

  std::array<std::shared_ptr<Shard>, kShards> shards_;
  // The shards that only this copy holds, so that they may be changed in place.
  std::bitset<kShards> owned_;
};

}  // namespace klynge::goals
