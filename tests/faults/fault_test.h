// What tests of faults have in common: services as processes, clients that go on, and what must
// hold of every fault.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/faults/clients.h"
#include "tests/support/cluster.h"
#include "tests/support/processes.h"

namespace klynge::faults {

class FaultTest : public ::testing::Test {
 protected:
  struct Fault {
    std::string name;
    std::string expectation;            // in the words of the table
    std::function<void()> begin;        // breaks it
    std::function<void()> while_there;  // looks at what health says; may take its time
    std::function<void()> end;          // mends it
  };

  // Starts one organisation and `replicas` of goals that know it, with what clients need.
  void Start(testing::Cluster& cluster, int replicas = 2);

  // Runs clients before, during and after the fault. Expects of every fault that clients recover
  // within 30 s, that no answer was older than its token or had a code that says nothing, that each
  // acknowledged write is there exactly once at every replica and at one that begins anew, that
  // health says so when all is well again, and that no process ended or grew without measure.
  Seen Suffer(const Fault& fault);

  // Expects that nothing but OK and errors of this code were seen, and some of these.
  static void ExpectErrors(const Seen& seen, const std::string& code);
  // Expects that the replica comes to say so, within 30 s. `name` as in Replica::Serving.
  static void ExpectHealth(const testing::Replica& replica, const std::string& name, bool serving);
  // Expects that health says "serving" of the replica for a while, whatever is broken beside it.
  static void ExpectToServeFor(const testing::Replica& replica, absl::Duration time);

  testing::Replica& organisation() { return *organisation_; }
  const std::vector<testing::Replica*>& goals() const { return goals_; }

 private:
  struct Size {
    int64_t bytes = 0;
    int files = 0;
  };

  std::vector<Size> Sizes() const;
  void ExpectAllWell(const std::vector<Size>& before);

  testing::Cluster* cluster_ = nullptr;
  testing::Replica* organisation_ = nullptr;
  std::vector<testing::Replica*> goals_;
};

}  // namespace klynge::faults
