// The property that all rules about bodies are there for, against a model that asks day by day.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "services/organisation/body_index.h"
#include "services/organisation/body_test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::Contains;
using ::testing::Each;

// Whatever is sent, no day ever shows a body without its unit, a member without the body, somebody
// twice in a role, or a body that is not made up as its kind insists; and the gaps are those that
// counting on each day finds.
class RandomBodies : public ::testing::TestWithParam<int> {
 protected:
  std::string Pick(const std::vector<std::string>& from) { return from[Below(from.size())]; }
  size_t Below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }
  static Date Month(int month) { return D("2020-01-01") + month * 30; }
  std::string Day() { return FormatDate(Month(static_cast<int>(Below(12)))); }
  std::string Open() { return Below(2) ? "" : Day(); }

  Message RandomRow() {
    const std::vector<std::string> bodies = {"b0", "b1", "b2", "b3"};
    const std::vector<std::string> persons = {"p-kl-1", "p-kl-2", "p-pl-1", "p-pl-2", "p-pl-3"};
    switch (Below(8)) {
      case 0:
        return UnitMessage("kl-new", "cluster", "omr-vvk", "2020-01-01", Open());
      case 1:
      case 2:
        return Row(Named(BodyOf(Pick(bodies), Pick({"board", "committee"}),
                                Pick({"kl-new", "kl-vvk-01", "omr-vvk"}))));
      default: {
        BodyMembership held = Seat(Pick(bodies), Pick(persons), Pick({"chair", "staff", "parent"}));
        held.membership_id = absl::StrCat("m", Below(12));
        held.valid = Period();
        return Row(held);
      }
    }
  }
  Body Named(Body body) {
    body.valid = Period();
    return body;
  }
  DateRange Period() {
    const int from = static_cast<int>(Below(8));
    return {Month(from), Below(2) ? kOpenEnd : Month(from + 1 + static_cast<int>(Below(6)))};
  }

  // Whole bodies, so that some committees come to be.
  std::vector<Message> RandomCommittee() {
    Body body = BodyOf(absl::StrCat("b", Below(4)), "committee", "kl-vvk-01");
    body.valid = Period();
    std::vector<Message> rows = {Row(body)};
    for (const char* person : {"p-kl-1", "p-pl-1", "p-pl-2"}) {
      BodyMembership held =
          Seat(body.body_id, person, person == std::string("p-kl-1") ? "chair" : "staff");
      held.valid = body.valid;
      rows.push_back(Row(held));
    }
    return rows;
  }

  static void ExpectSound(const Tree& tree) {
    const BodyIndex index(tree);
    for (int day = 0; day < 16 * 30; day += 15) ExpectSoundOn(tree, index, Month(-1) + day);
  }

  static void ExpectSoundOn(const Tree& tree, const BodyIndex& index, Date day) {
    std::set<std::string> seen;
    std::map<std::string, std::map<std::string, int>> counts;
    std::map<std::string, std::set<std::string>> persons;
    for (const BodyMembership& held : tree.organisation().body_memberships) {
      if (!held.valid.Contains(day)) continue;
      const BodyIndex::Entry* body = index.Find(held.body_id);
      ASSERT_NE(body, nullptr) << held.membership_id;
      EXPECT_TRUE(body->body->valid.Contains(day)) << held.membership_id;
      EXPECT_NE(FindBodyKind(tree, body->body->kind)->FindSeat(held.role), nullptr);
      EXPECT_NE(tree.FindPerson(held.person_id), nullptr);
      EXPECT_TRUE(seen.insert(held.body_id + held.person_id + held.role).second) << held.body_id;
      ++counts[held.body_id][held.role];
      persons[held.body_id].insert(held.person_id);
    }
    for (const Body& body : tree.organisation().bodies) {
      if (!body.valid.Contains(day)) continue;
      const UnitVersion* unit = tree.FindUnit(body.unit_id, day);
      ASSERT_NE(unit, nullptr) << body.body_id << " on " << FormatDate(day);
      const BodyKind& kind = *FindBodyKind(tree, body.kind);
      EXPECT_THAT(kind.unit_kinds, Contains(unit->kind));
      ExpectGaps(index.Find(body.body_id)->gaps, kind, counts[body.body_id],
                 static_cast<int>(persons[body.body_id].size()), day);
    }
  }

  static void ExpectGaps(const std::vector<CompositionGap>& gaps, const BodyKind& kind,
                         std::map<std::string, int>& counts, int persons, Date day) {
    std::multiset<std::tuple<std::string, CompositionProblem, int>> told, found;
    for (const CompositionGap& gap : gaps) {
      if (!gap.valid.Contains(day)) continue;
      EXPECT_FALSE(gap.refused()) << gap.body->body_id << " on " << FormatDate(day);
      told.insert({gap.seat->role, gap.problem, gap.count});
    }
    for (const BodySeat& seat : kind.seats) {
      const int count = counts[seat.role];
      if (count < seat.least) found.insert({seat.role, CompositionProblem::kTooFew, count});
      if (seat.most > 0 && count > seat.most) {
        found.insert({seat.role, CompositionProblem::kTooMany, count});
      }
      if (seat.majority && persons > 0 && count * 2 <= persons) {
        found.insert({seat.role, CompositionProblem::kNoMajority, count});
      }
    }
    EXPECT_EQ(told, found) << FormatDate(day);
  }

  std::mt19937 random_{static_cast<unsigned>(GetParam())};
};

TEST_P(RandomBodies, NeverShowABrokenRuleOnAnyDate) {
  std::shared_ptr<const Tree> tree =
      CityWithBodies().Unit("kl-new", "cluster", "omr-vvk").BuildTree();
  for (int round = 0; round < 10; ++round) {
    std::vector<Message> messages(1 + Below(20));
    for (Message& message : messages) message = RandomRow();
    if (Below(2)) messages = RandomCommittee();
    const ImportPlan plan = Plan(*tree, messages);
    tree = Applied(*tree, plan);
    ExpectSound(*tree);
    if (HasFailure()) return;

    EXPECT_THAT(Outcomes(Plan(*tree, Accepted(messages, plan))), Each("UNCHANGED"));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomBodies, ::testing::Range(0, 80));

}  // namespace
}  // namespace klynge::organisation
