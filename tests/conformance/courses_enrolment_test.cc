// However many enrol at once, on whichever replica and engine: never above capacity, never a split
// team, never a team twice.
#include <atomic>
#include <set>
#include <thread>

#include "services/courses/courses_service_test_support.h"
#include "services/platform/mutex.h"

namespace klynge::courses::testing {
namespace {

using ::klynge::testing::AsStatus;
using ::klynge::testing::IsOk;

constexpr int kClusters = 30;  // in each area; each team has 1 + kLeaders leaders
constexpr int kLeaders = 2;
constexpr int kClients = 50;

class EnrolmentAtOnceTest : public klynge::testing::EngineTest {};
KLYNGE_ON_BOTH_ENGINES(EnrolmentAtOnceTest);

std::string ClusterOf(int number) {
  return absl::StrCat("kl-", number % 2 == 0 ? "a" : "b", "-", number / 2 + 1);
}

TEST_P(EnrolmentAtOnceTest, FillsTheLastSeatsWithoutExceedingThem) {
  const auto tree = City(kClusters, kLeaders).BuildTree();
  Replica first(Open(Migrations()), tree, clock());
  Replica second(Open(Migrations()), tree, clock());
  // 25 places hold eight teams of three; the ninth must not be let in with one leader.
  ASSERT_THAT(Client(first).Create(Programme(25)), IsOk());

  std::atomic<int> enrolled = 0;
  std::set<std::string> other_reasons;
  Mutex mutex;
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      const grpc::Status status = Client(i % 2 == 0 ? first : second).Enrol(ClusterOf(i));
      if (status.ok()) {
        ++enrolled;
        return;
      }
      MutexLock lock(&mutex);
      other_reasons.insert(ReasonOf(AsStatus(status)));
    });
  }
  for (auto& client : clients) client.join();

  EXPECT_EQ(enrolled, 8);
  EXPECT_THAT(other_reasons, ::testing::ElementsAre("CAPACITY_EXCEEDED"));
  absl::SleepFor(absl::Milliseconds(1500));  // the other replica's poll
  for (Replica* replica : {&first, &second}) {
    const auto listed = Client(*replica).Enrolments();
    EXPECT_EQ(listed.places().taken(), 24);
    ASSERT_EQ(listed.enrolments_size(), 8);
    for (const auto& enrolment : listed.enrolments()) {
      EXPECT_EQ(enrolment.leaders_size(), 1 + kLeaders) << enrolment.cluster_id();
    }
  }
}

TEST_P(EnrolmentAtOnceTest, EnrolsATeamOnceThoughAllAskForIt) {
  const auto tree = City(1, kLeaders).BuildTree();
  Replica first(Open(Migrations()), tree, clock());
  Replica second(Open(Migrations()), tree, clock());
  ASSERT_THAT(Client(first).Create(Programme(25)), IsOk());
  std::atomic<int> enrolled = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      if (Client(i % 2 == 0 ? first : second).Enrol("kl-a-1").ok()) ++enrolled;
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(enrolled, 1);
}

}  // namespace
}  // namespace klynge::courses::testing
