// The answers a process holds itself, the least recently used given up first.
#pragma once

#include <absl/types/optional.h>

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>

namespace klynge::shared_state {

// Bounded by the bytes of names and answers. Not thread-safe.
class AnswerLru {
 public:
  explicit AnswerLru(size_t max_bytes) : max_bytes_(max_bytes) {}

  absl::optional<std::string> Find(const std::string& name) {
    const auto found = places_.find(name);
    if (found == places_.end()) return absl::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->answer;
  }

  // What is larger than the whole bound is not kept.
  void Insert(const std::string& name, std::string answer) {
    Remove(name);
    entries_.push_front({name, std::move(answer)});
    places_[name] = entries_.begin();
    bytes_ += SizeOf(entries_.front());
    while (bytes_ > max_bytes_) Remove(std::string(entries_.back().name));
  }

  size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::string name;
    std::string answer;
  };

  // The name is held twice, and there is a node of the list and one of the map.
  static size_t SizeOf(const Entry& entry) {
    return 2 * entry.name.size() + entry.answer.size() + 128;
  }

  void Remove(const std::string& name) {
    const auto found = places_.find(name);
    if (found == places_.end()) return;
    bytes_ -= SizeOf(*found->second);
    entries_.erase(found->second);
    places_.erase(found);
  }

  const size_t max_bytes_;
  size_t bytes_ = 0;
  std::list<Entry> entries_;  // the most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> places_;
};

}  // namespace klynge::shared_state
