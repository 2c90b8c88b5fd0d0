#include "services/platform/telemetry/log_writer.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace klynge::telemetry {
namespace {

// So much is worth a system call of its own.
constexpr size_t kBatch = 64 << 10;

}  // namespace

LogWriter::LogWriter(Options options) : options_(std::move(options)) {
  // Signals are for the threads of the program.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { Run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

LogWriter::~LogWriter() {
  if (thread_.joinable()) Stop(absl::InfiniteDuration());
}

void LogWriter::Write(absl::string_view line, bool urgent) {
  MutexLock lock(&mutex_);
  if (stopped_) {
    if (!WriteAll(line)) ++dropped_;
    return;
  }
  if (waiting_.size() + line.size() > options_.most_waiting) {
    ++dropped_;
    return;
  }
  waiting_.append(line.data(), line.size());
  ++waiting_lines_;
  ++given_;
  urgent_ = urgent_ || urgent;
}

void LogWriter::Run() {
  const auto has_lines = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !waiting_.empty();
  };
  const auto in_a_hurry = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || urgent_ || waiting_.size() >= kBatch;
  };
  std::string batch;
  while (true) {
    int64_t lines = 0;
    batch.clear();
    {
      MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&has_lines));
      mutex_.AwaitWithTimeout(absl::Condition(&in_a_hurry), options_.linger);
      if (waiting_.empty() && dropped_ == dropped_told_) {
        stopped_ = true;
        return;
      }
      batch.swap(waiting_);
      lines = waiting_lines_;
      waiting_lines_ = 0;
      urgent_ = false;
      if (dropped_ > dropped_told_) batch += options_.describe_dropped(dropped_ - dropped_told_);
      dropped_told_ = dropped_;
    }
    const bool written = WriteAll(batch);
    MutexLock lock(&mutex_);
    done_ += lines;
    // Not told, as there is nobody to tell: counted only.
    if (!written) dropped_told_ = dropped_ += lines;
  }
}

bool LogWriter::WriteAll(absl::string_view text) const {
  while (!text.empty()) {
    const ssize_t written = write(options_.descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd ready = {options_.descriptor, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

bool LogWriter::Flush(absl::Duration wait) {
  MutexLock lock(&mutex_);
  const int64_t until = given_;
  urgent_ = !waiting_.empty();
  const auto written = [this, until]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return done_ >= until || stopped_;
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&written), wait);
}

bool LogWriter::Stop(absl::Duration wait) {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    if (!mutex_.AwaitWithTimeout(absl::Condition(&stopped_), wait)) {
      thread_.detach();
      return false;
    }
  }
  thread_.join();
  return true;
}

int64_t LogWriter::dropped() const {
  MutexLock lock(&mutex_);
  return dropped_;
}

}  // namespace klynge::telemetry
