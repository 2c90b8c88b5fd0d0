// What a process knows of itself: for health, metrics and OperationsService.
#pragma once

#include <absl/status/status.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include <atomic>
#include <string>
#include <vector>

#include "services/platform/clock.h"
#include "services/platform/mutex.h"

namespace klynge::operations {

// Something the process needs or uses, as it is at a moment.
struct Dependency {
  std::string name;       // "database", "redis", "organisation"
  bool required = false;  // nothing can be answered without it
  bool available = false;
  absl::Time since = absl::InfinitePast();  // when `available` became what it is
  std::string last_error = "";              // "" = none since the start
  absl::Time last_error_time = absl::InfinitePast();
};

// Thread-safe.
class ProcessState {
 public:
  // `clock` is for times that people read, `steady` measures silence. Both must outlive this.
  ProcessState(const Clock& clock, const Clock& steady);

  // Counts as away until the first report, and again after `most_silence` without one: whoever asks
  // it may hang.
  void AddDependency(const std::string& name, bool required,
                     absl::Duration most_silence = absl::InfiniteDuration());
  // What asking the dependency came to. Of a name that was added.
  void Report(absl::string_view name, const absl::Status& status);
  // In the order in which they were added.
  std::vector<Dependency> dependencies() const;

  // The newest committed revision that this process has heard of.
  void HearOfRevision(int64_t revision);
  int64_t known_revision() const { return known_revision_.load(std::memory_order_relaxed); }

  // The process was told to stop.
  void StartDraining() { draining_ = true; }
  bool draining() const { return draining_; }

  absl::Time started() const { return started_; }
  absl::Duration uptime() const { return steady_.Now() - steady_started_; }

 private:
  struct Entry {
    Dependency state;
    absl::Duration most_silence;
    absl::Time reported;  // by the steady clock
  };
  void Change(Entry& entry, bool available) const;
  void NoteError(Entry& entry, std::string error) const;

  const Clock& clock_;
  const Clock& steady_;
  const absl::Time started_;
  const absl::Time steady_started_;
  std::atomic<int64_t> known_revision_ = 0;
  std::atomic<bool> draining_ = false;
  mutable Mutex mutex_;
  // Silence is noticed by whoever looks.
  mutable std::vector<Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

// True when everything required is available.
bool Ready(const std::vector<Dependency>& dependencies);

// {"ready":false,"draining":false,"missing":[{"dependency":"database","since":"…","error":"…"}],
// "degraded":["redis"]}: `missing` is required and away, `degraded` is away and can be done
// without.
std::string ReadinessJson(const ProcessState& state);

}  // namespace klynge::operations
