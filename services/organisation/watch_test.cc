#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/service_test_support.h"
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
  // A watch, read message by message; cancelled at the end.
  class Watch {
   public:
    Watch(Replica& replica, int64_t since) : Watch(replica.stub(), since) {}
    Watch(v1::OrganisationService::Stub& stub, int64_t since) {
      v1::WatchOrganisationRequest request;
      request.set_since_revision(since);
      context_.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
      reader_ = stub.WatchOrganisation(&context_, request);
    }
    ~Watch() {
      context_.TryCancel();
      if (!finished_) reader_->Finish();
    }
    // The next message is a change of this thing.
    std::string NextChange() {
      v1::WatchOrganisationResponse message;
      if (!reader_->Read(&message)) return "the end";
      const v1::OrganisationChange& change = message.change();
      if (message.has_checkpoint())
        return absl::StrCat("checkpoint ", message.checkpoint().revision());
      if (change.has_unit()) return change.unit().unit_id();
      if (change.has_person()) return change.person().person_id();
      return change.assignment().assignment_id();
    }
    // Reads on until a checkpoint; the number of changes before it, and its revision.
    std::pair<int, int64_t> ToCheckpoint() {
      v1::WatchOrganisationResponse message;
      for (int changes = 0; reader_->Read(&message); ++changes) {
        if (message.has_checkpoint()) return {changes, message.checkpoint().revision()};
      }
      return {-1, -1};
    }
    grpc::Status Finish() {
      finished_ = true;
      return reader_->Finish();
    }

   private:
    grpc::ClientContext context_;
    std::unique_ptr<grpc::ClientReader<v1::WatchOrganisationResponse>> reader_;
    bool finished_ = false;
  };

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
  EXPECT_EQ(watch.NextChange(), "e-1");
  EXPECT_EQ(watch.NextChange(), "checkpoint 2");
}

TEST_F(WatchTest, ResumesAfterTheRevisionOfACheckpoint) {
  ImportCity();
  Import(replica_.stub(), {UnitMessage("e-1", "club", "kl-vvk-01")});
  Watch watch(replica_, 1);
  EXPECT_EQ(watch.NextChange(), "e-1");
  EXPECT_EQ(watch.NextChange(), "checkpoint 2");
}

TEST_F(WatchTest, TellsOfAChangeAsItHappens) {
  ImportCity();
  Watch watch(replica_, 1);
  EXPECT_EQ(watch.NextChange(), "checkpoint 1");
  Import(replica_.stub(), {PersonMessage("p-new")});
  std::string next = watch.NextChange();
  while (next == "checkpoint 1") next = watch.NextChange();  // signs of life meanwhile
  EXPECT_EQ(next, "p-new");
}

TEST_F(WatchTest, GivesASignOfLifeWhenNothingHappens) {
  ImportCity();
  Watch watch(replica_, 1);
  EXPECT_EQ(watch.NextChange(), "checkpoint 1");
  EXPECT_EQ(watch.NextChange(), "checkpoint 1");
}

TEST_F(WatchTest, HearsOfAnotherReplicasChangesWithoutRedis) {
  ImportCity();
  Replica other("sqlite:" + directory_.path() + "/organisation.db");
  Watch watch(other, 1);
  EXPECT_EQ(watch.NextChange(), "checkpoint 1");
  Import(replica_.stub(), {PersonMessage("p-new")});
  EXPECT_EQ(watch.NextChange(), "p-new");
}

TEST_F(WatchTest, RefusesARevisionThatDoesNotExist) {
  ImportCity();
  Watch watch(replica_, 7);
  EXPECT_EQ(watch.NextChange(), "the end");
  EXPECT_THAT(watch.Finish(), StatusIs(absl::StatusCode::kOutOfRange, "REVISION_UNKNOWN"));
}

TEST_F(WatchTest, EndsWhenTheServiceStops) {
  ImportCity();
  Watch watch(replica_, 1);
  EXPECT_EQ(watch.NextChange(), "checkpoint 1");
  replica_.EndWatches();
  while (watch.NextChange() != "the end") {
  }
  EXPECT_THAT(watch.Finish(), StatusIs(absl::StatusCode::kUnavailable, "SHUTTING_DOWN"));
  Watch late(replica_, 1);
  EXPECT_EQ(late.NextChange(), "the end");
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
  Watch watch(*stub, 0);
  absl::SleepFor(absl::Seconds(2));
  EXPECT_EQ(watch.ToCheckpoint(), (std::pair<int, int64_t>{19, 1}));
  EXPECT_EQ(watch.ToCheckpoint().first, -1) << "everything was sent to one who did not read";
  EXPECT_THAT(watch.Finish(), StatusIs(absl::StatusCode::kResourceExhausted, "WATCHER_TOO_SLOW"));
}

}  // namespace
}  // namespace klynge::organisation
