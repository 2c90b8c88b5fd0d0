#include "services/platform/rpc/client/peer.h"

#include <absl/synchronization/notification.h>
#include <gmock/gmock.h>

#include <thread>

#include "klynge/testing/v1/echo_service.grpc.pb.h"
#include "services/platform/rpc/client/channel.h"
#include "tests/support/processes.h"
#include "tests/support/service_host.h"
#include "tests/support/status_matchers.h"

namespace klynge::rpc {
namespace {

using klynge::testing::Eventually;
using klynge::testing::IsOk;
using klynge::testing::IsRetryable;
using klynge::testing::StatusIs;
using klynge::testing::v1::EchoRequest;
using klynge::testing::v1::EchoResponse;
using klynge::testing::v1::EchoService;

// Answers "well" with its own name, "wrong" with an error of its own, and "hang" when the caller
// goes.
class Replica final : public EchoService::CallbackService {
 public:
  explicit Replica(std::string name) : name_(std::move(name)) {}

  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext*, const EchoRequest* request,
                                 EchoResponse* response) override {
    class Reactor final : public grpc::ServerUnaryReactor {
     public:
      explicit Reactor(std::atomic<int>& gone) : gone_(gone) {}

     private:
      void OnCancel() override {
        ++gone_;
        Finish(grpc::Status::CANCELLED);
      }
      void OnDone() override { delete this; }
      std::atomic<int>& gone_;
    };
    ++asked_;
    auto* reactor = new Reactor(gone_);
    if (hangs_ || request->text() == "hang") return reactor;
    response->set_text(name_);
    const absl::Status wrong = MakeStatus(absl::StatusCode::kNotFound, "NOTHING_THERE", "nothing");
    reactor->Finish(ToGrpc(request->text() == "wrong" ? wrong : absl::OkStatus()));
    return reactor;
  }

  void Hang(bool hangs) { hangs_ = hangs; }
  int asked() const { return asked_; }
  int gone() const { return gone_; }

 private:
  const std::string name_;
  std::atomic<bool> hangs_ = false;
  std::atomic<int> asked_ = 0;
  std::atomic<int> gone_ = 0;
};

// Two replicas behind one name.
class PeerTest : public ::testing::Test {
 protected:
  static std::shared_ptr<grpc::Channel> ChannelTo(const std::string& addresses) {
    return PeerChannelTo("testing", "ipv4:" + addresses, grpc::InsecureChannelCredentials());
  }

  absl::Status Ask(Peer& peer, const std::string& text, absl::Duration time = absl::Seconds(10)) {
    Call call;
    call.deadline = absl::Now() + time;
    return Ask(peer, text, call);
  }
  absl::Status Ask(Peer& peer, const std::string& text, const Call& call) {
    EchoRequest request;
    request.set_text(text);
    EchoResponse response;
    const auto stub = EchoService::NewStub(peer.channel());
    const absl::Status status = peer.Ask(call, {.margin = absl::ZeroDuration()}, *stub->async(),
                                         &EchoService::Stub::async::Echo, request, &response);
    answer_ = response.text();
    return status;
  }
  // Both replicas have answered, so that both are known to be there.
  void MeetBoth() {
    ASSERT_TRUE(Eventually(absl::Seconds(10), [&] {
      EXPECT_THAT(Ask(peer_, "well"), IsOk());
      return one_.asked() > 0 && other_.asked() > 0;
    }));
  }

  Replica one_{"one"}, other_{"other"};
  std::unique_ptr<klynge::testing::ServiceHost> one_host_ =
      std::make_unique<klynge::testing::ServiceHost>("testing", std::vector<grpc::Service*>{&one_});
  std::unique_ptr<klynge::testing::ServiceHost> other_host_ =
      std::make_unique<klynge::testing::ServiceHost>("testing",
                                                     std::vector<grpc::Service*>{&other_});
  Peer peer_{"testing", ChannelTo(absl::StrCat(one_host_->address(), ",", other_host_->address()))};
  std::string answer_;
};

TEST_F(PeerTest, GetsAnswersFromAllReplicasInTurn) { MeetBoth(); }

TEST_F(PeerTest, GetsThePeersOwnErrors) {
  EXPECT_THAT(Ask(peer_, "wrong"), StatusIs(absl::StatusCode::kNotFound, "NOTHING_THERE"));
  EXPECT_EQ(peer_.state(), BreakerState::kClosed);
}

TEST_F(PeerTest, AsksTheNextReplicaWhenOneHangs) {
  MeetBoth();
  one_.Hang(true);
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(Ask(peer_, "well"), IsOk());
    EXPECT_EQ(answer_, "other");
  }
  EXPECT_GT(peer_.hedged(), 0);
  EXPECT_EQ(peer_.state(), BreakerState::kClosed);
}

TEST_F(PeerTest, BreaksOffTheSendingThatLost) {
  MeetBoth();
  one_.Hang(true);
  for (int i = 0; i < 4; ++i) ASSERT_THAT(Ask(peer_, "well"), IsOk());
  EXPECT_TRUE(Eventually(absl::Seconds(10), [&] { return one_.gone() == peer_.hedged(); }));
}

TEST_F(PeerTest, DoesNotAskTwiceWhenTheAnswerComesSoon) {
  for (int i = 0; i < 200; ++i) ASSERT_THAT(Ask(peer_, "well"), IsOk());
  EXPECT_EQ(one_.asked() + other_.asked(), 200 + peer_.hedged());
  EXPECT_LT(peer_.hedged(), 20);  // a busy machine may be slow now and then
}

TEST_F(PeerTest, EndsWithTheCallersDeadlineWhenAllHang) {
  one_.Hang(true);
  other_.Hang(true);
  EXPECT_THAT(Ask(peer_, "well", absl::Milliseconds(300)),
              StatusIs(absl::StatusCode::kDeadlineExceeded, ""));
}

TEST_F(PeerTest, EndsWhenTheCallerGoes) {
  std::stop_source caller;
  Call call;
  call.deadline = absl::Now() + absl::Minutes(5);
  call.stop = caller.get_token();
  std::thread leaving([&] {
    EXPECT_TRUE(Eventually(absl::Seconds(30), [&] { return one_.asked() + other_.asked() > 0; }));
    caller.request_stop();
  });
  EXPECT_EQ(Ask(peer_, "hang", call).code(), absl::StatusCode::kCancelled);
  leaving.join();
  EXPECT_TRUE(Eventually(absl::Seconds(30), [&] {
    return one_.gone() + other_.gone() == one_.asked() + other_.asked();
  }));
  EXPECT_EQ(peer_.state(), BreakerState::kClosed);
}

TEST_F(PeerTest, FailsAtOnceWhileNobodyAnswersAndRecovers) {
  one_.Hang(true);
  other_.Hang(true);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Ask(peer_, "well", absl::Milliseconds(300)).code(),
              absl::StatusCode::kDeadlineExceeded);
  }
  EXPECT_EQ(peer_.state(), BreakerState::kOpen);
  const int asked = one_.asked() + other_.asked();
  EXPECT_THAT(Ask(peer_, "well"),
              IsRetryable(absl::StatusCode::kUnavailable, "TESTING_UNAVAILABLE"));
  EXPECT_EQ(one_.asked() + other_.asked(), asked);
  one_.Hang(false);
  other_.Hang(false);
  EXPECT_TRUE(Eventually(absl::Seconds(30), [&] { return Ask(peer_, "well").ok(); }));
  EXPECT_EQ(peer_.state(), BreakerState::kClosed);
}

TEST_F(PeerTest, LearnsNothingFromCallersWithoutTime) {
  one_.Hang(true);
  other_.Hang(true);
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(Ask(peer_, "well", absl::Milliseconds(5)).ok());
  }
  EXPECT_EQ(peer_.state(), BreakerState::kClosed);
}

TEST_F(PeerTest, SaysThatThePeerIsAwayWhenNobodyListens) {
  one_host_.reset();
  other_host_.reset();
  EXPECT_THAT(Ask(peer_, "well"),
              IsRetryable(absl::StatusCode::kUnavailable, "TESTING_UNAVAILABLE"));
}

TEST_F(PeerTest, LosesNoQuestionWhenOneOfTwoReplicasStops) {
  MeetBoth();
  one_host_.reset();
  for (int i = 0; i < 20; ++i) EXPECT_THAT(Ask(peer_, "well"), IsOk());
}

TEST(HedgeBudget, IsATenthOfTheCallsAndAReserve) {
  HedgeBudget budget;
  int spent = 0;
  for (int i = 0; i < 10'000; ++i) {
    budget.Earn();
    spent += budget.Spend();
  }
  EXPECT_NEAR(spent, HedgeBudget::kReserve + 10'000 * HedgeBudget::kShare, 2);
}

TEST(HedgeBudget, IsNotUsedUpByReplicasThatHang) {
  HedgeBudget budget;
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(budget.Spend());
    budget.Return(1);
  }
}

TEST(PeerServiceConfig, RepeatsReadsOnly) {
  const std::string organisation = PeerServiceConfig("organisation");
  EXPECT_THAT(organisation, ::testing::HasSubstr("round_robin"));
  EXPECT_THAT(
      organisation,
      ::testing::HasSubstr(
          R"({"service":"klynge.organisation.v1.OrganisationService","method":"GetUnit"})"));
  for (const char* peer : {"organisation", "goals", "observations"}) {
    for (const char* writing : {"Import", "Create", "Update", "Record", "Publish", "Close"}) {
      EXPECT_THAT(PeerServiceConfig(peer), ::testing::Not(::testing::HasSubstr(writing)));
    }
  }
}

}  // namespace
}  // namespace klynge::rpc
