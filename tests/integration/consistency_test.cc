// Two replicas of a service, as processes on one PostgreSQL, and many clients that write and read
// through either, while Redis is killed, started and flushed. A read with a token never shows less
// than the token promises, by its revision and by its content. Without one, what is shown may be
// about a second old; that is measured and printed.
//
// KLYNGE_SEED=… gives the clients the same dice again; what happens at once still differs.
#include <absl/random/random.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include "services/platform/mutex.h"
#include "tests/integration/numbered_things.h"

namespace klynge {
namespace {

using testing::Cluster;
using testing::NumberedThings;
using testing::Replica;
using testing::Shown;

constexpr int kClients = 16;
// Far above what is promised, so that only a replica that is never told fails.
constexpr absl::Duration kNeverThatOld = absl::Seconds(20);

uint32_t Seed() {
  const char* const given = std::getenv("KLYNGE_SEED");
  uint32_t seed = 0;
  if (given == nullptr || !absl::SimpleAtoi(given, &seed)) seed = std::random_device{}();
  std::cout << "[ SEED     ] KLYNGE_SEED=" << seed << std::endl;
  return seed;
}

// Which writes were acknowledged, and when.
class Acknowledged {
 public:
  void Add(int thing, int number, int64_t revision) {
    MutexLock lock(&mutex_);
    writes_[thing].push_back({revision, number, absl::Now()});
  }

  // The number that a read at this revision must show, at least.
  int NumberAt(int thing, int64_t revision) const {
    MutexLock lock(&mutex_);
    int number = 0;
    for (const Ack& write : Of(thing)) {
      if (write.revision <= revision) number = std::max(number, write.number);
    }
    return number;
  }

  // How long before `asked` a write was acknowledged that a read which shows `number` misses; zero
  // when it misses none.
  absl::Duration AgeOf(int thing, int number, absl::Time asked) const {
    MutexLock lock(&mutex_);
    absl::Duration age;
    for (const Ack& write : Of(thing)) {
      if (write.number > number) age = std::max(age, asked - write.at);
    }
    return age;
  }

 private:
  struct Ack {
    int64_t revision;
    int number;
    absl::Time at;
  };
  const std::vector<Ack>& Of(int thing) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    static const std::vector<Ack> none;
    auto found = writes_.find(thing);
    return found == writes_.end() ? none : found->second;
  }

  mutable Mutex mutex_;
  std::map<int, std::vector<Ack>> writes_ ABSL_GUARDED_BY(mutex_);
};

// One client: writes its own thing, reads everybody's, and carries the highest revision it has
// seen.
class Client {
 public:
  Client(int number, uint32_t seed, Acknowledged& acknowledged,
         std::vector<std::unique_ptr<NumberedThings>> replicas)
      : number_(number),
        acknowledged_(acknowledged),
        replicas_(std::move(replicas)),
        dice_(seed + static_cast<uint32_t>(number)) {}

  // Only writes and reads without a token, and never through the same replica: nothing but news of
  // the other's writes can make the reader's fresh.
  void StepApart() {
    if (Throw(2) == 0) {
      Write(*replicas_.front());
    } else {
      ReadWithout(*replicas_.back());
    }
  }

  void Step() {
    NumberedThings& replica = *replicas_[Throw(static_cast<int>(replicas_.size()))];
    const int what = Throw(10);
    if (what < 4) {
      Write(replica);
    } else if (what < 8) {
      ReadWithToken(replica);
    } else {
      ReadWithout(replica);
    }
  }

  std::vector<std::string> wrongs;
  std::vector<absl::Duration> ages;  // of reads without a token
  int writes = 0;
  int reads = 0;

 private:
  int Throw(int sides) { return std::uniform_int_distribution<int>(0, sides - 1)(dice_); }

  void Write(NumberedThings& replica) {
    const int next = writes + 1;
    const auto revision = replica.Write(number_, next, absl::StrCat("c", number_, "-", next));
    if (!revision.ok()) return Wrong(absl::StrCat("write: ", revision.status().ToString()));
    ++writes;
    acknowledged_.Add(number_, next, *revision);
    if (*revision <= token_ && writes > 1) {
      Wrong(absl::StrCat("a write made revision ", *revision, " after ", token_, " was seen"));
    }
    token_ = std::max(token_, *revision);
  }

  void ReadWithToken(NumberedThings& replica) {
    const int thing = Throw(kClients);
    const int promised = acknowledged_.NumberAt(thing, token_);
    const auto shown = replica.Read(thing, token_);
    if (!shown.ok()) return Wrong(absl::StrCat("read: ", shown.status().ToString()));
    ++reads;
    if (shown->revision < token_) {
      Wrong(absl::StrCat("revision ", shown->revision, " for token ", token_));
    }
    if (shown->number < promised) {
      Wrong(absl::StrCat(shown->number, " for thing ", thing, " that has ", promised, " at token ",
                         token_));
    }
    Check(thing, *shown);
    token_ = std::max(token_, shown->revision);
  }

  void ReadWithout(NumberedThings& replica) {
    const int thing = Throw(kClients);
    const absl::Time asked = absl::Now();
    const auto shown = replica.Read(thing, 0);
    if (!shown.ok()) return Wrong(absl::StrCat("read: ", shown.status().ToString()));
    ++reads;
    Check(thing, *shown);
    ages.push_back(acknowledged_.AgeOf(thing, shown->number, asked));
  }

  // The content belongs to the revision it is said to show.
  void Check(int thing, const Shown& shown) {
    const int belongs = acknowledged_.NumberAt(thing, shown.revision);
    if (shown.number >= belongs) return;
    Wrong(absl::StrCat(shown.number, " said to be revision ", shown.revision, ", which has ",
                       belongs));
  }

  void Wrong(std::string what) { wrongs.push_back(std::move(what)); }

  const int number_;
  Acknowledged& acknowledged_;
  const std::vector<std::unique_ptr<NumberedThings>> replicas_;
  std::mt19937 dice_;
  int64_t token_ = 0;
};

class ConsistencyTest : public ::testing::Test {
 protected:
  using Things = std::unique_ptr<NumberedThings> (*)(std::shared_ptr<grpc::Channel>);

  // Lets clients go on for `time` while Redis comes and goes.
  void Try(const std::vector<Replica*>& replicas, Things things, absl::Duration time,
           void (Client::*step)() = &Client::Step) {
    const uint32_t seed = Seed();
    Acknowledged acknowledged;
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < kClients; ++i) {
      std::vector<std::unique_ptr<NumberedThings>> ways;
      for (Replica* replica : replicas) ways.push_back(things(replica->channel()));
      clients.push_back(std::make_unique<Client>(i, seed, acknowledged, std::move(ways)));
    }
    std::atomic<bool> stop = false;
    std::vector<std::thread> threads;
    for (auto& client : clients) {
      threads.emplace_back([&stop, &client, step] {
        while (!stop) (client.get()->*step)();
      });
    }
    // On this thread: a process started by a test dies with the thread that started it.
    DisturbRedis(seed, absl::Now() + time);
    stop = true;
    for (std::thread& thread : threads) thread.join();
    Report(clients);
  }

  testing::RedisServer redis_;
  Cluster cluster_{redis_.address()};

 private:
  void DisturbRedis(uint32_t seed, absl::Time until) {
    std::mt19937 dice(seed);
    bool there = true;
    while (absl::Now() < until) {
      absl::SleepFor(absl::Milliseconds(std::uniform_int_distribution<int>(200, 1'500)(dice)));
      if (!there) {
        redis_.Start();
        there = true;
      } else if (std::uniform_int_distribution<int>(0, 1)(dice) == 0) {
        redis_.Stop();
        there = false;
      } else {
        redis_.Flush();
      }
    }
    if (!there) redis_.Start();
  }

  void Report(const std::vector<std::unique_ptr<Client>>& clients) {
    int writes = 0, reads = 0;
    std::vector<absl::Duration> ages;
    for (const auto& client : clients) {
      writes += client->writes;
      reads += client->reads;
      ages.insert(ages.end(), client->ages.begin(), client->ages.end());
      for (const std::string& wrong : client->wrongs) ADD_FAILURE() << wrong;
    }
    std::sort(ages.begin(), ages.end());
    ASSERT_FALSE(ages.empty());
    const auto fresh = std::count(ages.begin(), ages.end(), absl::ZeroDuration());
    std::cout << "[ MEASURED ] " << writes << " writes, " << reads << " reads; without a token "
              << ages.size() << " reads, " << 100 * fresh / static_cast<int64_t>(ages.size())
              << " % missed nothing, 99 % at most " << ages[ages.size() * 99 / 100]
              << " old, oldest " << ages.back() << std::endl;
    EXPECT_GT(writes, kClients);
    EXPECT_LT(ages.back(), kNeverThatOld);
    if (HasFailure()) std::cout << cluster_.Logs();
  }
};

TEST_F(ConsistencyTest, GoalsNeverShowLessThanATokenPromises) {
  Replica& organisation = cluster_.Start("organisation");
  Replica& one = cluster_.Start("goals");
  Replica& two = cluster_.Start("goals");
  ASSERT_NO_FATAL_FAILURE(testing::PrepareGoals(organisation, one, kClients));
  Try({&one, &two}, &testing::NumberedGoals, absl::Seconds(15));
}

TEST_F(ConsistencyTest, GoalsHearOfTheOtherReplicasWritesWithoutAToken) {
  Replica& organisation = cluster_.Start("organisation");
  Replica& one = cluster_.Start("goals");
  Replica& two = cluster_.Start("goals");
  ASSERT_NO_FATAL_FAILURE(testing::PrepareGoals(organisation, one, kClients));
  Try({&one, &two}, &testing::NumberedGoals, absl::Seconds(10), &Client::StepApart);
}

TEST_F(ConsistencyTest, OrganisationNeverShowsLessThanATokenPromises) {
  Replica& one = cluster_.Start("organisation");
  Replica& two = cluster_.Start("organisation");
  Try({&one, &two}, &testing::NumberedUnits, absl::Seconds(8));
}

TEST_F(ConsistencyTest, ObservationsNeverShowLessThanATokenPromises) {
  Replica& one = cluster_.Start("observations");
  Replica& two = cluster_.Start("observations");
  Try({&one, &two}, &testing::NumberedInstruments, absl::Seconds(5));
}

TEST_F(ConsistencyTest, CoursesNeverShowLessThanATokenPromises) {
  Replica& one = cluster_.Start("courses");
  Replica& two = cluster_.Start("courses");
  Try({&one, &two}, &testing::NumberedVenues, absl::Seconds(5));
}

}  // namespace
}  // namespace klynge
