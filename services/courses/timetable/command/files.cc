#include "services/courses/timetable/command/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace klynge::courses::timetable {

namespace {

constexpr size_t kMostBytes = 64 << 20;

absl::Status Failed(absl::string_view what, const std::string& path) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": cannot be ", what, ": ", std::strerror(errno)));
}

// Where `path` leads, so that a symbolic link stays one.
std::string Target(const std::string& path) {
  char resolved[PATH_MAX];
  return realpath(path.c_str(), resolved) != nullptr ? resolved : path;
}

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Whether there is something at `path` that cannot be replaced by a file.
bool IsSpecial(const std::string& path) {
  struct stat there;
  return stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode);
}

// What a new file's permissions are: those of the file it replaces, or as the process makes files.
mode_t ModeFor(const std::string& path) {
  struct stat there;
  if (stat(path.c_str(), &there) == 0) return there.st_mode & 07777;
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

bool WriteAll(int fd, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

absl::Status WriteDirectly(const std::string& path, absl::string_view text) {
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return Failed("written", path);
  const auto closer = absl::MakeCleanup([fd] { close(fd); });
  return WriteAll(fd, text) ? absl::OkStatus() : Failed("written", path);
}

}  // namespace

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Failed("read", path);
  const auto closer = absl::MakeCleanup([fd] { close(fd); });
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    const ssize_t size = read(fd, buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Failed("read", path);
    if (size == 0) return text;
    text.append(buffer, static_cast<size_t>(size));
    if (text.size() > kMostBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": has more than ", kMostBytes >> 20, " MB"));
    }
  }
}

absl::Status CheckCanWrite(const std::string& path) {
  const std::string target = Target(path);
  struct stat there;
  if (stat(target.c_str(), &there) == 0 && S_ISDIR(there.st_mode)) {
    errno = EISDIR;
    return Failed("written", path);
  }
  const std::string asked = IsSpecial(target) ? target : DirectoryOf(target);
  return access(asked.c_str(), W_OK) == 0 ? absl::OkStatus() : Failed("written", path);
}

absl::Status WriteWholeFile(const std::string& path, absl::string_view text) {
  const std::string target = Target(path);
  if (IsSpecial(target)) return WriteDirectly(target, text);
  std::string beside = absl::StrCat(target, ".XXXXXX");
  const int fd = mkostemp(beside.data(), O_CLOEXEC);
  if (fd < 0) return Failed("written", path);
  bool written = fchmod(fd, ModeFor(target)) == 0 && WriteAll(fd, text) && fsync(fd) == 0;
  // Some file systems tell only at the end that there is no room.
  written = close(fd) == 0 && written;
  if (written && std::rename(beside.c_str(), target.c_str()) == 0) return absl::OkStatus();
  const absl::Status status = Failed("written", path);
  unlink(beside.c_str());
  return status;
}

}  // namespace klynge::courses::timetable
