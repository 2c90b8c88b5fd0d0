#include "services/platform/operations/log_level_control.h"

namespace klynge::operations {

LogLevelControl::LogLevelControl(telemetry::Level configured, const Clock& clock,
                                 const Clock& steady)
    : configured_(configured), clock_(clock), steady_(steady), state_{configured, absl::nullopt} {}

LogLevelControl::State LogLevelControl::state() const {
  MutexLock lock(&mutex_);
  return state_;
}

LogLevelControl::State LogLevelControl::Set(telemetry::Level level,
                                            absl::optional<absl::Duration> duration) {
  MutexLock lock(&mutex_);
  const State before = state_;
  state_ = {level, absl::nullopt};
  back_ = absl::InfiniteFuture();
  if (duration) {
    state_.expires = clock_.Now() + *duration;
    back_ = steady_.Now() + *duration;
  }
  telemetry::SetLogLevel(level);
  return before;
}

void LogLevelControl::Tick() {
  MutexLock lock(&mutex_);
  if (steady_.Now() < back_) return;
  back_ = absl::InfiniteFuture();
  state_ = {configured_, absl::nullopt};
  telemetry::SetLogLevel(configured_);
  telemetry::Log(telemetry::Level::kWarning, "log level is back",
                 {{"log_level", telemetry::LevelName(configured_)}});
}

}  // namespace klynge::operations
