#include "services/platform/operations/log_level_control.h"

#include <gtest/gtest.h>

namespace klynge::operations {
namespace {

using telemetry::Level;

class LogLevelControlTest : public ::testing::Test {
 protected:
  LogLevelControlTest() { telemetry::SetLogLevel(Level::kInfo); }
  ~LogLevelControlTest() override { telemetry::SetLogLevel(Level::kInfo); }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  FakeClock steady_{absl::UnixEpoch()};
  LogLevelControl control_{Level::kInfo, clock_, steady_};
};

TEST_F(LogLevelControlTest, ChangesWhatIsLogged) {
  EXPECT_EQ(control_.Set(Level::kDebug, absl::nullopt).level, Level::kInfo);
  EXPECT_EQ(telemetry::LogLevel(), Level::kDebug);
  EXPECT_EQ(control_.state().expires, absl::nullopt);
  steady_.Advance(absl::Hours(1000));
  control_.Tick();
  EXPECT_EQ(telemetry::LogLevel(), Level::kDebug);
}

TEST_F(LogLevelControlTest, GoesBackByItself) {
  control_.Set(Level::kDebug, absl::Minutes(5));
  EXPECT_EQ(control_.state().expires, clock_.Now() + absl::Minutes(5));
  steady_.Advance(absl::Minutes(5) - absl::Nanoseconds(1));
  control_.Tick();
  EXPECT_EQ(telemetry::LogLevel(), Level::kDebug);
  steady_.Advance(absl::Nanoseconds(1));
  control_.Tick();
  EXPECT_EQ(telemetry::LogLevel(), Level::kInfo);
  EXPECT_EQ(control_.state().level, Level::kInfo);
  EXPECT_EQ(control_.state().expires, absl::nullopt);
}

TEST_F(LogLevelControlTest, ForgetsAnEarlierTimeWhenSetAgain) {
  control_.Set(Level::kDebug, absl::Minutes(1));
  EXPECT_EQ(control_.Set(Level::kWarning, absl::Minutes(10)).level, Level::kDebug);
  steady_.Advance(absl::Minutes(2));
  control_.Tick();
  EXPECT_EQ(telemetry::LogLevel(), Level::kWarning);
}

}  // namespace
}  // namespace klynge::operations
