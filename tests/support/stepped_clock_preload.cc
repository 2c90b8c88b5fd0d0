// Loaded into a program under test by LD_PRELOAD: the wall clock is off by as many nanoseconds as
// the first eight bytes of the file $TEST_CLOCK_OFFSET say, and follows when they change. The
// monotonic clock stays as it is.
//
// libfaketime does not do here: abseil's waits with a deadline are futex calls by the wall clock,
// which it lets through, so that under it they wait for the hour by which the clock was stepped. A
// kernel whose clock is stepped looks at such deadlines anew, and so does this.
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

constexpr int64_t kSecond = 1'000'000'000;
// How often one who waits looks whether the clock was stepped.
constexpr int64_t kLook = kSecond / 20;

template <class Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

const std::atomic<int64_t>* MapOffset() {
  static const std::atomic<int64_t> zero = 0;
  const char* path = std::getenv("TEST_CLOCK_OFFSET");
  const int fd = path == nullptr ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return &zero;
  void* mapped = mmap(nullptr, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
  close(fd);
  return mapped == MAP_FAILED ? &zero : static_cast<const std::atomic<int64_t>*>(mapped);
}

int64_t Offset() {
  static const std::atomic<int64_t>* const offset = MapOffset();
  return offset->load(std::memory_order_relaxed);
}

int RealClock(clockid_t clock, timespec* time) {
  static auto* const real = Next<int(clockid_t, timespec*)>("clock_gettime");
  return real(clock, time);
}

int64_t Nanoseconds(const timespec& time) { return time.tv_sec * kSecond + time.tv_nsec; }
timespec Timespec(int64_t nanoseconds) {
  return {static_cast<time_t>(nanoseconds / kSecond), static_cast<long>(nanoseconds % kSecond)};
}

int64_t SteppedNow() {
  timespec now;
  RealClock(CLOCK_REALTIME, &now);
  return Nanoseconds(now) + Offset();
}

long RealSyscall(long number, const long (&a)[6]) {
  static auto* const real = Next<long(long, ...)>("syscall");
  return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

// Waits in short pieces, so that a step of the clock moves the deadline at once.
long WaitByWallClock(long (&a)[6]) {
  const int64_t deadline = Nanoseconds(*reinterpret_cast<const timespec*>(a[3]));
  while (true) {
    const int64_t now = SteppedNow();
    if (now >= deadline) {
      errno = ETIMEDOUT;
      return -1;
    }
    const timespec until = Timespec(std::min(now + kLook, deadline) - Offset());
    a[3] = reinterpret_cast<long>(&until);
    const long result = RealSyscall(SYS_futex, a);
    if (result == 0 || errno != ETIMEDOUT) return result;
  }
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) {
  const int result = RealClock(clock, time);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    *time = Timespec(Nanoseconds(*time) + Offset());
  }
  return result;
}

int gettimeofday(timeval* time, void*) {
  const int64_t now = SteppedNow();
  *time = {static_cast<time_t>(now / kSecond), static_cast<suseconds_t>(now % kSecond / 1000)};
  return 0;
}

time_t time(time_t* result) {
  const auto now = static_cast<time_t>(SteppedNow() / kSecond);
  if (result != nullptr) *result = now;
  return now;
}

long syscall(long number, ...) {
  long arguments[6];
  va_list list;
  va_start(list, number);
  for (long& argument : arguments) argument = va_arg(list, long);
  va_end(list);
  const bool by_wall_clock =
      number == SYS_futex && arguments[3] != 0 && (arguments[1] & FUTEX_CLOCK_REALTIME) != 0;
  return by_wall_clock ? WaitByWallClock(arguments) : RealSyscall(number, arguments);
}

}  // extern "C"
