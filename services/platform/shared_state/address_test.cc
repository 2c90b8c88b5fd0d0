#include "services/platform/shared_state/address.h"

#include <gmock/gmock.h>

#include "tests/support/status_matchers.h"

namespace klynge::shared_state {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string MistakesIn(const std::string& text) {
  return std::string(ParseAddress(text).status().message());
}

TEST(Address, IsAHostAndAPort) {
  const auto address = ParseAddress("redis.example:6380");
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(ToString(address->endpoints[0]), "redis.example:6380");
  EXPECT_EQ(address->database, 0);
  EXPECT_FALSE(address->through_sentinel());
}

TEST(Address, MayNameADatabase) { EXPECT_EQ(ParseAddress("127.0.0.1:6379/3")->database, 3); }

TEST(Address, MayBeIpv6InBrackets) {
  const auto address = ParseAddress("[::1]:6379");
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(address->endpoints[0].host, "::1");
}

TEST(Address, MayBeAUnixSocket) {
  const auto address = ParseAddress("unix:/run/redis/redis.sock");
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(address->endpoints[0].path, "/run/redis/redis.sock");
}

TEST(Address, MayNameSentinelsAndWhatTheyWatch) {
  const auto address = ParseAddress("sentinel:a:26379,b:26380/klynge/2");
  ASSERT_TRUE(address.ok()) << address.status();
  ASSERT_EQ(address->endpoints.size(), 2u);
  EXPECT_EQ(ToString(address->endpoints[1]), "b:26380");
  EXPECT_EQ(address->primary_name, "klynge");
  EXPECT_EQ(address->database, 2);
}

TEST(Address, IsRefusedWithWhatIsWrong) {
  EXPECT_THAT(MistakesIn("redis"), HasSubstr("\"redis\" needs a port"));
  EXPECT_THAT(MistakesIn("redis:0"), HasSubstr("from 1 to 65535"));
  EXPECT_THAT(MistakesIn("redis:6379/x"), HasSubstr("the database \"x\""));
  EXPECT_THAT(MistakesIn(":6379"), HasSubstr("names no host"));
  EXPECT_THAT(MistakesIn("[::1:6379"), HasSubstr("bracket"));
  EXPECT_THAT(MistakesIn("unix:"), HasSubstr("path"));
  EXPECT_THAT(MistakesIn("sentinel:a:26379"), HasSubstr("primary's name is missing"));
  EXPECT_THAT(MistakesIn("sentinel:a:26379/klynge/1/2"), HasSubstr("too much"));
}

TEST(Address, IsRefusedWithEveryMistakeAtOnce) {
  EXPECT_THAT(MistakesIn("sentinel:a,b:99999"),
              AllOf(HasSubstr("\"a\""), HasSubstr("\"b:99999\""), HasSubstr("name is missing")));
}

}  // namespace
}  // namespace klynge::shared_state
