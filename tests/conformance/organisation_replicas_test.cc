// Replicas of the organisation service on one database, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "services/organisation/service_test_support.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using ::testing::SizeIs;
using type::v1::RowOutcome;

class OrganisationReplicasTest : public klynge::testing::EngineTest {};
KLYNGE_ON_BOTH_ENGINES(OrganisationReplicasTest);

TEST_P(OrganisationReplicasTest, GiveAClusterOneLeaderThoughBothAreAskedAtOnce) {
  Replica one(url()), two(url());
  ASSERT_THAT(
      Import(one.stub(), Messages(SmallCity().Unit("kl-free", "cluster", "omr-vvk").Build())).first,
      IsOk());
  const auto claim = [](Replica& replica, std::string id, std::string person,
                        RowOutcome::Outcome& outcome) {
    const auto row = AssignmentMessage(id, person, "cluster_leader", "kl-free", "2021-01-01");
    const auto [status, response] = Import(replica.stub(), {row});
    ASSERT_THAT(status, IsOk());
    outcome = response.outcomes(0).outcome();
  };
  RowOutcome::Outcome first{}, second{};
  std::thread other([&] { claim(two, "a-second", "p-pl-2", second); });
  claim(one, "a-first", "p-pl-1", first);
  other.join();
  EXPECT_NE(first == RowOutcome::OUTCOME_CREATED, second == RowOutcome::OUTCOME_CREATED);
}

TEST_P(OrganisationReplicasTest, KeepEveryRowOfImportsThatRunTogether) {
  Replica one(url()), two(url());
  ASSERT_THAT(Import(one.stub(), Messages(SmallCity().Build())).first, IsOk());
  const auto send = [](Replica& replica, std::string prefix) {
    for (int i = 0; i < 10; ++i) {
      const std::string id = absl::StrCat(prefix, i);
      EXPECT_THAT(Import(replica.stub(), {UnitMessage(id, "club", "kl-vvk-01")}).first, IsOk());
    }
  };
  std::thread other([&] { send(two, "e-two-"); });
  send(one, "e-one-");
  other.join();
  grpc::ClientContext context;
  v1::ListUnitsRequest request;
  request.set_min_revision(21);
  v1::ListUnitsResponse response;
  ASSERT_THAT(one.stub().ListUnits(&context, request, &response), IsOk());
  EXPECT_THAT(response.units(), SizeIs(9 + 20));
}

TEST_P(OrganisationReplicasTest, AnswerARepeatedRequestThatWentToAnother) {
  Replica one(url()), two(url());
  v1::ImportOptions options;
  options.set_request_id("city");
  const auto first = Import(one.stub(), Messages(SmallCity().Build()), options);
  const auto again = Import(two.stub(), Messages(SmallCity().Build()), options);
  ASSERT_THAT(again.first, IsOk());
  EXPECT_EQ(again.second.SerializeAsString(), first.second.SerializeAsString());
}

}  // namespace
}  // namespace klynge::organisation
