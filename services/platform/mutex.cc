#include "services/platform/mutex.h"

#if !defined(__SANITIZE_THREAD__)
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace klynge {
namespace {

using Steady = std::chrono::steady_clock;

constexpr auto kSnooze = std::chrono::milliseconds(1);
// Timeouts longer than this are as good as none.
constexpr absl::Duration kLongest = absl::Hours(24 * 365);

struct Alarm {
  absl::Mutex* mutex;
  Steady::time_point at;
  bool rung = false;  // guarded by *mutex
};

// One thread that rings alarms at their time: it takes the waiter's mutex, and when it lets go of
// it abseil looks at the conditions of those who wait.
class AlarmClock {
 public:
  // Never destroyed: other threads wait until the process ends.
  static AlarmClock& Instance() {
    static auto* const clock = new AlarmClock;
    return *clock;
  }

  void Set(Alarm* alarm) {
    const std::lock_guard lock(mutex_);
    alarms_.insert({alarm->at, alarm});
    if (alarms_.begin()->second == alarm) changed_.notify_one();
  }

  // Once it returns the alarm is not touched any more.
  void Cancel(Alarm* alarm) {
    const std::lock_guard lock(mutex_);
    alarms_.erase({alarm->at, alarm});
  }

 private:
  AlarmClock() {
    std::thread([this] { Run(); }).detach();
  }

  void Run() {
    std::unique_lock lock(mutex_);
    while (true) {
      if (alarms_.empty()) {
        changed_.wait(lock);
      } else if (const auto at = alarms_.begin()->first; at > Steady::now()) {
        changed_.wait_until(lock, at);
      } else {
        Ring(alarms_.extract(alarms_.begin()).value().second);
      }
    }
  }

  void Ring(Alarm* alarm) {
    // Those who set and cancel hold the waiter's mutex: to wait for it here would be a deadlock.
    if (alarm->mutex->TryLock()) {
      alarm->rung = true;
      alarm->mutex->Unlock();
    } else {
      alarm->at = Steady::now() + kSnooze;
      alarms_.insert({alarm->at, alarm});
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::pair<Steady::time_point, Alarm*>> alarms_;
};

}  // namespace

bool Mutex::AwaitWithTimeout(const absl::Condition& condition, absl::Duration timeout) {
  const auto wait = absl::ToChronoNanoseconds(std::min(timeout, kLongest));
  Alarm alarm{this, Steady::now() + wait};
  const auto awake = [&] { return alarm.rung || condition.Eval(); };
  if (!awake() && timeout > absl::ZeroDuration()) {
    AlarmClock::Instance().Set(&alarm);
    Await(absl::Condition(&awake));
    AlarmClock::Instance().Cancel(&alarm);
  }
  return condition.Eval();
}

}  // namespace klynge
#endif
