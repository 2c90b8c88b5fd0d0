// A service asks an organisation of two replicas, real processes, while one of them is paused.
#include <gmock/gmock.h>

#include "services/organisation/client/remote_tree_source.h"
#include "services/platform/rpc/client/channel.h"
#include "tests/support/cluster.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using klynge::testing::Eventually;
using klynge::testing::IsOk;

class TwoReplicas : public ::testing::Test {
 protected:
  TwoReplicas() {
    cluster_.Use("organisation", "sqlite:" + directory_.path() + "/organisation.db");
    one_ = &cluster_.Start("organisation");
    other_ = &cluster_.Start("organisation");
    peer_ = std::make_unique<rpc::Peer>(
        "organisation",
        rpc::PeerChannelTo("organisation",
                           absl::StrCat("ipv4:", one_->address(), ",", other_->address()),
                           grpc::InsecureChannelCredentials()));
    stub_ = v1::OrganisationService::NewStub(peer_->channel());
  }

  absl::Status Ask() {
    rpc::Call call;
    call.deadline = absl::Now() + absl::Seconds(2);
    v1::GetSnapshotResponse response;
    return peer_->Ask(call, {}, *stub_->async(), &v1::OrganisationService::Stub::async::GetSnapshot,
                      v1::GetSnapshotRequest(), &response);
  }

  klynge::testing::TemporaryDirectory directory_;
  klynge::testing::Cluster cluster_{"none"};
  klynge::testing::Replica* one_ = nullptr;
  klynge::testing::Replica* other_ = nullptr;
  std::unique_ptr<rpc::Peer> peer_;
  std::unique_ptr<v1::OrganisationService::Stub> stub_;
};

TEST_F(TwoReplicas, AnswerThoughOneIsPausedAndSoonWithoutAskingItAnyMore) {
  for (int i = 0; i < 10; ++i) ASSERT_THAT(Ask(), IsOk());
  one_->Pause();
  // Its connection counts as good until a ping has gone unanswered; till then questions that went
  // to it are sent to the other one too.
  ASSERT_TRUE(Eventually(absl::Seconds(60), [&] {
    const int64_t before = peer_->hedged();
    for (int i = 0; i < 4; ++i) EXPECT_THAT(Ask(), IsOk());
    return before > 0 && peer_->hedged() == before;
  }));
  EXPECT_EQ(peer_->state(), BreakerState::kClosed);
  one_->Resume();
}

TEST_F(TwoReplicas, FailNoReadWhenOneIsKilled) {
  for (int i = 0; i < 10; ++i) ASSERT_THAT(Ask(), IsOk());
  one_->Kill();
  for (int i = 0; i < 20; ++i) EXPECT_THAT(Ask(), IsOk());
}

}  // namespace
}  // namespace klynge::organisation
