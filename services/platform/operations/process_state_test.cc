#include "services/platform/operations/process_state.h"

#include <gmock/gmock.h>

namespace klynge::operations {
namespace {

using ::testing::HasSubstr;

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

class ProcessStateTest : public ::testing::Test {
 protected:
  ProcessStateTest() {
    state_.AddDependency("database", /*required=*/true, absl::Seconds(3));
    state_.AddDependency("redis", /*required=*/false);
  }
  Dependency State(size_t place) const { return state_.dependencies()[place]; }
  void Pass(absl::Duration time) {
    clock_.Advance(time);
    steady_.Advance(time);
  }

  FakeClock clock_{kStart};
  FakeClock steady_{absl::UnixEpoch()};
  ProcessState state_{clock_, steady_};
};

TEST_F(ProcessStateTest, KnowsNothingAvailableBeforeItIsTold) {
  EXPECT_FALSE(State(0).available);
  EXPECT_FALSE(Ready(state_.dependencies()));
}

TEST_F(ProcessStateTest, IsReadyWithWhatIsRequired) {
  state_.Report("database", absl::OkStatus());
  EXPECT_TRUE(Ready(state_.dependencies()));
  state_.Report("database", absl::UnavailableError("gone"));
  EXPECT_FALSE(Ready(state_.dependencies()));
}

TEST_F(ProcessStateTest, KeepsSinceWhenAndTheLastError) {
  Pass(absl::Seconds(1));
  state_.Report("redis", absl::OkStatus());
  Pass(absl::Seconds(1));
  state_.Report("redis", absl::OkStatus());
  EXPECT_EQ(State(1).since, kStart + absl::Seconds(1));
  Pass(absl::Seconds(1));
  state_.Report("redis", absl::UnavailableError("refused"));
  Pass(absl::Seconds(1));
  state_.Report("redis", absl::OkStatus());
  EXPECT_TRUE(State(1).available);
  EXPECT_EQ(State(1).since, kStart + absl::Seconds(4));
  EXPECT_EQ(State(1).last_error, "refused");
  EXPECT_EQ(State(1).last_error_time, kStart + absl::Seconds(3));
}

TEST_F(ProcessStateTest, TakesLongSilenceForAbsence) {
  state_.Report("database", absl::OkStatus());
  Pass(absl::Seconds(3));
  EXPECT_TRUE(State(0).available);
  Pass(absl::Seconds(1));
  EXPECT_FALSE(State(0).available);
  EXPECT_EQ(State(0).last_error, "has not answered for 4 s");
  state_.Report("database", absl::OkStatus());
  EXPECT_TRUE(State(0).available);
}

TEST_F(ProcessStateTest, DoesNotMindASteppedClock) {
  state_.Report("database", absl::OkStatus());
  clock_.Advance(absl::Hours(24));
  EXPECT_TRUE(State(0).available);
  EXPECT_EQ(state_.uptime(), absl::ZeroDuration());
}

TEST_F(ProcessStateTest, RemembersTheNewestRevision) {
  state_.HearOfRevision(7);
  state_.HearOfRevision(5);
  EXPECT_EQ(state_.known_revision(), 7);
}

TEST_F(ProcessStateTest, TellsInJsonWhatIsMissing) {
  state_.Report("database", absl::UnavailableError("say \"no\""));
  EXPECT_EQ(ReadinessJson(state_),
            "{\"ready\":false,\"draining\":false,\"missing\":[{\"dependency\":\"database\","
            "\"since\":\"2023-11-14T22:13:20+00:00\",\"error\":\"say \\\"no\\\"\"}],"
            "\"degraded\":[\"redis\"]}\n");
}

TEST_F(ProcessStateTest, IsNotReadyWhileItDrains) {
  state_.Report("database", absl::OkStatus());
  EXPECT_THAT(ReadinessJson(state_), HasSubstr("\"ready\":true,\"draining\":false"));
  state_.StartDraining();
  EXPECT_THAT(ReadinessJson(state_), HasSubstr("\"ready\":false,\"draining\":true"));
}

}  // namespace
}  // namespace klynge::operations
