// klynge-bench [--smoke] [NAME…]: runs the benchmarks named, or all of them, and prints a table.
// Run it in the project's root; tests/bench/run does, and builds it first. Exit code 1 when an
// answer was not right, whatever the figures.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/bench/benchmarks.h"

namespace klynge::bench {
namespace {

struct Benchmark {
  const char* name;
  std::vector<Row> (*run)(const Options&);
};
constexpr Benchmark kBenchmarks[] = {
    {"rpc_read", RpcRead}, {"rpc_write", RpcWrite}, {"snapshot", Snapshot}};

// That the programs run, answer rightly and that figures are printed; not how large those are.
Options Smoke() {
  Options options;
  options.rounds = 1;
  options.run = absl::Milliseconds(200);
  options.goals = 50;
  options.commits = 3;
  options.growth = false;
  return options;
}

bool Known(const std::string& name) {
  for (const Benchmark& benchmark : kBenchmarks) {
    if (name == benchmark.name) return true;
  }
  return false;
}

int Main(int argc, char** argv) {
  Options options;
  std::vector<std::string> names;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--smoke") {
      options = Smoke();
    } else if (Known(argument)) {
      names.push_back(argument);
    } else {
      std::fprintf(stderr, "usage: klynge-bench [--smoke] [rpc_read] [rpc_write] [snapshot]\n");
      return 2;
    }
  }
  for (const Benchmark& benchmark : kBenchmarks) {
    if (!names.empty() && std::find(names.begin(), names.end(), benchmark.name) == names.end()) {
      continue;
    }
    try {
      const std::string table = Table(benchmark.run(options));
      std::printf("\n%s, median of %d runs of %s\n%s", benchmark.name, options.rounds,
                  absl::FormatDuration(options.run).c_str(), table.c_str());
      std::fflush(stdout);
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "%s: %s\n", benchmark.name, failure.what());
      return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace klynge::bench

int main(int argc, char** argv) { return klynge::bench::Main(argc, argv); }
