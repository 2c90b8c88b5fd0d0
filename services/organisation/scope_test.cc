#include "services/organisation/scope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "klynge/organisation/v1/partnership.pb.h"
#include "services/organisation/client/bodies_convert.h"
#include "services/organisation/client/convert.h"
#include "services/organisation/client/test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

template <class Proto, class Thing>
Proto AsProto(const Thing& thing) {
  Proto proto;
  ToProto(thing, &proto);
  return proto;
}

TEST(Scope, HasWhatIsOrWasBelowOnAnyDay) {
  const auto tree = SmallCity()
                        .Unit("e-flyttet", "club", "kl-vvk-01", "2020-01-01", "2021-01-01")
                        .Unit("e-flyttet", "club", "kl-vvk-02", "2021-01-01")
                        .BuildTree();
  EXPECT_THAT(Scope(*tree, "kl-vvk-01").units(),
              UnorderedElementsAre("kl-vvk-01", "e-vvk-01-01", "e-vvk-01-02", "e-flyttet"));
  EXPECT_THAT(Scope(*tree, "kl-vvk-02").units(),
              UnorderedElementsAre("kl-vvk-02", "e-vvk-02-01", "e-flyttet"));
}

// What came to a cluster after the cluster had left the area was never in the area.
TEST(Scope, LeavesOutWhatCameBelowLater) {
  const auto tree = OrganisationBuilder()
                        .Unit("buf", "administration", "")
                        .Unit("omr-1", "area", "buf")
                        .Unit("omr-2", "area", "buf")
                        .Unit("kl-1", "cluster", "omr-1", "2020-01-01", "2021-01-01")
                        .Unit("kl-1", "cluster", "omr-2", "2021-01-01")
                        .Unit("e-tidlig", "club", "kl-1", "2020-06-01")
                        .Unit("e-sen", "club", "kl-1", "2021-06-01")
                        .BuildTree();
  EXPECT_THAT(Scope(*tree, "omr-1").units(), UnorderedElementsAre("omr-1", "kl-1", "e-tidlig"));
  EXPECT_THAT(Scope(*tree, "omr-2").units(),
              UnorderedElementsAre("omr-2", "kl-1", "e-tidlig", "e-sen"));
}

TEST(UnitsOf, AreThoseAThingNames) {
  const auto tree = SmallCity().BuildTree();
  EXPECT_THAT(UnitsOf(*tree, AsProto<v1::Unit>(*tree->FindUnit("kl-vvk-01", D("2021-01-01")))),
              ElementsAre("kl-vvk-01", "omr-vvk"));
  EXPECT_THAT(UnitsOf(*tree, AsProto<v1::Assignment>(*tree->AssignmentsOf("p-pl-1")[0])),
              ElementsAre("e-vvk-01-01"));
}

TEST(UnitsOf, AreFoundThroughThePosition) {
  const auto tree = SmallCity()
                        .Position("pos-1", "pedagogical_leader", "e-vvk-02-01")
                        .StandIn("p-pl-3", "pos-1", "2021-01-01")
                        .BuildTree();
  EXPECT_THAT(UnitsOf(*tree, AsProto<v1::Substitution>(tree->organisation().substitutions[0])),
              ElementsAre("e-vvk-02-01"));
}

TEST(UnitsOf, AreWhereAPersonSits) {
  const auto tree =
      SmallCity()
          .Position("pos-1", "pedagogical_leader", "e-vvk-02-01")
          .StandIn("p-pl-3", "pos-1", "2021-01-01")
          .With(Body{"b-1", "network", "Netværk", "omr-vvk", {D("2020-01-01"), kOpenEnd}})
          .With(BodyMembership{"bm-1", "b-1", "p-pl-3", "member", "", {D("2020-01-01"), kOpenEnd}})
          .Someone("p-uden")
          .BuildTree();
  EXPECT_THAT(UnitsOf(*tree, AsProto<v1::Person>(*tree->FindPerson("p-pl-3"))),
              UnorderedElementsAre("e-net-01-01", "e-vvk-02-01", "omr-vvk"));
  EXPECT_THAT(UnitsOf(*tree, AsProto<v1::Person>(*tree->FindPerson("p-uden"))), IsEmpty());
  v1::Employment employment;
  employment.set_person_id("p-pl-1");
  EXPECT_THAT(UnitsOf(*tree, employment), ElementsAre("e-vvk-01-01"));
}

TEST(UnitsOf, AreNoneForWhatHasNoPlaceInTheTree) {
  v1::Partner partner;
  partner.set_partner_id("skole-1");
  EXPECT_THAT(UnitsOf(*SmallCity().BuildTree(), partner), IsEmpty());
}

TEST(ThingsByUnit, KnowsWhatHasToDoWithAUnit) {
  const auto tree = SmallCity().BuildTree();
  EXPECT_THAT(tree->Indexed<ThingsByUnit>().Of("e-vvk-01-01"),
              UnorderedElementsAre(Pair("unit", "e-vvk-01-01"), Pair("person", "p-pl-1"),
                                   Pair("assignment", "a-p-pl-1-e-vvk-01-01-2020-01-01")));
  EXPECT_THAT(tree->Indexed<ThingsByUnit>().Of("e-ukendt"), IsEmpty());
}

}  // namespace
}  // namespace klynge::organisation
