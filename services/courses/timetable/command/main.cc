// klynge-timetable: solves, scores, improves and repairs course timetables.
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>

#include "services/courses/timetable/command/run.h"

namespace {

std::atomic<bool> interrupted{false};

// The first signal ends the search, a second one the process.
void Interrupt(int signal) {
  interrupted = true;
  std::signal(signal, SIG_DFL);
}

void WriteTo(std::FILE* file, absl::string_view text) {
  std::fwrite(text.data(), 1, text.size(), file);
  std::fflush(file);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGINT, Interrupt);
  std::signal(SIGTERM, Interrupt);
  return klynge::courses::timetable::Run(
      {argv + 1, argv + argc}, {.out = [](absl::string_view text) { WriteTo(stdout, text); },
                                .err = [](absl::string_view text) { WriteTo(stderr, text); },
                                .err_is_terminal = isatty(STDERR_FILENO) != 0,
                                .cancelled = [] { return interrupted.load(); }});
}
