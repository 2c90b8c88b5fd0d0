// The benchmarks by name. Each measures the product and its ceiling in turn and returns its lines
// of the table; it fails when an answer is not right.
#pragma once

#include <vector>

#include "tests/bench/figures.h"
#include "tests/bench/programs.h"

namespace klynge::bench {

// Reads answered from memory, against a bare echo of the same sizes.
std::vector<Row> RpcRead(const Options& options);
// Small durable writes, against PostgreSQL's own commits.
std::vector<Row> RpcWrite(const Options& options);
// From a commit in organisation to the tree that another service holds.
std::vector<Row> Snapshot(const Options& options);

// An import of many rows, against unnest of the same.
std::vector<Row> Import(const Options& options);
// A city of 20,000 units and 200,000 persons: import, load, reads, memory, and who else sees it.
std::vector<Row> Scale(const Options& options);

}  // namespace klynge::bench
