#include "services/platform/config/config.h"

#include <gmock/gmock.h>

namespace klynge::config {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

ServiceConfig Good() {
  ServiceConfig config;
  config.service = "goals";
  config.listen = "127.0.0.1:50052";
  config.database = "sqlite:goals.db";
  config.executor_threads = 8;
  config.executor_queue = 100;
  config.database_sessions = 4;
  return config;
}

TEST(Problems, AreNoneOfAGoodConfiguration) { EXPECT_THAT(Problems(Good()), IsEmpty()); }

TEST(Problems, WithoutAuthenticationOnlyLoopbackIsAllowed) {
  for (const char* address : {"0.0.0.0:50052", "10.0.0.1:50052", "[::]:50052"}) {
    ServiceConfig config = Good();
    config.listen = address;
    EXPECT_THAT(Problems(config), Contains(HasSubstr("loopback only"))) << address;
    config.auth = Auth::kMtls;
    config.tls = {"c", "k", "a"};
    EXPECT_THAT(Problems(config), IsEmpty()) << address;
  }
}

TEST(Problems, AreListedAllAtOnce) {
  ServiceConfig config = Good();
  config.database = "mysql://x";
  config.executor_threads = 0;
  config.database_sessions = 1;
  config.peers["organisation"] = "nowhere";
  EXPECT_THAT(Problems(config), SizeIs(4));
}

TEST(IsLoopback, KnowsLoopback) {
  for (const char* address : {"127.0.0.1:1", "127.8.0.1:1", "[::1]:1", "localhost:1", "unix:/x"}) {
    EXPECT_TRUE(IsLoopback(address)) << address;
  }
  EXPECT_FALSE(IsLoopback("localhost.example:1"));
}

}  // namespace
}  // namespace klynge::config
