#include "tests/faults/fault_test.h"

#include <absl/strings/match.h>
#include <gmock/gmock.h>

#include <iostream>

#include "tests/faults/city.h"
#include "tests/faults/table.h"

namespace klynge::faults {
namespace {

using klynge::testing::Cluster;
using klynge::testing::Eventually;
using klynge::testing::Replica;
using ::testing::IsEmpty;

constexpr absl::Duration kPatience = absl::Seconds(30);
// Far more than a sound process gains in seconds, far less than one that keeps what fails.
// The sanitizers keep what was freed.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int64_t kMoreBytes = int64_t{2} << 30;
#else
constexpr int64_t kMoreBytes = 256 << 20;
#endif
constexpr int kMoreFiles = 64;

}  // namespace

void FaultTest::Start(Cluster& cluster, int replicas) {
  cluster_ = &cluster;
  organisation_ = &cluster.Start("organisation");
  for (int n = 0; n < replicas; ++n) goals_.push_back(&cluster.Start("goals"));
  ASSERT_NO_FATAL_FAILURE(PrepareCity(*organisation_, *goals_[0], Clients::kWriters));
}

Seen FaultTest::Suffer(const Fault& fault) {
  Clients clients(goals_);
  EXPECT_TRUE(clients.Recover(kPatience)) << "clients got no answers before the fault";
  const std::vector<Size> before = Sizes();
  clients.BeginFault();
  fault.begin();
  fault.while_there();
  fault.end();
  clients.EndFault();
  EXPECT_TRUE(clients.Recover(kPatience)) << "clients got no answers 30 s after the fault";
  ExpectAllWell(before);
  clients.Stop();
  EXPECT_THAT(clients.Wrongs(), IsEmpty());
  for (const Replica* replica : goals_) EXPECT_THAT(clients.LostOrDouble(*replica), IsEmpty());
  const Seen seen = clients.SeenDuringFault();
  std::cout << fault.name << ": " << seen.AnswersToString() << "; slowest " << Shown(seen.slowest)
            << "; recovered after " << Shown(seen.recovery) << "; " << clients.acknowledged()
            << " writes acknowledged\n";
  // Not from memory: one that has just been started.
  goals_.back()->Kill();
  goals_.back()->Start();
  EXPECT_THAT(clients.LostOrDouble(*goals_.back()), IsEmpty());
  if (HasFailure()) std::cout << cluster_->Logs();
  ReportRow({fault.name, fault.expectation, seen, clients.acknowledged()});
  return seen;
}

void FaultTest::ExpectErrors(const Seen& seen, const std::string& code) {
  EXPECT_GT(seen.Failures(), 0);
  for (const auto& [answer, count] : seen.answers) {
    EXPECT_TRUE(answer == "OK" || absl::StartsWith(answer, code + " ")) << count << " " << answer;
  }
}

void FaultTest::ExpectHealth(const Replica& replica, const std::string& name, bool serving) {
  EXPECT_TRUE(Eventually(kPatience, [&] { return replica.Serving(name) == serving; }))
      << replica.address() << " says of \"" << name << "\" that it is "
      << (serving ? "not serving" : "serving");
}

void FaultTest::ExpectToServeFor(const Replica& replica, absl::Duration time) {
  EXPECT_FALSE(
      Eventually(time, [&] { return !replica.Serving() || !replica.Serving(Replica::kLiveness); }))
      << replica.address() << " says that it does not serve";
}

std::vector<FaultTest::Size> FaultTest::Sizes() const {
  std::vector<Size> sizes;
  for (const Replica* replica : goals_) {
    sizes.push_back({replica->ResidentBytes(), replica->OpenFiles()});
  }
  return sizes;
}

void FaultTest::ExpectAllWell(const std::vector<Size>& before) {
  for (const auto& replica : cluster_->replicas()) {
    EXPECT_TRUE(replica->running()) << replica->address() << " has ended";
    for (const char* name : {"", Replica::kDatabase, Replica::kLiveness}) {
      ExpectHealth(*replica, name, true);
    }
  }
  const std::vector<Size> after = Sizes();
  for (size_t i = 0; i < after.size(); ++i) {
    EXPECT_LT(after[i].bytes, before[i].bytes + kMoreBytes) << goals_[i]->address();
    EXPECT_LT(after[i].files, before[i].files + kMoreFiles) << goals_[i]->address();
  }
}

}  // namespace klynge::faults
