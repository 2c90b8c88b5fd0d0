// The programs a benchmark starts, and how it calls them.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "tests/support/cluster.h"

namespace klynge::bench {

// A program of the folder that this one is in.
std::string ProgramPath(const std::string& name);

// A channel with a connection of its own.
std::shared_ptr<grpc::Channel> OwnChannel(const std::string& address);

// Starts a service as it runs in production: metrics on a port of their own, logs written. Fails
// when it does not serve.
testing::Replica& StartService(testing::Cluster& cluster, const std::string& service);

// What every benchmark is told.
struct Options {
  int rounds = 5;
  absl::Duration run = absl::Seconds(2);  // how long each load is measured
  int goals = 2'000;                      // that rpc_write checks in on
  int commits = 20;                       // that snapshot follows, each round
  int import_rows = 10'000;               // of one import
  int scale_units = 20'000;               // and ten times as many persons, in scale
  bool growth = true;                     // the lines at ×10 and ×100 too
};

}  // namespace klynge::bench
