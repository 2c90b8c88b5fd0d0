// For tests of consistency: things that each carry one number, written and read through any replica
// of their service. A reader can so tell what it is shown from what it was promised.
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>

#include "tests/support/cluster.h"

namespace klynge::testing {

// What a read shows.
struct Shown {
  int64_t revision = 0;
  int number = 0;  // 0: the thing is not there
};

// The things of one service at one replica. Thread-safe.
class NumberedThings {
 public:
  virtual ~NumberedThings() = default;
  // Lets thing `thing`, counted from 0, have this number; the revision. Numbers are written in
  // their order, from 1. The same request_id has its effect once.
  virtual absl::StatusOr<int64_t> Write(int thing, int number, const std::string& request_id) = 0;
  // min_revision 0: without a token.
  virtual absl::StatusOr<Shown> Read(int thing, int64_t min_revision) = 0;
};

// Check-ins on goals that PrepareGoals has entered; the number is the value of the latest one.
std::unique_ptr<NumberedThings> NumberedGoals(std::shared_ptr<grpc::Channel> channel);
// Enters an organisation, a framework and so many agreed goals; fails the test when that fails.
void PrepareGoals(const Replica& organisation, const Replica& goals, int things);
// How many check-ins a goal has; 0 when it cannot be asked, which fails the test.
int CountCheckIns(const Replica& goals, int thing);

// Units, imported anew; the number is in their name.
std::unique_ptr<NumberedThings> NumberedUnits(std::shared_ptr<grpc::Channel> channel);
// Venues of courses; the number is that of their seats.
std::unique_ptr<NumberedThings> NumberedVenues(std::shared_ptr<grpc::Channel> channel);
// Instruments; the number is the newest version.
std::unique_ptr<NumberedThings> NumberedInstruments(std::shared_ptr<grpc::Channel> channel);

}  // namespace klynge::testing
