#include "services/platform/operations/process_state.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "services/platform/telemetry/log.h"

namespace klynge::operations {

ProcessState::ProcessState(const Clock& clock, const Clock& steady)
    : clock_(clock), steady_(steady), started_(clock.Now()), steady_started_(steady.Now()) {}

void ProcessState::AddDependency(const std::string& name, bool required,
                                 absl::Duration most_silence) {
  MutexLock lock(&mutex_);
  Dependency state{.name = name, .required = required, .since = clock_.Now()};
  entries_.push_back({std::move(state), most_silence, steady_.Now()});
}

void ProcessState::Change(Entry& entry, bool available) const {
  if (entry.state.available == available) return;
  entry.state.available = available;
  entry.state.since = clock_.Now();
}

void ProcessState::NoteError(Entry& entry, std::string error) const {
  entry.state.last_error = std::move(error);
  entry.state.last_error_time = clock_.Now();
}

void ProcessState::Report(absl::string_view name, const absl::Status& status) {
  MutexLock lock(&mutex_);
  for (Entry& entry : entries_) {
    if (entry.state.name != name) continue;
    entry.reported = steady_.Now();
    Change(entry, status.ok());
    if (!status.ok()) NoteError(entry, std::string(status.message()));
  }
}

std::vector<Dependency> ProcessState::dependencies() const {
  MutexLock lock(&mutex_);
  std::vector<Dependency> states;
  for (Entry& entry : entries_) {
    const absl::Duration silent = steady_.Now() - entry.reported;
    if (silent > entry.most_silence) {
      Change(entry, false);
      NoteError(entry, absl::StrCat("has not answered for ", absl::ToInt64Seconds(silent), " s"));
    }
    states.push_back(entry.state);
  }
  return states;
}

void ProcessState::HearOfRevision(int64_t revision) {
  int64_t known = known_revision_.load(std::memory_order_relaxed);
  while (known < revision && !known_revision_.compare_exchange_weak(known, revision)) {
  }
}

bool Ready(const std::vector<Dependency>& dependencies) {
  return std::all_of(dependencies.begin(), dependencies.end(),
                     [](const Dependency& one) { return one.available || !one.required; });
}

std::string ReadinessJson(const ProcessState& state) {
  const auto dependencies = state.dependencies();
  std::string missing, degraded;
  for (const Dependency& one : dependencies) {
    if (one.available) continue;
    if (!one.required) {
      absl::StrAppend(&degraded, degraded.empty() ? "" : ",", "\"", one.name, "\"");
      continue;
    }
    absl::StrAppend(&missing, missing.empty() ? "" : ",", "{\"dependency\":\"", one.name,
                    "\",\"since\":\"",
                    absl::FormatTime(absl::RFC3339_sec, one.since, absl::UTCTimeZone()),
                    "\",\"error\":\"", telemetry::JsonEscape(one.last_error), "\"}");
  }
  const bool ready = Ready(dependencies) && !state.draining();
  return absl::StrCat("{\"ready\":", ready ? "true" : "false",
                      ",\"draining\":", state.draining() ? "true" : "false", ",\"missing\":[",
                      missing, "],\"degraded\":[", degraded, "]}\n");
}

}  // namespace klynge::operations
