#include "tests/support/redis_sentinels.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <hiredis/hiredis.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace klynge::testing {
namespace {

constexpr int kSentinels = 3;

std::vector<std::string> AsReplicaOf(const RedisServer& primary,
                                     std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--replicaof", "127.0.0.1", absl::StrCat(primary.port())});
  return arguments;
}

// One field of what the Sentinel on `port` says of the primary; "" when it does not answer.
std::string Field(int port, const std::string& name) {
  const std::unique_ptr<redisContext, void (*)(redisContext*)> context(
      redisConnectWithTimeout("127.0.0.1", port, {1, 0}), redisFree);
  if (!context || context->err != 0) return "";
  redisSetTimeout(context.get(), {1, 0});
  const std::unique_ptr<redisReply, void (*)(void*)> reply(
      static_cast<redisReply*>(redisCommand(context.get(), "SENTINEL master klynge")),
      freeReplyObject);
  if (!reply || reply->type != REDIS_REPLY_ARRAY) return "";
  for (size_t i = 0; i + 1 < reply->elements; i += 2) {
    if (reply->element[i]->str == name) return reply->element[i + 1]->str;
  }
  return "";
}

}  // namespace

RedisSentinels::RedisSentinels(const std::vector<std::string>& arguments)
    : first_(arguments), second_(AsReplicaOf(first_, arguments)) {
  for (int i = 0; i < kSentinels; ++i) StartSentinel();
  const auto ready = [this] {
    for (const int port : ports_) {
      if (Field(port, "num-other-sentinels") != absl::StrCat(kSentinels - 1) ||
          Field(port, "num-slaves") != "1") {
        return false;
      }
    }
    return true;
  };
  if (Eventually(absl::Seconds(60), ready)) return;
  std::fprintf(stderr, "the Sentinels do not find each other\n");
  std::abort();
}

// Sentinel writes what it learns into its configuration, so each has a file of its own.
void RedisSentinels::StartSentinel() {
  ports_.push_back(FreePort());
  const std::string place = absl::StrCat(directory_.path(), "/sentinel", ports_.size());
  std::ofstream(place + ".conf") << "port " << ports_.back() << "\n"
                                 << "bind 127.0.0.1\n"
                                 << "dir " << directory_.path() << "\n"
                                 << "sentinel monitor klynge 127.0.0.1 " << first_.port() << " 2\n"
                                 << "sentinel down-after-milliseconds klynge 500\n"
                                 << "sentinel failover-timeout klynge 2000\n";
  sentinels_.push_back(std::make_unique<ChildProcess>(
      std::vector<std::string>{"redis-server", place + ".conf", "--sentinel"}, place + ".log"));
}

std::string RedisSentinels::address() const {
  return absl::StrCat(
      "sentinel:",
      absl::StrJoin(ports_, ",",
                    [](std::string* out, int port) { absl::StrAppend(out, "127.0.0.1:", port); }),
      "/klynge");
}

int RedisSentinels::PrimaryPort() const { return std::atoi(Field(ports_.back(), "port").c_str()); }

}  // namespace klynge::testing
