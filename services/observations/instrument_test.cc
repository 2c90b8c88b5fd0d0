#include "services/observations/instrument.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/observations/observations_test_support.h"
#include "tests/support/status_matchers.h"

namespace klynge::observations {
namespace {

using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::WrongFields;
using ::testing::ElementsAre;
using testing::TestInstrument;
using ::testing::UnorderedElementsAre;

TEST(Instrument, MayBePublishedWhenNothingIsWrong) {
  EXPECT_THAT(CheckInstrument(TestInstrument()), IsOk());
}

TEST(Instrument, ListsEveryWrongFieldAtOnce) {
  v1::Instrument instrument = TestInstrument();
  instrument.set_instrument_id("Not An Id");
  instrument.mutable_label()->clear_da();
  instrument.mutable_scales(0)->set_maximum(0);
  instrument.mutable_scales(0)->set_favourable_from(9);
  instrument.mutable_items(2)->set_scale_id("nine");
  instrument.mutable_items(3)->set_quality_area("weather");
  const absl::Status status = CheckInstrument(instrument);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(
      WrongFields(status),
      UnorderedElementsAre("instrument.instrument_id", "instrument.label.da",
                           "instrument.scales[0].maximum", "instrument.scales[0].favourable_from",
                           "instrument.items[2].scale_id", "instrument.items[3].quality_area"));
}

TEST(Instrument, RefusesTwoItemsOfOneId) {
  v1::Instrument instrument = TestInstrument();
  instrument.mutable_items(1)->set_item_id("a");
  EXPECT_THAT(WrongFields(CheckInstrument(instrument)), ElementsAre("instrument.items[1].item_id"));
}

TEST(Instrument, RefusesAScaleWiderThanTwenty) {
  v1::Instrument instrument = TestInstrument();
  instrument.mutable_scales(1)->set_maximum(20);
  EXPECT_THAT(CheckInstrument(instrument), IsOk());
  instrument.mutable_scales(1)->set_maximum(21);
  EXPECT_THAT(WrongFields(CheckInstrument(instrument)),
              ElementsAre("instrument.scales[1].maximum"));
}

TEST(Instrument, RefusesAMeaningForARatingOutsideTheScale) {
  v1::Instrument instrument = TestInstrument();
  v1::ScalePoint& point = *instrument.mutable_scales(0)->add_points();
  point.set_value(4);
  *point.mutable_label() = testing::Danish("Blå");
  EXPECT_THAT(WrongFields(CheckInstrument(instrument)),
              ElementsAre("instrument.scales[0].points[0].value"));
}

TEST(Instrument, RefusesOneWithoutItems) {
  v1::Instrument instrument = TestInstrument();
  instrument.clear_items();
  EXPECT_THAT(WrongFields(CheckInstrument(instrument)), ElementsAre("instrument.items"));
}

TEST(Instrument, IsTheSameWhateverItsVersionAndTime) {
  v1::Instrument published = TestInstrument();
  published.set_version(3);
  published.mutable_published_at()->set_seconds(1);
  EXPECT_TRUE(SameContent(published, TestInstrument()));
  published.mutable_items(0)->mutable_text()->set_da("andet");
  EXPECT_FALSE(SameContent(published, TestInstrument()));
}

TEST(Instrument, FindsItemsWithTheirScales) {
  const Instrument instrument(TestInstrument());
  ASSERT_EQ(instrument.FindItem("c"), 2);
  EXPECT_EQ(instrument.items()[2].maximum, 7);
  EXPECT_EQ(instrument.items()[2].favourable_from, 5);
  EXPECT_EQ(instrument.FindItem("z"), -1);
}

}  // namespace
}  // namespace klynge::observations
