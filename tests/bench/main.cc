// klynge-bench [NAME…]: runs the benchmarks named, or all of them, and prints a table. Run it in
// the project's root; tests/bench/run does, and builds it first. Exit code 1 when an answer was not
// right, whatever the figures.
#include <absl/flags/flag.h>
#include <absl/flags/parse.h>
#include <absl/flags/usage.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/bench/benchmarks.h"

ABSL_FLAG(bool, smoke, false,
          "only see that everything runs and answers rightly; the figures mean nothing");
ABSL_FLAG(int, rounds, 5, "how often the product and its ceiling take turns");
ABSL_FLAG(absl::Duration, run, absl::Seconds(2), "how long each is measured in a round");
ABSL_FLAG(bool, growth, true, "also measure cities of 10 and 100 times the sample");

namespace klynge::bench {
namespace {

struct Benchmark {
  const char* name;
  std::vector<Row> (*run)(const Options&);
};
constexpr Benchmark kBenchmarks[] = {{"rpc_read", RpcRead},
                                     {"rpc_write", RpcWrite},
                                     {"snapshot", Snapshot},
                                     {"import", Import},
                                     {"scale", Scale}};

Options FromFlags() {
  Options options;
  options.rounds = absl::GetFlag(FLAGS_rounds);
  options.run = absl::GetFlag(FLAGS_run);
  options.growth = absl::GetFlag(FLAGS_growth);
  if (!absl::GetFlag(FLAGS_smoke)) return options;
  options.rounds = 1;
  options.run = absl::Milliseconds(200);
  options.goals = 50;
  options.commits = 3;
  options.import_rows = 300;
  options.scale_units = 100;
  options.growth = false;
  return options;
}

bool Known(const std::string& name) {
  for (const Benchmark& benchmark : kBenchmarks) {
    if (name == benchmark.name) return true;
  }
  return false;
}

// Prints one benchmark's table; false when it failed.
bool Print(const Benchmark& benchmark, const Options& options) {
  try {
    const std::string table = Table(benchmark.run(options));
    std::printf("\n%s, %d rounds of %s\n%s", benchmark.name, options.rounds,
                absl::FormatDuration(options.run).c_str(), table.c_str());
    std::fflush(stdout);
    return true;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s: %s\n", benchmark.name, failure.what());
    return false;
  }
}

int Main(int argc, char** argv) {
  absl::SetProgramUsageMessage(
      "klynge-bench [FLAG…] [rpc_read] [rpc_write] [snapshot] [import] [scale]");
  const std::vector<char*> arguments = absl::ParseCommandLine(argc, argv);
  const std::vector<std::string> names(arguments.begin() + 1, arguments.end());
  for (const std::string& name : names) {
    if (Known(name)) continue;
    std::fprintf(stderr, "%s: %s\n", name.c_str(), absl::ProgramUsageMessage().data());
    return 2;
  }
  const Options options = FromFlags();
  for (const Benchmark& benchmark : kBenchmarks) {
    const bool wanted =
        names.empty() || std::find(names.begin(), names.end(), benchmark.name) != names.end();
    if (wanted && !Print(benchmark, options)) return 1;
  }
  return 0;
}

}  // namespace
}  // namespace klynge::bench

int main(int argc, char** argv) { return klynge::bench::Main(argc, argv); }
