// A wall clock that is stepped while services run, as when a machine wakes up or its time is set
// right.
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include "services/platform/rpc/runtime.h"
#include "tests/faults/city.h"
#include "tests/faults/fault_test.h"
#include "tests/support/stepped_clock.h"

namespace klynge::faults {
namespace {

using goals::v1::GoalsService;
using klynge::testing::Cluster;
using klynge::testing::Eventually;
using klynge::testing::Replica;

class ClockFault : public FaultTest {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the sanitizers take no other library before their own";
#endif
    // Without Redis, so that what is done every second is all that a replica has.
    cluster_.StartWith(clock_.Prefix());
    ASSERT_NO_FATAL_FAILURE(Start(cluster_));
    bystander_ = &cluster_.Start("goals");
    ExpectBystanderToSee(1);
  }

  // Records dissents, which no client counts, until one was recorded at this distance from the true
  // time: abseil takes up to two seconds to notice that the clock was stepped.
  goals::v1::RecordDissentResponse DissentRecordedAt(absl::Duration step) {
    goals::v1::RecordDissentRequest request;
    request.set_goal_id(GoalOf(WriterName(0)));
    request.mutable_dissent()->set_role("pedagogical_leader");
    request.mutable_dissent()->set_voiced_on("2022-03-01");
    request.mutable_dissent()->set_note("Vi er ikke enige");
    goals::v1::RecordDissentResponse response;
    const auto stub = GoalsService::NewStub(goals()[0]->channel());
    EXPECT_TRUE(Eventually(absl::Seconds(30), [&] {
      grpc::ClientContext context;
      context.set_deadline(absl::ToChronoTime(absl::Now() + Clients::kDeadline));
      if (!stub->RecordDissent(&context, request, &response).ok()) return false;
      const auto& last = *response.goal().dissents().rbegin();
      const absl::Time recorded = absl::FromUnixSeconds(last.recorded_at().seconds());
      return absl::AbsDuration(recorded - absl::Now() - step) < absl::Minutes(5);
    }));
    return response;
  }

  // A replica that nobody writes to and nobody shows a token must come to see it by itself.
  void ExpectBystanderToSee(int64_t revision) {
    const auto stub = GoalsService::NewStub(bystander_->channel());
    EXPECT_TRUE(Eventually(absl::Seconds(15), [&] {
      grpc::ClientContext context;
      context.set_deadline(absl::ToChronoTime(absl::Now() + Clients::kDeadline));
      goals::v1::GetGoalRequest request;
      request.set_goal_id(GoalOf(WriterName(0)));
      goals::v1::GetGoalResponse response;
      return stub->GetGoal(&context, request, &response).ok() && response.revision() >= revision;
    })) << "no longer looks for new revisions every second";
  }

  void Suffer(const std::string& fault, absl::Duration step) {
    const Seen seen = FaultTest::Suffer(
        {fault,
         "every answer OK but for DEADLINE_EXCEEDED until abseil's clock has followed (2 s); what "
         "is done every second goes on; the service SERVING",
         [&] { clock_.Step(step); },
         [&] {
           ExpectBystanderToSee(DissentRecordedAt(step).revision());
           for (const Replica* replica : goals()) {
             ExpectToServeFor(*replica, absl::Milliseconds(500));
           }
         },
         [&] { clock_.Step(absl::ZeroDuration()); }});
    ExpectErrors(seen, "DEADLINE_EXCEEDED");
    ExpectBystanderToSee(DissentRecordedAt(absl::ZeroDuration()).revision());
  }

 private:
  klynge::testing::SteppedClock clock_;
  Cluster cluster_{"none"};
  Replica* bystander_ = nullptr;
};

TEST_F(ClockFault, IsNotNoticedWhenTheClockIsSetForward) {
  Suffer("Wall clock stepped one hour forwards, then back", absl::Hours(1));
}

TEST_F(ClockFault, IsNotNoticedWhenTheClockIsSetBack) {
  Suffer("Wall clock stepped one hour back, then forwards", -absl::Hours(1));
}

}  // namespace
}  // namespace klynge::faults
