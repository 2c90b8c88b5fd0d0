#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/watch_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::StatusIs;
using klynge::testing::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class WatchTest : public ::testing::Test {
 protected:
  void ImportCity() { Import(replica_.stub(), Messages(SmallCity().Build())); }

  TemporaryDirectory directory_;
  Replica replica_{"sqlite:" + directory_.path() + "/organisation.db",
                   {.heartbeat = absl::Milliseconds(100), .patience = absl::Milliseconds(300)}};
};

TEST_F(WatchTest, TellsTheWholeHistoryFromTheBeginning) {
  ImportCity();
  Import(replica_.stub(), {UnitMessage("e-1", "club", "kl-vvk-01")});
  Watch watch(replica_, 0);
  EXPECT_EQ(watch.ToCheckpoint(), (std::pair<int, int64_t>{19, 1}));
  EXPECT_EQ(watch.Next(), "e-1");
  EXPECT_EQ(watch.Next(), "checkpoint 2");
}

TEST_F(WatchTest, ResumesAfterTheRevisionOfACheckpoint) {
  ImportCity();
  Import(replica_.stub(), {UnitMessage("e-1", "club", "kl-vvk-01")});
  Watch watch(replica_, 1);
  EXPECT_EQ(watch.Next(), "e-1");
  EXPECT_EQ(watch.Next(), "checkpoint 2");
}

TEST_F(WatchTest, TellsOfAChangeAsItHappens) {
  ImportCity();
  Watch watch(replica_, 1);
  EXPECT_EQ(watch.Next(), "checkpoint 1");
  Import(replica_.stub(), {PersonMessage("p-new")});
  std::string next = watch.Next();
  while (next == "checkpoint 1") next = watch.Next();  // signs of life meanwhile
  EXPECT_EQ(next, "p-new");
}

TEST_F(WatchTest, GivesASignOfLifeWhenNothingHappens) {
  ImportCity();
  Watch watch(replica_, 1);
  EXPECT_EQ(watch.Next(), "checkpoint 1");
  EXPECT_EQ(watch.Next(), "checkpoint 1");
}

TEST_F(WatchTest, HearsOfAnotherReplicasChangesWithoutRedis) {
  ImportCity();
  Replica other("sqlite:" + directory_.path() + "/organisation.db");
  Watch watch(other, 1);
  EXPECT_EQ(watch.Next(), "checkpoint 1");
  Import(replica_.stub(), {PersonMessage("p-new")});
  EXPECT_EQ(watch.Next(), "p-new");
}

TEST_F(WatchTest, RefusesARevisionThatDoesNotExist) {
  ImportCity();
  Watch watch(replica_, 7);
  EXPECT_EQ(watch.Next(), "the end");
  EXPECT_THAT(watch.Finish(), StatusIs(absl::StatusCode::kOutOfRange, "REVISION_UNKNOWN"));
}

TEST_F(WatchTest, EndsWhenTheServiceStops) {
  ImportCity();
  Watch watch(replica_, 1);
  EXPECT_EQ(watch.Next(), "checkpoint 1");
  replica_.EndWatches();
  while (watch.Next() != "the end") {
  }
  EXPECT_THAT(watch.Finish(), StatusIs(absl::StatusCode::kUnavailable, "SHUTTING_DOWN"));
  Watch late(replica_, 1);
  EXPECT_EQ(late.Next(), "the end");
}

TEST_F(WatchTest, LetsGoOfAWatcherThatDoesNotRead) {
  ImportCity();
  std::vector<v1::ImportOrganisationRequest> persons;
  for (int i = 0; i < 8'000; ++i) {
    persons.push_back(PersonMessage(absl::StrCat("p-", i)));
    persons.back().mutable_person()->set_name(std::string(200, 'x'));
  }
  Import(replica_.stub(), persons);
  // A client that takes little on credit, or the whole history would be under way before it reads.
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 64 << 10);
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  auto stub = v1::OrganisationService::NewStub(
      grpc::CreateCustomChannel(replica_.address(), grpc::InsecureChannelCredentials(), arguments));
  Watch watch(*stub, WatchSince(0));
  absl::SleepFor(absl::Seconds(2));
  EXPECT_EQ(watch.ToCheckpoint(), (std::pair<int, int64_t>{19, 1}));
  EXPECT_EQ(watch.ToCheckpoint().first, -1) << "everything was sent to one who did not read";
  EXPECT_THAT(watch.Finish(), StatusIs(absl::StatusCode::kResourceExhausted, "WATCHER_TOO_SLOW"));
}

}  // namespace
}  // namespace klynge::organisation
