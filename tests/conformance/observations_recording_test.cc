// Recording on both engines, through the service: replicas side by side and after a broken stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "services/observations/service_test_support.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::observations {
namespace {

using klynge::testing::IsOk;
using organisation::testing::SmallCity;
using testing::Observed;
using testing::Replica;
using testing::TestInstrument;
using testing::TestRound;
using Stub = Replica::Stub;

class ObservationsRecordingTest : public klynge::testing::EngineTest {
 protected:
  ObservationsRecordingTest() {
    EXPECT_THAT(first_.Publish(TestInstrument()), IsOk());
    EXPECT_THAT(first_.Create(TestRound()), IsOk());
  }

  // `n` records over two units and both months.
  static std::vector<v1::Observation> Many(int n) {
    std::vector<v1::Observation> records;
    for (int i = 0; i < n; ++i) {
      records.push_back(Observed(absl::StrCat("o-", i), i % 3 == 0 ? "e-vvk-01-01" : "e-vvk-02-01",
                                 {{"a", 1 + i % 3}, {"d", 1 + i % 7}},
                                 i % 2 == 0 ? "2021-10-31" : "2021-11-01"));
    }
    return records;
  }

  // How often each rating of item a was given in the whole of the closed round.
  std::vector<int64_t> Distribution(Replica& replica, int64_t min_revision) {
    v1::QueryAggregatesRequest request;
    request.add_round_ids("autumn");
    request.add_item_ids("a");
    request.set_min_revision(min_revision);
    v1::QueryAggregatesResponse response;
    EXPECT_THAT(replica.Ask(&Stub::QueryAggregates, request, &response), IsOk());
    std::vector<int64_t> counts;
    for (const auto& count : response.aggregates(0).figure().distribution()) {
      counts.push_back(count.count());
    }
    return counts;
  }

  std::shared_ptr<const organisation::Tree> city_ = SmallCity().BuildTree();
  Replica first_{url(), city_};
  Replica second_{url(), city_};
};
KLYNGE_ON_BOTH_ENGINES(ObservationsRecordingTest);

TEST_P(ObservationsRecordingTest, TwoReplicasGivenTheSameStreamStoreEachRecordOnce) {
  const auto records = Many(2500);
  v1::RecordObservationsResponse there;
  std::thread other([&] {
    auto [status, response] = second_.Record(records);
    EXPECT_THAT(status, IsOk());
    there = response;
  });
  const auto [status, here] = first_.Record(records);
  other.join();
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(here.created() + there.created(), 2500);
  EXPECT_EQ(here.unchanged() + there.unchanged(), 2500);
  v1::CloseRoundResponse closed;
  ASSERT_THAT(first_.Close("autumn", &closed), IsOk());
  EXPECT_EQ(closed.round().observation_count(), 2500);
  EXPECT_THAT(Distribution(second_, closed.revision()), ::testing::ElementsAre(834, 833, 833));
}

TEST_P(ObservationsRecordingTest, SendingAllAgainAfterABrokenStreamCompletesIt) {
  const auto records = Many(2500);
  {
    grpc::ClientContext context;
    v1::RecordObservationsResponse response;
    auto writer = first_.stub().RecordObservations(&context, &response);
    v1::RecordObservationsRequest message;
    for (int i = 0; i < 1700; ++i) {
      *message.mutable_observation() = records[static_cast<size_t>(i)];
      ASSERT_TRUE(writer->Write(message));
    }
    context.TryCancel();
    EXPECT_FALSE(writer->Finish().ok());
  }
  const auto [status, response] = first_.Record(records);
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(response.created() + response.unchanged(), 2500);
  v1::CloseRoundResponse closed;
  ASSERT_THAT(second_.Close("autumn", &closed), IsOk());
  EXPECT_EQ(closed.round().observation_count(), 2500);
  EXPECT_THAT(Distribution(first_, closed.revision()), ::testing::ElementsAre(834, 833, 833));
}

TEST_P(ObservationsRecordingTest, NothingIsTakenOnceAnotherReplicaHasClosedTheRound) {
  ASSERT_THAT(second_.Close("autumn"), IsOk());
  const auto [status, response] = first_.Record(Many(3));
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(response.rejected(), 3);
  EXPECT_EQ(response.outcomes(0).reason(), "ROUND_CLOSED");
}

}  // namespace
}  // namespace klynge::observations
