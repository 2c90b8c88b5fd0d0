#include "services/organisation/queries.h"

#include <absl/algorithm/container.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/client/convert.h"
#include "services/organisation/client/test_support.h"
#include "services/platform/rpc/page_token.h"

namespace klynge::organisation {
namespace {

using testing::D;
using testing::OrganisationBuilder;
using testing::SmallCity;

// A city in which a unit is renamed, moves, and ends.
std::shared_ptr<const Tree> ChangingCity() {
  return SmallCity()
      .Unit("e-old", "nursery", "kl-vvk-01", "2020-01-01", "2021-01-01")
      .Unit("e-old", "integrated_day_care", "kl-vvk-01", "2021-01-01", "2022-08-01")
      .Unit("e-old", "integrated_day_care", "kl-vvk-02", "2022-08-01", "2023-01-01")
      .BuildTree(7);
}

const char* const kDays[] = {"2020-01-01", "2020-12-31", "2021-01-01", "2022-07-31",
                             "2022-08-01", "2022-12-31", "2023-01-01", "2030-01-01"};

std::string Text(const grpc::ByteBuffer& bytes) {
  grpc::Slice slice;
  EXPECT_TRUE(bytes.DumpToSingleSlice(&slice).ok());
  return std::string(reinterpret_cast<const char*>(slice.begin()), slice.size());
}

TEST(Queries, AnswerGetUnitWithTheBytesOfItsMessage) {
  const auto tree = ChangingCity();
  for (const char* day : kDays) {
    for (const UnitVersion* unit : tree->UnitsOn(D(day))) {
      v1::GetUnitResponse expected;
      ToProto(*unit, expected.mutable_unit());
      for (const UnitVersion* above : tree->AncestorVersions(unit->unit_id, D(day))) {
        ToProto(*above, expected.add_ancestors());
      }
      for (const UnitVersion* version : tree->Versions(unit->unit_id)) {
        ToProto(*version, expected.add_versions());
      }
      expected.set_revision(7);
      expected.set_opened_on(FormatDate(tree->Versions(unit->unit_id).front()->valid.from));
      expected.set_closed_on(FormatEnd(tree->Versions(unit->unit_id).back()->valid.to));

      v1::GetUnitRequest request;
      request.set_unit_id(unit->unit_id);
      grpc::ByteBuffer answer;
      ASSERT_TRUE(Answer(*tree, D(day), request, &answer).ok());
      EXPECT_EQ(Text(answer), expected.SerializeAsString()) << unit->unit_id << " on " << day;
    }
  }
}

TEST(Queries, AnswerEachPageOfListUnitsWithTheBytesOfItsMessage) {
  const auto tree = ChangingCity();
  for (const char* day : kDays) {
    std::vector<const UnitVersion*> units = tree->SubtreeVersions("omr-vvk", D(day));
    absl::c_sort(units, [](const auto* a, const auto* b) { return a->unit_id < b->unit_id; });
    v1::ListUnitsRequest request;
    request.set_subtree_of("omr-vvk");
    request.set_page_size(3);
    for (size_t first = 0; first < units.size(); first += 3) {
      v1::ListUnitsResponse expected;
      const size_t end = std::min(first + 3, units.size());
      for (size_t i = first; i < end; ++i) ToProto(*units[i], expected.add_units());
      if (end < units.size()) {
        expected.set_next_page_token(rpc::MakePageToken(request, units[end - 1]->unit_id));
      }
      expected.set_total_size(static_cast<int64_t>(units.size()));
      expected.set_revision(7);

      grpc::ByteBuffer answer;
      ASSERT_TRUE(Answer(*tree, D(day), request, &answer).ok());
      ASSERT_EQ(Text(answer), expected.SerializeAsString()) << "from " << first << " on " << day;
      request.set_page_token(expected.next_page_token());
    }
  }
}

TEST(Queries, CountAKindThatIsAskedForTwiceOnce) {
  const auto tree = SmallCity().BuildTree();
  v1::ListUnitsRequest request;
  request.add_kinds("cluster");
  request.add_kinds("self_owned_network");
  request.add_kinds("cluster");
  for (int i = 0; i < 3; ++i) {
    grpc::ByteBuffer answer;
    ASSERT_TRUE(Answer(*tree, D("2021-01-01"), request, &answer).ok());
    v1::ListUnitsResponse response;
    ASSERT_TRUE(response.ParseFromString(Text(answer)));
    EXPECT_EQ(response.total_size(), 3);
    EXPECT_EQ(response.units_size(), 3);
  }
}

}  // namespace
}  // namespace klynge::organisation
