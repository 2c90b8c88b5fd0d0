// A process whose database hangs: it says so, and can still be asked about everything else.
#include <gmock/gmock.h>

#include "klynge/operations/v1/operations_service.grpc.pb.h"
#include "tests/support/cluster.h"
#include "tests/support/processes.h"
#include "tests/support/status_matchers.h"

namespace klynge::operations {
namespace {

using testing::Cluster;
using testing::Eventually;
using testing::IsOk;
using testing::PostgresServer;
using testing::Replica;
using ::testing::SizeIs;

class PausedDatabaseTest : public ::testing::Test {
 protected:
  PausedDatabaseTest() {
    cluster_.Use("organisation", postgres_.NewDatabase());
    organisation_ = &cluster_.Start("organisation");
    stub_ = v1::OperationsService::NewStub(organisation_->channel());
  }
  ~PausedDatabaseTest() override { postgres_.Resume(); }

  v1::GetStatusResponse Status() const {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    v1::GetStatusResponse status;
    EXPECT_THAT(stub_->GetStatus(&context, {}, &status), IsOk());
    return status;
  }

  PostgresServer postgres_{PostgresServer::Durability::kNone};
  Cluster cluster_{"none"};
  Replica* organisation_ = nullptr;
  std::unique_ptr<v1::OperationsService::Stub> stub_;
};

TEST_F(PausedDatabaseTest, MakesAProcessUnreadyNotDead) {
  ASSERT_TRUE(organisation_->Serving());
  postgres_.Pause();
  EXPECT_TRUE(Eventually(absl::Seconds(30), [&] { return !organisation_->Serving(); }));
  EXPECT_FALSE(organisation_->Serving(Replica::kDatabase));
  EXPECT_TRUE(organisation_->Serving(Replica::kLiveness));
  const v1::GetStatusResponse status = Status();
  EXPECT_EQ(status.state(), v1::SERVING_STATE_NOT_READY);
  ASSERT_THAT(status.dependencies(), SizeIs(1));
  EXPECT_EQ(status.dependencies(0).name(), "database");
  EXPECT_NE(status.dependencies(0).last_error(), "");
}

TEST_F(PausedDatabaseTest, IsForgottenWhenItGoesOn) {
  postgres_.Pause();
  EXPECT_TRUE(Eventually(absl::Seconds(30), [&] { return !organisation_->Serving(); }));
  postgres_.Resume();
  EXPECT_TRUE(Eventually(absl::Seconds(30), [&] { return organisation_->Serving(); }));
  EXPECT_EQ(Status().state(), v1::SERVING_STATE_READY);
  EXPECT_TRUE(Status().dependencies(0).has_last_error_time());
}

TEST_F(PausedDatabaseTest, DoesNotHoldUpTheEndOfTheProcess) {
  postgres_.Pause();
  EXPECT_TRUE(Eventually(absl::Seconds(30), [&] { return !organisation_->Serving(); }));
  EXPECT_EQ(organisation_->Stop(), 0);
}

}  // namespace
}  // namespace klynge::operations
