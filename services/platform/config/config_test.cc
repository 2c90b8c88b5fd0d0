#include "services/platform/config/config.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/processes.h"

namespace klynge::config {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ServiceDescription Goals() {
  return {.service = "goals",
          .purpose = "Keeps goals.",
          .port = 50052,
          .metrics_port = 9092,
          .peers = {"organisation"}};
}

std::vector<std::string> ProblemsOf(const std::vector<std::string>& arguments) {
  std::vector<std::string> problems;
  Parse(arguments, {}, Goals(), &problems);
  return problems;
}

ServiceConfig Good(std::vector<std::string> arguments) {
  arguments.push_back("--database=sqlite:goals.db");
  std::vector<std::string> problems;
  ServiceConfig config = Parse(arguments, {}, Goals(), &problems);
  EXPECT_THAT(problems, IsEmpty());
  return config;
}

TEST(Parse, NeedsADatabaseAndNothingElse) {
  EXPECT_THAT(ProblemsOf({}), ElementsAre(HasSubstr("--database is required")));
  const ServiceConfig config = Good({});
  EXPECT_EQ(config.listen, "127.0.0.1:50052");
  EXPECT_EQ(config.metrics_listen, "127.0.0.1:9092");
  EXPECT_EQ(config.health_listen, "");
  EXPECT_EQ(config.redis.address, "127.0.0.1:6379");
  EXPECT_EQ(config.peers.at("organisation"), "127.0.0.1:50051");
  EXPECT_EQ(config.idempotency_retention, absl::Hours(168));
}

TEST(Parse, KnowsOnlyTheFlagsOfTheService) {
  EXPECT_THAT(ProblemsOf({"--database=sqlite:x", "--goals=127.0.0.1:1"}),
              ElementsAre(HasSubstr("--goals: there is no such flag")));
}

TEST(Parse, AddsTheFlagsThatOnlyOneServiceHas) {
  ServiceDescription description = Goals();
  int weeks = 2;
  description.own_flags = [&](FlagTable& flags) {
    flags.Integer("weeks", &weeks, 1, 9, "how many weeks");
  };
  std::vector<std::string> problems;
  Parse({"--database=sqlite:x", "--weeks=5"}, {}, description, &problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(weeks, 5);
  EXPECT_THAT(Help(description), HasSubstr("Of goals alone\n  --weeks=NUMBER   (5)"));
}

TEST(Parse, WithoutAuthenticationOnlyLoopbackIsAllowed) {
  for (const char* address : {"0.0.0.0:50052", "10.0.0.1:50052", "[::]:50052"}) {
    EXPECT_THAT(ProblemsOf({"--database=sqlite:x", absl::StrCat("--listen=", address)}),
                ElementsAre(HasSubstr("loopback only")))
        << address;
  }
}

TEST(Parse, WantsAllFilesOfMutualTls) {
  EXPECT_THAT(ProblemsOf({"--database=sqlite:x", "--auth=mtls"}),
              ElementsAre(HasSubstr("needs --tls_certificate, --tls_key and --tls_ca")));
}

TEST(Parse, ListsMistakesOfAllKindsAtOnce) {
  EXPECT_THAT(
      ProblemsOf({"--database=mysql://x", "--executor_threads=0", "--database_sessions=1",
                  "--organisation=nowhere", "--operators=alice"}),
      ElementsAre(HasSubstr("--executor_threads"), HasSubstr("--database_sessions"),
                  HasSubstr("--organisation"), HasSubstr("alice"), HasSubstr("--database:")));
}

TEST(Parse, RefusesPasswordsThatOthersCouldReadAndDoesNotRepeatThem) {
  for (const std::string flag : {"--database", "--database_replica"}) {
    for (const char* url : {"postgresql://goals:geheim@host/goals",
                            "postgresql://host/goals?user=goals&password=geheim"}) {
      const auto problems = ProblemsOf({flag + "=" + url});
      EXPECT_THAT(problems, Contains(HasSubstr(flag + ": holds a password")));
      EXPECT_THAT(problems, Not(Contains(HasSubstr("geheim"))));
    }
  }
  const auto problems = ProblemsOf({"--database=sqlite:x", "--redis=klynge:geheim@host:6379"});
  EXPECT_THAT(problems, ElementsAre(HasSubstr("--redis_password_file")));
  EXPECT_THAT(problems, Not(Contains(HasSubstr("geheim"))));
}

TEST(Parse, TakesAddressesWithPasswordsFromFiles) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.path() + "/url";
  std::ofstream(path) << "postgresql://goals:geheim@host/goals\n";
  std::vector<std::string> problems;
  const ServiceConfig config =
      Parse({"--database_file=" + path, "--database_replica_file=" + path}, {}, Goals(), &problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(config.database, "postgresql://goals:geheim@host/goals");
  EXPECT_EQ(config.database_replica, config.database);
}

TEST(Parse, TakesOneAddressOfTheDatabase) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.path() + "/url";
  std::ofstream(path) << "sqlite:y";
  EXPECT_THAT(ProblemsOf({"--database=sqlite:x", "--database_file=" + path}),
              ElementsAre(HasSubstr("give one of them")));
}

TEST(Parse, KnowsNoReplicaOfSqlite) {
  EXPECT_THAT(ProblemsOf({"--database=sqlite:x", "--database_replica=postgresql://h/d"}),
              ElementsAre(HasSubstr("only PostgreSQL has replicas")));
}

TEST(Parse, TakesRedisWithADatabaseASocketSentinelsOrNone) {
  EXPECT_EQ(Good({"--redis=host:6379/2"}).redis.address, "host:6379/2");
  EXPECT_EQ(Good({"--redis=unix:/run/redis.sock"}).redis.address, "unix:/run/redis.sock");
  EXPECT_EQ(Good({"--redis=sentinel:a:26379,b:26379/klynge"}).redis.address,
            "sentinel:a:26379,b:26379/klynge");
  EXPECT_EQ(Good({"--redis=none"}).redis.address, "");
  EXPECT_THAT(ProblemsOf({"--database=sqlite:x", "--redis=somewhere"}),
              ElementsAre(HasSubstr("--redis=somewhere")));
}

TEST(Parse, RemembersVariablesThatMeanNothingToIt) {
  std::vector<std::string> problems;
  const ServiceConfig config =
      Parse({}, {{"KLYNGE_DATABASE", "sqlite:x"}, {"KLYNGE_DRIAN", "1s"}}, Goals(), &problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_THAT(config.unknown_variables, ElementsAre("KLYNGE_DRIAN"));
}

TEST(IsLoopback, KnowsLoopback) {
  for (const char* address : {"127.0.0.1:1", "127.8.0.1:1", "[::1]:1", "localhost:1", "unix:/x"}) {
    EXPECT_TRUE(IsLoopback(address)) << address;
  }
  EXPECT_FALSE(IsLoopback("localhost.example:1"));
}

}  // namespace
}  // namespace klynge::config
