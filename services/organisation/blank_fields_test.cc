#include "services/organisation/blank_fields.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "services/organisation/test_support.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Message Row(const std::string& json) {
  Message message;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &message).ok()) << json;
  return message;
}

// The city, with one thing of each sort that has something of its own to keep.
std::shared_ptr<const Tree> Stored() {
  Position position{"pos",
                    "cluster_leader",
                    "kl-vvk-01",
                    {"Økonomi", "Drift"},
                    {D("2030-01-01"), D("2031-01-01")}};
  Organisation made = SmallCity()
                          .Unit("e-vvk-01-01", "nursery", "kl-vvk-01", "2021-01-01")
                          .With(Competence{"play", "Leg", "Play", "", ""})
                          .With(Partner{"skole", "school", "Skolen", {D("2020-01-01"), kOpenEnd}})
                          .With(Partnership{"ps",
                                            "school_cooperation",
                                            "kl-vvk-01",
                                            "skole",
                                            "",
                                            "Brobygning",
                                            {D("2020-01-01"), kOpenEnd}})
                          .Build();
  for (UnitVersion& unit : made.units.Change()) {
    if (unit.unit_id == "e-vvk-01-01" && unit.valid.from == D("2020-01-01")) {
      unit.valid.to = D("2021-01-01");
    }
  }
  made.positions.push_back(std::move(position));
  return std::make_shared<const Tree>(std::move(made), 1);
}

std::string Filled(Message message) {
  EXPECT_THAT(FillBlanks(*Stored(), message), IsEmpty());
  message.clear_clear();
  return message.ShortDebugString();
}
std::string Text(const std::string& json) { return Row(json).ShortDebugString(); }

TEST(BlankFields, KeepWhatIsStored) {
  EXPECT_EQ(Filled(Row(R"({"position": {"position_id": "pos", "role": "area_chief"}})")),
            Text(R"({"position": {"position_id": "pos", "role": "area_chief",
                     "unit_id": "kl-vvk-01", "responsibilities": ["Økonomi", "Drift"],
                     "valid_from": "2030-01-01", "valid_to": "2031-01-01"}})"));
}

TEST(BlankFields, StayBlankWhereNothingIsStored) {
  const std::string row = R"({"position": {"position_id": "pos-new", "role": "area_chief"}})";
  EXPECT_EQ(Filled(Row(row)), Text(row));
}

TEST(BlankFields, AreEmptiedByClear) {
  EXPECT_EQ(Filled(Row(R"({"position": {"position_id": "pos"},
                           "clear": ["valid_to", "responsibilities"]})")),
            Text(R"({"position": {"position_id": "pos", "role": "cluster_leader",
                     "unit_id": "kl-vvk-01", "valid_from": "2030-01-01"}})"));
}

TEST(BlankFields, ReplaceAListWhole) {
  EXPECT_EQ(Filled(Row(R"({"position": {"position_id": "pos", "responsibilities": ["Løn"]}})")),
            Text(R"({"position": {"position_id": "pos", "role": "cluster_leader",
                     "unit_id": "kl-vvk-01", "responsibilities": ["Løn"],
                     "valid_from": "2030-01-01", "valid_to": "2031-01-01"}})"));
}

TEST(BlankFields, OfAMessageWithinTheRowCountForThemselves) {
  EXPECT_EQ(
      Filled(Row(R"({"competence": {"competence": "play", "label": {"en": "Playing"}}})")),
      Text(R"({"competence": {"competence": "play", "label": {"da": "Leg", "en": "Playing"}}})"));
  EXPECT_EQ(Filled(Row(R"({"competence": {"competence": "play"}, "clear": ["label.en"]})")),
            Text(R"({"competence": {"competence": "play", "label": {"da": "Leg"}}})"));
}

TEST(BlankFields, KeepNothingBesideTheOtherFieldOfAOneof) {
  const std::string rest =
      R"("kind": "school_cooperation", "unit_id": "kl-vvk-01", "purpose": "Brobygning",
         "valid_from": "2020-01-01"}})";
  EXPECT_EQ(Filled(Row(R"({"partnership": {"partnership_id": "ps", "partner_unit_id": "x"}})")),
            Text(R"({"partnership": {"partnership_id": "ps", "partner_unit_id": "x", )" + rest));
  EXPECT_EQ(Filled(Row(R"({"partnership": {"partnership_id": "ps", "partner_unit_id": ""}})")),
            Text(R"({"partnership": {"partnership_id": "ps", "partner_id": "skole", )" + rest));
}

TEST(BlankFields, OfAVersionThatIsStoredKeepThatVersion) {
  EXPECT_EQ(Filled(Row(R"({"unit": {"unit_id": "e-vvk-01-01", "valid_from": "2021-01-01",
                                    "name": "Ny"}})")),
            Text(R"({"unit": {"unit_id": "e-vvk-01-01", "kind": "nursery", "name": "Ny",
                              "parent_id": "kl-vvk-01", "valid_from": "2021-01-01"}})"));
}

TEST(BlankFields, OfANewVersionKeepWhatIsInForceTheDayBefore) {
  const Message filled = [] {
    Message message = Row(R"({"unit": {"unit_id": "e-vvk-01-01", "valid_from": "2020-06-01"}})");
    FillBlanks(*Stored(), message);
    return message;
  }();
  const auto stored = Stored();
  const UnitVersion* before = stored->FindUnit("e-vvk-01-01", D("2020-05-31"));
  ASSERT_NE(before, nullptr);
  EXPECT_EQ(filled.unit().kind(), before->kind);
  EXPECT_EQ(filled.unit().name(), before->name);
  EXPECT_EQ(filled.unit().valid_to(), "2021-01-01");
}

TEST(BlankFields, OfAVersionAfterTheEndOfAUnitDoNotKeepThatEnd) {
  const auto city = SmallCity().BuildTree();
  const auto closed = Applied(
      *city,
      Plan(*city, {UnitMessage("e-ny", "nursery", "kl-vvk-01", "2020-01-01", "2021-01-01")}));
  Message message = Row(R"({"unit": {"unit_id": "e-ny", "valid_from": "2021-01-01"}})");
  FillBlanks(*closed, message);
  EXPECT_EQ(message.unit().kind(), "nursery");
  EXPECT_EQ(message.unit().valid_to(), "");
}

TEST(BlankFields, AreOnlyClearedByNamesThatARowHasAndCanDoWithout) {
  const auto problems = [](Message message) { return FillBlanks(*Stored(), message); };
  const auto wrong = [](const std::string& field, const std::string& description) {
    return ::testing::AllOf(Field(&Problem::field, field),
                            Field(&Problem::description, HasSubstr(description)),
                            Field(&Problem::reason, v1::ERROR_REASON_FIELD_NOT_CLEARABLE));
  };
  EXPECT_THAT(problems(Row(R"({"person": {"person_id": "p-kl-1"}, "clear": ["title"]})")),
              ElementsAre(wrong("person.title", "it has person_id, name, erased_on")));
  EXPECT_THAT(problems(Row(R"({"position": {"position_id": "pos"},
                               "clear": ["valid_from", "position_id"]})")),
              ElementsAre(wrong("position.valid_from", "cannot be cleared"),
                          wrong("position.position_id", "cannot be cleared")));
  EXPECT_THAT(problems(Row(R"({"position": {"position_id": "pos", "valid_to": "2031-02-01"},
                               "clear": ["valid_to"]})")),
              ElementsAre(wrong("position.valid_to", "both given and cleared")));
}

TEST(BlankFields, OfEverySortAreKept) {
  const auto tree = Stored();
  for (const Message& message : Messages(tree->organisation())) {
    const auto* field = RowIn(message);
    ASSERT_NE(field, nullptr) << message.ShortDebugString();
    Message bare;
    auto* row = bare.GetReflection()->MutableMessage(&bare, field);
    row->CopyFrom(message.GetReflection()->GetMessage(message, field));
    for (const char* name : {"name", "kind", "role", "valid_to", "person_id", "label", "level"}) {
      const auto* plain = row->GetDescriptor()->FindFieldByName(name);
      if (plain != nullptr && message.person().person_id().empty()) {
        row->GetReflection()->ClearField(row, plain);
      }
    }
    EXPECT_THAT(FillBlanks(*tree, bare), IsEmpty());
    EXPECT_EQ(bare.ShortDebugString(), message.ShortDebugString());
  }
}

}  // namespace
}  // namespace klynge::organisation
