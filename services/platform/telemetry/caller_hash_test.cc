#include "services/platform/telemetry/caller_hash.h"

#include <gtest/gtest.h>

namespace klynge::telemetry {
namespace {

// The expected values are what the commands in the header print.
TEST(CallerHash, IsWhatSha256sumSays) {
  EXPECT_EQ(CallerHash("spiffe://klynge/courses"), "785019f3ea0913af");
}

TEST(CallerHash, TellsCallersApart) {
  const std::string goals = CallerHash("spiffe://klynge/goals");
  EXPECT_NE(CallerHash("spiffe://klynge/courses"), goals);
  EXPECT_EQ(CallerHash("spiffe://klynge/goals"), goals);
}

class CallerHashDeathTest : public ::testing::Test {
 protected:
  CallerHashDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// In a process of its own, as the key is set once for a process.
TEST_F(CallerHashDeathTest, WithAKeyIsWhatOpensslSays) {
  EXPECT_EXIT(
      {
        SetCallerHashKey("geheim");
        fprintf(stderr, "%s", CallerHash("spiffe://klynge/courses").c_str());
        std::exit(0);
      },
      ::testing::ExitedWithCode(0), "^2e6ab88731258e10$");
}

}  // namespace
}  // namespace klynge::telemetry
