// Every key and channel Klynge uses in Redis, made in this one place and explained in README.md.
// The version stands for the form of key and value: a program of another version never reads them.
#pragma once

#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include <string>

namespace klynge::shared_state {

inline constexpr absl::string_view kKeyPrefix = "klynge:v1:";

inline std::string SnapshotKey(absl::string_view name) {
  return absl::StrCat(kKeyPrefix, "snapshot:", name);
}
inline std::string CounterKey(absl::string_view name) {
  return absl::StrCat(kKeyPrefix, "counter:", name);
}
inline std::string AnswerKey(absl::string_view key) {
  return absl::StrCat(kKeyPrefix, "answer:", key);
}

// Channels are the same in all databases of a Redis, so they name theirs: two installations may
// share a Redis by --redis=…/1 and …/2 without hearing each other's revisions.
inline std::string ChannelPrefix(int database) {
  return absl::StrCat(kKeyPrefix, "db", database, ":");
}
inline std::string RevisionChannel(int database, absl::string_view service) {
  return absl::StrCat(ChannelPrefix(database), "revision:", service);
}
inline std::string SnapshotChannel(int database, absl::string_view name) {
  return absl::StrCat(ChannelPrefix(database), "snapshot:", name);
}

}  // namespace klynge::shared_state
