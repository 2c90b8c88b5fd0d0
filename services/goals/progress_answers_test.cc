// GetProgress of days that are not added up at hand: one replica adds up for all.
#include <thread>

#include "services/goals/goals_service_test_support.h"

namespace klynge::goals::testing {
namespace {

using ::klynge::testing::Eventually;
using ::klynge::testing::IsOk;
using Stub = v1::GoalsService::Stub;

constexpr absl::Duration kPatience = absl::Seconds(20);

class ProgressAnswersTest : public GoalsServiceTest {
 protected:
  // One more replica of the service, with a Redis.
  struct Replica {
    Replica(ProgressAnswersTest& test, const std::string& redis)
        : shared_state(shared_state::Options{redis}),
          answers(shared_state, {}),
          service(runtime.runtime(), *test.database_, *test.trees_, test.figures_, answers,
                  test.clock_),
          host(runtime, "goals", {&service}),
          stub(v1::GoalsService::NewStub(host.channel())) {
      EXPECT_TRUE(Eventually(kPatience, [&] { return shared_state.connected(); }));
    }
    v1::GetProgressResponse Progress(const std::string& as_of) {
      grpc::ClientContext context;
      v1::GetProgressRequest request;
      request.set_unit_id("buf");
      request.set_as_of(as_of);
      v1::GetProgressResponse response;
      EXPECT_THAT(rpc::FromGrpc(stub->GetProgress(&context, request, &response)), IsOk());
      return response;
    }

    shared_state::SharedState shared_state;
    shared_state::AnswerCache answers;
    klynge::testing::TestRuntime runtime;
    GoalsService service;
    klynge::testing::ServiceHost host;
    std::unique_ptr<v1::GoalsService::Stub> stub;
  };

  v1::GetProgressResponse Progress(const std::string& as_of) {
    v1::GetProgressRequest request;
    request.set_unit_id("buf");
    request.set_as_of(as_of);
    v1::GetProgressResponse response;
    EXPECT_THAT(Call(&Stub::GetProgress, request, &response), IsOk());
    return response;
  }
};

TEST_F(ProgressAnswersTest, AddsUpOnceForAHundredWhoAskAtTheSameTime) {
  Agreed(NewGoal("a", "kl-vvk-01"));
  const std::string expected = Progress("2024-03-01").DebugString();
  std::atomic<int> right = 0;
  std::vector<std::thread> callers;
  const int64_t before = progress_answers_.counts().computed;
  for (int i = 0; i < 100; ++i) {
    callers.emplace_back([&] {
      grpc::ClientContext context;
      v1::GetProgressRequest request;
      request.set_unit_id("buf");
      request.set_as_of("2024-03-02");
      v1::GetProgressResponse response;
      right += stub_->GetProgress(&context, request, &response).ok() &&
               response.total().states().agreed() == 1;
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(right, 100);
  EXPECT_EQ(progress_answers_.counts().computed, before + 1);
}

TEST_F(ProgressAnswersTest, TakesWhatAnotherReplicaAddedUp) {
  Agreed(NewGoal("a", "kl-vvk-01"));
  klynge::testing::RedisServer redis;
  Replica one(*this, redis.address());
  Replica other(*this, redis.address());
  const auto first = one.Progress("2024-03-01");
  ASSERT_EQ(first.overdue_size(), 1);
  EXPECT_TRUE(Eventually(kPatience, [&] { return other.shared_state.connected(); }));
  ASSERT_TRUE(Eventually(kPatience, [&] { return one.shared_state.counters().commands >= 2; }));
  EXPECT_EQ(other.Progress("2024-03-01").DebugString(), first.DebugString());
  EXPECT_EQ(other.answers.counts().computed, 0);
  EXPECT_EQ(other.answers.counts().shared_hits, 1);
}

TEST_F(ProgressAnswersTest, KeepsTheTitlesOfGoalsOutOfRedis) {
  v1::Goal goal = NewGoal("a", "kl-vvk-01");
  goal.set_title("What cluster leader 7 is to learn");
  Agreed(goal);
  klynge::testing::RedisServer redis;
  Replica replica(*this, redis.address());
  ASSERT_EQ(replica.Progress("2024-03-01").overdue(0).title(), goal.title());
  v1::GetProgressRequest question;
  question.set_unit_id("buf");
  question.set_as_of("2024-03-01");
  question.set_tree_as_of("2024-03-01");
  const std::string name = shared_state::AnswerName(
      "goals", "GetProgress",
      {{"goals", Get("a").revision()}, {"organisation", trees_->Held()->revision()}}, question);
  absl::StatusOr<std::string> stored;
  ASSERT_TRUE(Eventually(kPatience, [&] {
    stored = replica.shared_state.FetchAnswer(name);
    return stored.ok();
  }));
  EXPECT_THAT(*stored, ::testing::HasSubstr("kl-vvk-01"));
  EXPECT_THAT(*stored, ::testing::Not(::testing::HasSubstr("cluster leader 7")));
}

TEST_F(ProgressAnswersTest, IsRightAgainAfterEachChange) {
  klynge::testing::RedisServer redis;
  Agreed(NewGoal("a", "kl-vvk-01"));
  Replica one(*this, redis.address());
  Replica other(*this, redis.address());
  for (int goals = 2; goals < 6; ++goals) {
    Agreed(NewGoal(absl::StrCat("goal-", goals), "kl-vvk-01"));
    const int64_t revision = Get("a").revision();
    one.service.NotifyRevision(revision);
    other.service.NotifyRevision(revision);
    EXPECT_EQ(one.Progress("2024-03-01").total().states().agreed(), goals);
    EXPECT_EQ(other.Progress("2024-03-01").total().states().agreed(), goals);
    EXPECT_EQ(other.Progress("2024-03-01").revision(), revision);
  }
}

}  // namespace
}  // namespace klynge::goals::testing
