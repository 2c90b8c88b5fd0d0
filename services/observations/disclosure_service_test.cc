// Plays the attacker against the service itself: records observations, asks every question there
// is, and tries to compute small groups from the answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "services/observations/analytics/elimination_test_support.h"
#include "services/observations/service_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::observations {
namespace {

using analytics::testing::Attacker;
using klynge::testing::IsOk;
using klynge::testing::TemporaryDirectory;
using testing::Observed;
using testing::Replica;
using testing::TestInstrument;
using testing::TestRound;
using Stub = Replica::Stub;

// Place of observations: unit, month and item; only the test knows how many there were.
using Place = std::tuple<std::string, std::string, std::string>;
using Truth = std::map<Place, int64_t>;

std::shared_ptr<const organisation::Tree> City() {
  organisation::testing::OrganisationBuilder city;
  city.Unit("buf", "administration", "");
  for (const char* area : {"omr-1", "omr-2"}) {
    city.Unit(area, "area", "buf");
    for (int c = 1; c <= 2; ++c) {
      const std::string cluster = absl::StrCat(area, "-kl-", c);
      city.Unit(cluster, "cluster", area);
      for (int u = 1; u <= 3; ++u) city.Unit(absl::StrCat(cluster, "-e-", u), "nursery", cluster);
    }
  }
  return city.BuildTree();
}

class DisclosureServiceTest : public ::testing::TestWithParam<v1::DetailPriority> {
 protected:
  void OpenRound(v1::DetailPriority priority) {
    ASSERT_THAT(replica_.Publish(TestInstrument()), IsOk());
    v1::Round round = TestRound();
    round.set_detail_priority(priority);
    round.set_closes_on("2021-12-31");
    ASSERT_THAT(replica_.Create(round), IsOk());
  }

  Truth RecordAtRandom(std::mt19937& random) {
    Truth truth;
    std::vector<v1::Observation> records;
    for (const auto* unit : city_->UnitsOn(Date(2021, 10, 1))) {
      if (unit->kind != "nursery") continue;
      const int n = static_cast<int>(random() % 14);
      for (int i = 0; i < n; ++i) {
        const std::string month = absl::StrCat("2021-1", random() % 3);
        testing::Ratings ratings = {{"a", 1 + static_cast<int>(random() % 3)}};
        if (random() % 2 == 0) ratings.emplace_back("b", 1 + static_cast<int>(random() % 3));
        for (const auto& [item, value] : ratings) ++truth[{unit->unit_id, month, item}];
        records.push_back(
            Observed(absl::StrCat("o-", records.size()), unit->unit_id, ratings, month + "-14"));
      }
    }
    EXPECT_THAT(replica_.Record(records).first, IsOk());
    return truth;
  }

  // Every figure that can be asked for.
  std::vector<v1::Aggregate> AskEverything() {
    std::vector<v1::Aggregate> all;
    for (int level = 1; level <= v1::AggregateLevel_MAX; ++level) {
      for (auto subject : {v1::AGGREGATE_SUBJECT_ITEM, v1::AGGREGATE_SUBJECT_GUIDEPOST}) {
        for (auto period : {v1::AGGREGATE_PERIOD_ROUND, v1::AGGREGATE_PERIOD_MONTH}) {
          v1::QueryAggregatesRequest request;
          request.add_round_ids("autumn");
          request.set_level(static_cast<v1::AggregateLevel>(level));
          request.set_subject(subject);
          request.set_period(period);
          v1::QueryAggregatesResponse response;
          EXPECT_THAT(replica_.Ask(&Stub::QueryAggregates, request, &response), IsOk());
          all.insert(all.end(), response.aggregates().begin(), response.aggregates().end());
        }
      }
    }
    return all;
  }

  // The places that a figure sums, as the attacker writes them down.
  Attacker::Vector Equation(const v1::Aggregate& asked, const Truth& truth) const {
    const auto below = city_->Subtree(asked.unit_id(), Date(2021, 10, 1));
    const std::set<std::string> units(below.begin(), below.end());
    Attacker::Vector equation;
    for (const auto& [place, n] : truth) {
      const auto& [unit, month, item] = place;
      const bool in =
          units.count(unit) > 0 && (asked.month().empty() || asked.month() == month) &&
          (asked.item_id().empty() ? asked.scale_id() == "light" : asked.item_id() == item);
      equation.push_back(in ? 1 : 0);
    }
    return equation;
  }

  TemporaryDirectory directory_;
  std::shared_ptr<const organisation::Tree> city_ = City();
  Replica replica_{"sqlite:" + directory_.path() + "/observations.db", city_};
};

TEST_P(DisclosureServiceTest, NoAnswersTogetherGiveASmallGroupAway) {
  std::mt19937 random(120);
  OpenRound(GetParam());
  const Truth truth = RecordAtRandom(random);
  ASSERT_THAT(replica_.Close("autumn"), IsOk());
  Attacker attacker;
  std::vector<Attacker::Vector> suppressed;
  int shown = 0;
  for (const v1::Aggregate& aggregate : AskEverything()) {
    const Attacker::Vector equation = Equation(aggregate, truth);
    if (aggregate.figure().suppression() != v1::SUPPRESSION_NONE) {
      suppressed.push_back(equation);
      continue;
    }
    int64_t n = 0;
    size_t place = 0;
    for (const auto& entry : truth) n += entry.second * equation[place++];
    ASSERT_EQ(aggregate.figure().n(), n) << "what is shown is true";
    attacker.Learn(equation);
    ++shown;
  }
  for (const auto& equation : suppressed) ASSERT_FALSE(attacker.CanCompute(equation));
  size_t place = 0;
  for (const auto& [at, n] : truth) {
    Attacker::Vector alone(truth.size(), 0);
    alone[place++] = 1;
    if (n < 5) {
      ASSERT_FALSE(attacker.CanCompute(alone));
    }
  }
  EXPECT_GT(shown, 50);
  EXPECT_GT(suppressed.size(), 50);
}

INSTANTIATE_TEST_SUITE_P(, DisclosureServiceTest,
                         ::testing::Values(v1::DETAIL_PRIORITY_UNITS, v1::DETAIL_PRIORITY_MONTHS),
                         [](const auto& priority) {
                           return v1::DetailPriority_Name(priority.param);
                         });

}  // namespace
}  // namespace klynge::observations
