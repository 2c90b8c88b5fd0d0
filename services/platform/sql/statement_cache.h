// The statements a session keeps prepared, by their text; the least recently used goes first.
#pragma once

#include <absl/strings/string_view.h>
#include <absl/types/optional.h>

#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace klynge::sql {

// Not thread-safe, as the session it belongs to. Statements stay at their addresses.
template <class Statement>
class StatementCache {
 public:
  explicit StatementCache(size_t capacity) : capacity_(capacity) {}

  // Null when there is none; otherwise it counts as used just now.
  Statement* Find(const std::string& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return nullptr;
    statements_.splice(statements_.begin(), statements_, found->second);
    return &found->second->second;
  }

  // Takes out what was used longest ago when there is no room for another.
  absl::optional<Statement> MakeRoom() {
    if (statements_.size() < capacity_) return absl::nullopt;
    absl::optional<Statement> oldest(std::move(statements_.back().second));
    places_.erase(statements_.back().first);
    statements_.pop_back();
    return oldest;
  }

  Statement& Add(const std::string& key, Statement statement) {
    statements_.emplace_front(key, std::move(statement));
    places_[key] = statements_.begin();
    return statements_.front().second;
  }

  void Remove(const std::string& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return;
    statements_.erase(found->second);
    places_.erase(found);
  }

  void Clear() {
    places_.clear();
    statements_.clear();
  }

  size_t size() const { return statements_.size(); }

 private:
  using Entry = std::pair<std::string, Statement>;
  const size_t capacity_;
  std::list<Entry> statements_;
  std::unordered_map<std::string, typename std::list<Entry>::iterator> places_;
};

}  // namespace klynge::sql
