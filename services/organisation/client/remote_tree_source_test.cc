#include "services/organisation/client/remote_tree_source.h"

#include <absl/strings/match.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "services/organisation/service_test_support.h"
#include "tests/support/service_host.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::Eventually;
using klynge::testing::IsOk;
using klynge::testing::IsRetryable;
using klynge::testing::RedisServer;
using klynge::testing::StatusIs;
using klynge::testing::TemporaryDirectory;

rpc::Call CallWithin(absl::Duration time) {
  rpc::Call call;
  call.deadline = absl::Now() + time;
  return call;
}

// An organisation service that takes questions and never answers.
class SilentOrganisation final : public v1::OrganisationService::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetSnapshot(grpc::CallbackServerContext*, const v1::GetSnapshotRequest*,
                                        v1::GetSnapshotResponse*) override {
    class Silence final : public grpc::ServerUnaryReactor {
      void OnCancel() override { Finish(grpc::Status::CANCELLED); }
      void OnDone() override { delete this; }
    };
    asked_ = true;
    return new Silence;
  }
  bool asked() const { return asked_; }

 private:
  std::atomic<bool> asked_ = false;
};

class RemoteTreeSourceTest : public ::testing::Test {
 protected:
  std::string DatabaseUrl() const { return "sqlite:" + directory_.path() + "/organisation.db"; }
  static void ImportCity(Replica& replica) {
    Import(replica.stub(), Messages(SmallCity().Build()));
  }

  TemporaryDirectory directory_;
  shared_state::SharedState no_redis_{shared_state::Options{"", ""}};
};

TEST_F(RemoteTreeSourceTest, FetchesTheTreeWithoutRedis) {
  Replica organisation(DatabaseUrl());
  ImportCity(organisation);
  rpc::Peer peer("organisation", organisation.channel());
  RemoteTreeSource source(peer, no_redis_);
  const auto tree = source.Get(CallWithin(absl::Seconds(5)));
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_TRUE((*tree)->Exists("kl-vvk-01"));
}

TEST_F(RemoteTreeSourceTest, SeesAChangeWithinSecondsWithoutRedis) {
  Replica organisation(DatabaseUrl());
  ImportCity(organisation);
  rpc::Peer peer("organisation", organisation.channel());
  RemoteTreeSource source(peer, no_redis_);
  ASSERT_TRUE(source.Get(CallWithin(absl::Seconds(5))).ok());
  Import(organisation.stub(), {UnitMessage("e-1", "club", "kl-vvk-01")});
  EXPECT_TRUE(Eventually(absl::Seconds(5), [&] { return source.Held()->Exists("e-1"); }));
}

TEST_F(RemoteTreeSourceTest, SeesTheNewestAtOnceWhenItAsks) {
  Replica organisation(DatabaseUrl());
  ImportCity(organisation);
  rpc::Peer peer("organisation", organisation.channel());
  RemoteTreeSource source(peer, no_redis_);
  ASSERT_TRUE(source.Get(CallWithin(absl::Seconds(5))).ok());
  Import(organisation.stub(), {UnitMessage("e-1", "club", "kl-vvk-01")});
  const auto newest = source.Current(CallWithin(absl::Seconds(5)));
  ASSERT_THAT(newest, IsOk());
  EXPECT_TRUE(newest->tree->Exists("e-1"));
  EXPECT_THAT(newest->confirmed, IsOk());
}

TEST_F(RemoteTreeSourceTest, KeepsWhatItHasUnconfirmedWhenTheServiceIsAway) {
  auto organisation = std::make_unique<Replica>(DatabaseUrl());
  ImportCity(*organisation);
  rpc::Peer peer("organisation", organisation->channel());
  RemoteTreeSource source(peer, no_redis_);
  ASSERT_TRUE(source.Get(CallWithin(absl::Seconds(5))).ok());
  organisation.reset();
  // The second call comes within the pause after the first one's failure.
  for (int i = 0; i < 2; ++i) {
    const auto held = source.Current(CallWithin(absl::Seconds(5)));
    ASSERT_THAT(held, IsOk());
    EXPECT_TRUE(held->tree->Exists("kl-vvk-01"));
    EXPECT_THAT(held->confirmed,
                IsRetryable(absl::StatusCode::kUnavailable, "ORGANISATION_UNAVAILABLE"));
  }
}

TEST_F(RemoteTreeSourceTest, StopsAtOnceWhileItWaitsForAnAnswer) {
  SilentOrganisation silent;
  klynge::testing::ServiceHost host("organisation", {&silent});
  rpc::Peer peer("organisation", host.channel());
  auto source = std::make_unique<RemoteTreeSource>(peer, no_redis_);
  ASSERT_TRUE(Eventually(absl::Seconds(5), [&] { return silent.asked(); }));
  const absl::Time stopping = absl::Now();
  source.reset();
  EXPECT_LT(absl::Now() - stopping, absl::Seconds(1));
}

TEST_F(RemoteTreeSourceTest, IsUnavailableWhenItNeverHadATree) {
  auto nobody = grpc::CreateChannel(absl::StrCat("127.0.0.1:", klynge::testing::FreePort()),
                                    grpc::InsecureChannelCredentials());
  rpc::Peer peer("organisation", nobody);
  RemoteTreeSource source(peer, no_redis_);
  EXPECT_THAT(source.Get(CallWithin(absl::Seconds(3))),
              StatusIs(absl::StatusCode::kUnavailable, "ORGANISATION_UNAVAILABLE"));
}

TEST_F(RemoteTreeSourceTest, TakesTheSnapshotFromRedisWhenTheServiceIsAway) {
  RedisServer redis;
  auto organisation = std::make_unique<Replica>(DatabaseUrl(), WatchOptions{}, redis.address());
  ASSERT_TRUE(
      Eventually(absl::Seconds(5), [&] { return organisation->shared_state().connected(); }));
  ImportCity(*organisation);
  shared_state::SharedState mine{shared_state::Options{redis.address(), ""}};
  ASSERT_TRUE(Eventually(absl::Seconds(5), [&] {
    const auto stored = mine.FetchSnapshot(kSnapshotName);
    return stored.ok() && stored->revision == 1;
  }));
  const auto channel = organisation->channel();
  organisation.reset();
  rpc::Peer peer("organisation", channel);
  RemoteTreeSource source(peer, mine);
  const auto tree = source.Get(CallWithin(absl::Seconds(5)));
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_TRUE((*tree)->Exists("kl-vvk-01"));
}

TEST_F(RemoteTreeSourceTest, KnowsAnImportAtOnceWhenAskedForItsRevision) {
  Replica organisation(DatabaseUrl());
  shared_state::SharedState none{shared_state::Options{"", ""}};
  ImportCity(organisation);
  rpc::Peer peer("organisation", organisation.channel());
  RemoteTreeSource source(peer, none);
  ASSERT_TRUE(source.Get(CallWithin(absl::Seconds(5))).ok());
  for (int i = 0; i < 20; ++i) {
    const std::string unit = absl::StrCat("e-", i);
    const auto imported = Import(organisation.stub(), {UnitMessage(unit, "club", "kl-vvk-01")});
    const auto tree = source.AtLeast(CallWithin(absl::Seconds(5)), imported.second.revision());
    ASSERT_TRUE(tree.ok()) << tree.status();
    EXPECT_TRUE((*tree)->Exists(unit));
  }
}

// What Redis has under a name; 0 when it has nothing.
int64_t StoredRevision(shared_state::SharedState& state, const char* name) {
  const auto stored = state.FetchSnapshot(name);
  return stored.ok() ? stored->revision : 0;
}

TEST_F(RemoteTreeSourceTest, LaysWhatChangedOverTheWholeInRedisWhenTheServiceIsAway) {
  RedisServer redis;
  auto organisation = std::make_unique<Replica>(DatabaseUrl(), WatchOptions{}, redis.address());
  ASSERT_TRUE(
      Eventually(absl::Seconds(5), [&] { return organisation->shared_state().connected(); }));
  ImportCity(*organisation);
  shared_state::SharedState mine{shared_state::Options{redis.address(), ""}};
  ASSERT_TRUE(
      Eventually(absl::Seconds(5), [&] { return StoredRevision(mine, kSnapshotName) == 1; }));
  Import(organisation->stub(), {UnitMessage("e-1", "club", "kl-vvk-01")});
  ASSERT_TRUE(
      Eventually(absl::Seconds(5), [&] { return StoredRevision(mine, kChangesName) == 2; }));
  EXPECT_EQ(StoredRevision(mine, kSnapshotName), 1);
  const auto channel = organisation->channel();
  organisation.reset();
  rpc::Peer peer("organisation", channel);
  RemoteTreeSource source(peer, mine);
  const auto tree = source.Get(CallWithin(absl::Seconds(5)));
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ((*tree)->revision(), 2);
  EXPECT_TRUE((*tree)->Exists("e-1"));
  EXPECT_TRUE((*tree)->Exists("kl-vvk-01"));
}

TEST_F(RemoteTreeSourceTest, PublishesTheWholeAnewWhenMuchOfItHasChanged) {
  RedisServer redis;
  Replica organisation(DatabaseUrl(), WatchOptions{}, redis.address());
  ASSERT_TRUE(
      Eventually(absl::Seconds(5), [&] { return organisation.shared_state().connected(); }));
  ImportCity(organisation);
  shared_state::SharedState mine{shared_state::Options{redis.address(), ""}};
  ASSERT_TRUE(
      Eventually(absl::Seconds(5), [&] { return StoredRevision(mine, kSnapshotName) == 1; }));
  std::vector<v1::ImportOrganisationRequest> clubs;
  for (int i = 0; i < 5; ++i) {
    clubs.push_back(UnitMessage(absl::StrCat("e-", i), "club", "kl-vvk-01"));
  }
  Import(organisation.stub(), clubs);
  EXPECT_TRUE(
      Eventually(absl::Seconds(5), [&] { return StoredRevision(mine, kSnapshotName) == 2; }));
}

TEST_F(RemoteTreeSourceTest, FindsNobodysNameInRedis) {
  RedisServer redis;
  Replica organisation(DatabaseUrl(), WatchOptions{}, redis.address());
  ASSERT_TRUE(
      Eventually(absl::Seconds(5), [&] { return organisation.shared_state().connected(); }));
  ImportCity(organisation);
  shared_state::SharedState mine{shared_state::Options{redis.address(), ""}};
  const auto stored = [&](const char* name) {
    const auto snapshot = mine.FetchSnapshot(name);
    return snapshot.ok() ? snapshot->bytes : "";
  };
  ASSERT_TRUE(
      Eventually(absl::Seconds(5), [&] { return StoredRevision(mine, kSnapshotName) == 1; }));
  Import(organisation.stub(), {PersonMessage("p-1")});
  ASSERT_TRUE(
      Eventually(absl::Seconds(5), [&] { return StoredRevision(mine, kChangesName) == 2; }));
  EXPECT_TRUE(absl::StrContains(stored(kChangesName), "p-1"));
  // As PersonMessage names persons.
  EXPECT_FALSE(absl::StrContains(stored(kChangesName), "Person "));
  EXPECT_FALSE(absl::StrContains(stored(kSnapshotName), "Person "));
}

TEST_F(RemoteTreeSourceTest, HearsOfAChangeThroughRedisAndStillWhenRedisDies) {
  RedisServer redis;
  Replica organisation(DatabaseUrl(), WatchOptions{}, redis.address());
  shared_state::SharedState mine{shared_state::Options{redis.address(), ""}};
  ASSERT_TRUE(Eventually(absl::Seconds(5), [&] {
    return mine.connected() && organisation.shared_state().connected();
  }));
  ImportCity(organisation);
  rpc::Peer peer("organisation", organisation.channel());
  RemoteTreeSource source(peer, mine);
  ASSERT_TRUE(source.Get(CallWithin(absl::Seconds(5))).ok());
  Import(organisation.stub(), {UnitMessage("e-1", "club", "kl-vvk-01")});
  EXPECT_TRUE(Eventually(absl::Seconds(2), [&] { return source.Held()->Exists("e-1"); }));
  redis.Stop();
  Import(organisation.stub(), {UnitMessage("e-2", "club", "kl-vvk-01")});
  EXPECT_TRUE(Eventually(absl::Seconds(4), [&] { return source.Held()->Exists("e-2"); }));
}

}  // namespace
}  // namespace klynge::organisation
