#include "services/organisation/unit_listing.h"

#include <absl/algorithm/container.h>
#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "services/organisation/client/convert.h"
#include "services/organisation/client/test_support.h"

namespace klynge::organisation {
namespace {

using testing::D;
using ::testing::ElementsAre;
using testing::OrganisationBuilder;
using testing::SmallCity;

constexpr int kDays = 60;
const Date kFirst(2021, 1, 1);

std::vector<std::string> Ids(const UnitPage& page) {
  std::vector<std::string> ids;
  for (const UnitVersion* unit : page.units) ids.push_back(unit->unit_id);
  return ids;
}

// A unit in another message is its length, here one byte, and itself.
v1::Unit Parsed(absl::string_view bytes) {
  v1::Unit unit;
  EXPECT_EQ(static_cast<size_t>(bytes[0]), bytes.size() - 1);
  EXPECT_TRUE(unit.ParseFromArray(bytes.data() + 1, static_cast<int>(bytes.size()) - 1));
  return unit;
}

TEST(UnitListing, HasEachVersionAsItsMessage) {
  auto tree = SmallCity()
                  .Unit("e-new", "nursery", "kl-vvk-01", "2021-01-01", "2022-01-01")
                  .Unit("e-new", "club", "kl-vvk-02", "2022-01-01")
                  .BuildTree();
  for (const UnitVersion& unit : tree->organisation().units) {
    v1::Unit expected;
    ToProto(unit, &expected);
    EXPECT_EQ(Parsed(tree->Indexed<UnitListing>().Bytes(unit)).SerializeAsString(),
              expected.SerializeAsString());
  }
  EXPECT_EQ(Parsed(tree->Indexed<UnitListing>().Bytes(*tree->FindUnit("e-new", D("2021-06-01"))))
                .valid_to(),
            "2022-01-01");
  EXPECT_EQ(Parsed(tree->Indexed<UnitListing>().Bytes(*tree->FindUnit("e-new", D("2022-06-01"))))
                .valid_to(),
            "");
}

// Asked often enough that every way of finding the page is taken.
TEST(UnitListing, PutsAUnitWhereItStandsThatDay) {
  auto tree = SmallCity()
                  .Unit("e-moving", "club", "kl-vvk-01", "2020-01-01", "2022-08-01")
                  .Unit("e-moving", "club", "kl-vvk-02", "2022-08-01")
                  .BuildTree();
  const auto below = [&](absl::string_view top, absl::string_view day) {
    return Ids(tree->Indexed<UnitListing>().List(
        {.on = D(day), .top = tree->FindUnit(top, D(day)), .limit = 9}));
  };
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(below("kl-vvk-01", "2022-07-31"),
                ElementsAre("e-moving", "e-vvk-01-01", "e-vvk-01-02", "kl-vvk-01"));
    EXPECT_THAT(below("kl-vvk-01", "2022-08-01"),
                ElementsAre("e-vvk-01-01", "e-vvk-01-02", "kl-vvk-01"));
    EXPECT_THAT(below("kl-vvk-02", "2022-08-01"),
                ElementsAre("e-moving", "e-vvk-02-01", "kl-vvk-02"));
  }
}

TEST(UnitListing, AnswersEvenWhenItsUnitsFormACycleOrExistTwice) {
  const Date on = D("2021-01-01");
  const auto cycle =
      OrganisationBuilder().Unit("a", "area", "b").Unit("b", "area", "a").BuildTree();
  const auto twice = OrganisationBuilder().Unit("c", "area", "").Unit("c", "club", "").BuildTree();
  for (int i = 0; i < 5; ++i) {
    const UnitQuery below{.on = on, .top = cycle->FindUnit("a", on), .limit = 9};
    EXPECT_EQ(cycle->Indexed<UnitListing>().List(below).total, 2);
    EXPECT_EQ(twice->Indexed<UnitListing>().List({.on = on, .limit = 9}).total, 2);
  }
}

// Units that begin, move, change their kind and end on any day. A unit stands below one that was
// made before it, so there are no cycles, but a unit's parent may have gone.
std::shared_ptr<const Tree> RandomTree(std::mt19937& random, int size) {
  Organisation made;
  const auto kinds = OrganisationBuilder::Institutions();
  const uint32_t depth = 1 + random() % 30;  // the smaller, the deeper
  std::vector<std::string> ids;
  for (int i = 0; i < size; ++i) {
    // The order of ids is not that of the tree.
    ids.push_back(absl::StrCat("u", random() % 1000, "-", i));
    Date from = kFirst + static_cast<int>(random() % 4 == 0 ? random() % kDays : 0);
    const int versions = 1 + static_cast<int>(random() % 3);
    for (int version = 1; version <= versions; ++version) {
      const bool open = version == versions && random() % 2 == 0;
      const Date to = open ? kOpenEnd : from + 1 + static_cast<int>(random() % kDays);
      const int parent = std::max(0, i - 1 - static_cast<int>(random() % depth));
      const bool root = i == 0 || random() % 20 == 0;
      made.units.push_back({ids.back(),
                            kinds[random() % kinds.size()],
                            "Enhed",
                            root ? "" : ids[static_cast<size_t>(parent)],
                            {from, to}});
      from = to;
    }
  }
  return std::make_shared<const Tree>(std::move(made), 1);
}

// What List must answer, from nothing but who stands below whom.
UnitPage Naive(const Tree& tree, const UnitQuery& query) {
  UnitPage page;
  for (const UnitVersion& unit : tree.organisation().units) {
    if (!unit.valid.Contains(query.on)) continue;
    if (query.top != nullptr && !tree.IsWithin(unit.unit_id, query.top->unit_id, query.on)) {
      continue;
    }
    if (!query.kinds.empty() && !absl::c_linear_search(query.kinds, unit.kind)) continue;
    ++page.total;
    if (unit.unit_id <= query.after) continue;
    if (page.units.size() < query.limit) {
      page.units.push_back(&unit);
    } else {
      page.last = false;
    }
  }
  return page;
}

UnitQuery RandomQuery(std::mt19937& random, const Tree& tree, Date on) {
  UnitQuery query{.on = on, .limit = 1 + random() % 20};
  const std::vector<const UnitVersion*> units = tree.UnitsOn(on);
  if (!units.empty() && random() % 4 != 0) query.top = units[random() % units.size()];
  const auto& all = tree.organisation().units;
  if (random() % 2 == 0) query.after = all[random() % all.size()].unit_id;
  static const auto& kinds = *new auto(OrganisationBuilder::Institutions());
  for (const std::string& kind : kinds) {
    if (random() % 5 == 0) query.kinds.push_back(kind);
  }
  return query;
}

TEST(UnitListing, EqualsTheNaiveAnswerOnAnyTreeAndDay) {
  std::mt19937 random(20260902);
  for (const int size : {1, 2, 30, 130, 300}) {
    const auto tree = RandomTree(random, size);
    for (int i = 0; i < 800; ++i) {
      // Mostly the same few days, so that they get arranged, and some that push them out again.
      const Date on =
          kFirst - 1 +
          static_cast<int>(random() % 3 == 0 ? random() % (3 * kDays) : random() % 5 * 11);
      const UnitQuery query = RandomQuery(random, *tree, on);
      const UnitPage expected = Naive(*tree, query),
                     page = tree->Indexed<UnitListing>().List(query);
      ASSERT_EQ(Ids(page), Ids(expected)) << size << " units, " << FormatDate(on);
      ASSERT_EQ(page.total, expected.total);
      ASSERT_EQ(page.last, expected.last);
    }
  }
}

TEST(UnitListing, MayBeAskedByManyThreadsAtOnce) {
  std::mt19937 random(20260903);
  const auto tree = RandomTree(random, 100);
  std::vector<std::thread> threads;
  for (unsigned seed = 0; seed < 4; ++seed) {
    threads.emplace_back([&tree, seed] {
      std::mt19937 own(seed);
      for (int i = 0; i < 500; ++i) {
        const UnitQuery query =
            RandomQuery(own, *tree, kFirst + static_cast<int>(own() % (2 * kDays)));
        EXPECT_EQ(Ids(tree->Indexed<UnitListing>().List(query)), Ids(Naive(*tree, query)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace klynge::organisation
