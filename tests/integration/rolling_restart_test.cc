// Two replicas are stopped and started anew in turn, several times, while clients go on: no call
// fails, and every acknowledged write is there exactly once. Clients know both addresses, ask each
// replica whether it takes calls, and send again what one could not answer, as their service config
// says.
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <iostream>
#include <map>
#include <thread>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "klynge/organisation/v1/organisation_service.grpc.pb.h"
#include "services/platform/rpc/status.h"
#include "tests/integration/numbered_things.h"
#include "tests/support/status_matchers.h"

namespace klynge {
namespace {

using testing::Cluster;
using testing::IsOk;
using testing::NumberedThings;
using testing::Replica;

constexpr int kClients = 8;
constexpr int kRounds = 3;

// Every call may be sent again: reads change nothing, and writes carry a request_id.
constexpr char kServiceConfig[] = R"json({
  "loadBalancingConfig": [{"round_robin": {}}],
  "healthCheckConfig": {"serviceName": "accepting"},
  "methodConfig": [{
    "name": [{}],
    "retryPolicy": {
      "maxAttempts": 5, "initialBackoff": "0.05s", "maxBackoff": "0.5s", "backoffMultiplier": 2,
      "retryableStatusCodes": ["UNAVAILABLE"]
    }
  }]
})json";

// A channel of its own to all replicas.
std::shared_ptr<grpc::Channel> ChannelTo(const std::vector<Replica*>& replicas) {
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kServiceConfig);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  std::string target = "ipv4:";
  for (const Replica* replica : replicas) {
    absl::StrAppend(&target, target.size() > 5 ? "," : "", replica->address());
  }
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

class Clients {
 public:
  explicit Clients(const std::vector<Replica*>& replicas) : clients_(kClients) {
    for (int i = 0; i < kClients; ++i) {
      threads_.emplace_back([this, i, things = testing::NumberedGoals(ChannelTo(replicas))] {
        Client& client = clients_[static_cast<size_t>(i)];
        while (!stop_) Step(*things, i, client);
      });
    }
  }

  // Ends the clients; what failed is a failure of the test.
  void Stop() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
    int calls = 0;
    for (const Client& client : clients_) {
      calls += client.calls;
      for (const std::string& failure : client.failures) ADD_FAILURE() << failure;
    }
    std::cout << "[ MEASURED ] " << calls << " calls" << std::endl;
  }

  // Acknowledged check-ins on a client's goal.
  int writes(int client) const { return clients_[static_cast<size_t>(client)].writes; }

 private:
  struct Client {
    int calls = 0;
    int writes = 0;
    int64_t token = 0;
    std::vector<std::string> failures;
  };

  static void Step(NumberedThings& things, int number, Client& client) {
    const int next = client.writes + 1;
    const auto revision = things.Write(number, next, absl::StrCat("c", number, "-", next));
    ++client.calls;
    if (!revision.ok()) {
      client.failures.push_back(absl::StrCat("write: ", revision.status().ToString()));
      return;
    }
    ++client.writes;
    client.token = *revision;
    for (const int64_t token : {client.token, int64_t{0}}) {
      const auto shown = things.Read(number, token);
      ++client.calls;
      if (!shown.ok()) {
        client.failures.push_back(absl::StrCat("read: ", shown.status().ToString()));
      } else if (token > 0 && shown->number != client.writes) {
        client.failures.push_back(absl::StrCat(shown->number, " after ", client.writes));
      }
    }
  }

  std::atomic<bool> stop_ = false;
  std::vector<Client> clients_;
  std::vector<std::thread> threads_;
};

class RollingRestartTest : public ::testing::Test {
 protected:
  testing::RedisServer redis_;
  Cluster cluster_{redis_.address()};
};

TEST_F(RollingRestartTest, FailsNoCallAndLosesNoWrite) {
  Replica& organisation = cluster_.Start("organisation");
  Replica& one = cluster_.Start("goals");
  Replica& two = cluster_.Start("goals");
  ASSERT_NO_FATAL_FAILURE(testing::PrepareGoals(organisation, one, kClients));
  Clients clients({&one, &two});
  for (int round = 0; round < kRounds; ++round) {
    for (Replica* replica : {&one, &two}) {
      EXPECT_EQ(replica->Stop(), 0);
      replica->Start();
      // As an orchestrator does: the next one only when this one has been found.
      absl::SleepFor(absl::Seconds(1));
    }
  }
  clients.Stop();
  for (int i = 0; i < kClients; ++i) {
    EXPECT_GT(clients.writes(i), kRounds);
    EXPECT_EQ(testing::CountCheckIns(one, i), clients.writes(i));
  }
  if (HasFailure()) std::cout << cluster_.Logs();
}

// What the error says for machines, beside its reason.
std::map<std::string, std::string> FactsOf(const grpc::Status& status) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  google::rpc::ErrorInfo info;
  for (const auto& detail : details.details()) {
    if (detail.UnpackTo(&info)) break;
  }
  return {info.metadata().begin(), info.metadata().end()};
}

// Streams at the drain of one organisation.
class DrainTest : public ::testing::Test {
 protected:
  using Service = organisation::v1::OrganisationService;

  Replica& Start(const char* drain) { return cluster_.Start("organisation", {drain}); }

  static organisation::v1::ImportOrganisationRequest Row(int number) {
    organisation::v1::ImportOrganisationRequest row;
    row.mutable_unit()->set_unit_id(absl::StrCat("enhed-", number));
    row.mutable_unit()->set_kind("administration");
    row.mutable_unit()->set_name("Enhed");
    row.mutable_unit()->set_valid_from("2019-01-01");
    return row;
  }

  testing::RedisServer redis_;
  Cluster cluster_{redis_.address()};
};

TEST_F(DrainTest, LetsAnImportUnderWayFinish) {
  Replica& replica = Start("--drain=20s");
  const auto stub = Service::NewStub(replica.channel());
  grpc::ClientContext context;
  organisation::v1::ImportOrganisationResponse response;
  const auto import = stub->ImportOrganisation(&context, &response);
  ASSERT_TRUE(import->Write(Row(1)));
  absl::SleepFor(absl::Milliseconds(300));  // until it has arrived
  std::thread stopping([&] { EXPECT_EQ(replica.Stop(), 0); });
  EXPECT_TRUE(testing::Eventually(absl::Seconds(20), [&] { return !replica.Serving(); }));
  EXPECT_TRUE(import->Write(Row(2)));
  import->WritesDone();
  EXPECT_THAT(import->Finish(), IsOk());
  EXPECT_EQ(response.created_count(), 2);
  stopping.join();
}

TEST_F(DrainTest, TellsAnImportThatDoesNotFinishInTimeToComeAgain) {
  Replica& replica = Start("--drain=3s");
  const auto stub = Service::NewStub(replica.channel());
  grpc::ClientContext context;
  organisation::v1::ImportOrganisationResponse response;
  const auto import = stub->ImportOrganisation(&context, &response);
  ASSERT_TRUE(import->Write(Row(1)));
  absl::SleepFor(absl::Milliseconds(300));
  EXPECT_EQ(replica.Stop(), 0);
  EXPECT_THAT(import->Finish(),
              testing::IsRetryable(absl::StatusCode::kUnavailable, "SHUTTING_DOWN"));
}

TEST_F(DrainTest, TellsAWatchWhereToGoOn) {
  Replica& replica = Start("--drain=10s");
  ASSERT_THAT(testing::NumberedUnits(replica.channel())->Write(0, 1, ""), IsOk());
  const auto stub = Service::NewStub(replica.channel());
  grpc::ClientContext context;
  const auto watch = stub->WatchOrganisation(&context, {});
  organisation::v1::WatchOrganisationResponse message;
  int64_t checkpoint = 0;
  while (checkpoint == 0 && watch->Read(&message)) checkpoint = message.checkpoint().revision();
  std::thread stopping([&] { EXPECT_EQ(replica.Stop(), 0); });
  while (watch->Read(&message)) checkpoint = message.checkpoint().revision();
  const grpc::Status ended = watch->Finish();
  stopping.join();
  EXPECT_THAT(ended, testing::IsRetryable(absl::StatusCode::kUnavailable, "SHUTTING_DOWN"));
  EXPECT_EQ(FactsOf(ended)["since_revision"], absl::StrCat(checkpoint));

  replica.Start();
  ASSERT_THAT(testing::NumberedUnits(replica.channel())->Write(0, 2, ""), IsOk());
  grpc::ClientContext next_context;
  organisation::v1::WatchOrganisationRequest from;
  from.set_since_revision(checkpoint);
  const auto next = Service::NewStub(replica.channel())->WatchOrganisation(&next_context, from);
  ASSERT_TRUE(next->Read(&message));
  EXPECT_EQ(message.change().unit().name(), "Enhed 2");
  next_context.TryCancel();
}

}  // namespace
}  // namespace klynge
