// Writes lines to a file descriptor, many at once, from a thread of its own, so that whoever has
// something to say does not wait for whoever reads.
#pragma once

#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include <functional>
#include <string>
#include <thread>

#include "services/platform/mutex.h"

namespace klynge::telemetry {

// Thread-safe.
class LogWriter {
 public:
  struct Options {
    int descriptor = 2;
    // Bytes that may wait; lines beyond them are dropped.
    size_t most_waiting = 4 << 20;
    // How long a line may wait for others to be written with it.
    absl::Duration linger = absl::Milliseconds(20);
    // The line that tells how many lines were dropped, with its newline.
    std::function<std::string(int64_t)> describe_dropped;
  };

  explicit LogWriter(Options options);
  // Writes what waits, however long that takes.
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  // `line` ends with a newline. An urgent one does not linger. After Stop the line is written at
  // once.
  void Write(absl::string_view line, bool urgent);

  // Waits until everything given before has been written or given up; false when `wait` has passed.
  bool Flush(absl::Duration wait);

  // Writes what waits and ends the thread; false when that took longer than `wait`, and the thread
  // is left to itself: this object must live on then. For the end of the process.
  bool Stop(absl::Duration wait);

  // Lines not written: too many waited, or the descriptor failed.
  int64_t dropped() const;

 private:
  void Run();
  // Writes all of `text`, or false.
  bool WriteAll(absl::string_view text) const;

  const Options options_;
  mutable Mutex mutex_;
  std::string waiting_ ABSL_GUARDED_BY(mutex_);
  int64_t waiting_lines_ ABSL_GUARDED_BY(mutex_) = 0;
  bool urgent_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t given_ ABSL_GUARDED_BY(mutex_) = 0;  // lines taken over from callers …
  int64_t done_ ABSL_GUARDED_BY(mutex_) = 0;   // … and written or given up
  int64_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t dropped_told_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace klynge::telemetry
