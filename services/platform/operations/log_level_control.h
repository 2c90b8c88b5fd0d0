// The level that is logged, changed while the process runs and, if so wished, back again by itself.
#pragma once

#include <absl/time/time.h>
#include <absl/types/optional.h>

#include "services/platform/clock.h"
#include "services/platform/mutex.h"
#include "services/platform/telemetry/log.h"

namespace klynge::operations {

// One for a process. Thread-safe.
class LogLevelControl {
 public:
  struct State {
    telemetry::Level level;
    absl::optional<absl::Time> expires;  // by `clock`
  };

  // `clock` is for times that people read, `steady` measures the time. Both must outlive this.
  LogLevelControl(telemetry::Level configured, const Clock& clock, const Clock& steady);

  telemetry::Level configured() const { return configured_; }
  State state() const;
  // Without a duration the level stays. Returns what it was before.
  State Set(telemetry::Level level, absl::optional<absl::Duration> duration);
  // Goes back to the configured level when the time has come; called every second.
  void Tick();

 private:
  const telemetry::Level configured_;
  const Clock& clock_;
  const Clock& steady_;
  mutable Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_);
  absl::Time back_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();  // by the steady clock
};

}  // namespace klynge::operations
