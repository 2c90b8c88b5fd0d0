#include "services/organisation/cell_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/test_support.h"

namespace klynge::organisation {
namespace {

using ::testing::HasSubstr;

const RowField& FieldOf(const google::protobuf::Message& row, const std::string& path) {
  for (const RowField& field : FieldsOf(*row.GetDescriptor())) {
    if (field.path() == path) return field;
  }
  ADD_FAILURE() << "no field " << path;
  return FieldsOf(*row.GetDescriptor()).front();
}

TEST(CellText, IsTheTextItselfButForWhatLooksNull) {
  for (const auto& [text, cell] : std::vector<std::pair<std::string, std::string>>{
           {"Børnehuset, \"Nord\"", "Børnehuset, \"Nord\""},
           {"a|b\\c", "a|b\\c"},
           {"null", "\\null"},
           {"\\null", "\\\\null"},
           {"nulls", "nulls"}}) {
    v1::Person person, read;
    person.set_name(text);
    EXPECT_EQ(CellOf(FieldOf(person, "name"), person), cell);
    ASSERT_TRUE(SetFromCell(FieldOf(read, "name"), cell, &read).ok());
    EXPECT_EQ(read.name(), text);
  }
}

TEST(CellText, SeparatesTheElementsOfAList) {
  v1::Position position, read;
  for (const char* line : {"Økonomi", "a|b", "c\\", "null", "\\|"}) {
    position.add_responsibilities(line);
  }
  const RowField& field = FieldOf(position, "responsibilities");
  EXPECT_EQ(CellOf(field, position), "Økonomi|a\\|b|c\\\\|null|\\\\\\|");
  ASSERT_TRUE(SetFromCell(field, CellOf(field, position), &read).ok());
  EXPECT_EQ(read.ShortDebugString(), position.ShortDebugString());
}

TEST(CellText, TellsAListWithTheWordNullFromNull) {
  v1::Position position, read;
  position.add_responsibilities("null");
  const RowField& field = FieldOf(position, "responsibilities");
  EXPECT_EQ(CellOf(field, position), "\\null");
  ASSERT_TRUE(SetFromCell(field, "\\null", &read).ok());
  EXPECT_EQ(read.responsibilities(0), "null");
}

TEST(CellText, ReachesTheFieldsOfFields) {
  v1::Competence competence;
  ASSERT_TRUE(SetFromCell(FieldOf(competence, "label.da"), "Leg", &competence).ok());
  EXPECT_EQ(competence.label().da(), "Leg");
  EXPECT_EQ(CellOf(FieldOf(competence, "label.da"), competence), "Leg");
  EXPECT_EQ(CellOf(FieldOf(competence, "description.da"), competence), "");
}

TEST(CellText, ReadsNumbersTruthsAndCodesAndSaysWhatTheyMustBe) {
  v1::HeldCompetence held;
  ASSERT_TRUE(SetFromCell(FieldOf(held, "level"), "3", &held).ok());
  EXPECT_EQ(held.level(), 3);
  EXPECT_EQ(CellOf(FieldOf(held, "level"), held), "3");
  EXPECT_THAT(SetFromCell(FieldOf(held, "level"), "three", &held).message(),
              HasSubstr("must be a number, was \"three\""));
  EXPECT_FALSE(SetFromCell(FieldOf(held, "level"), "3, \"person_id\": 4", &held).ok());

  v1::Role role;
  ASSERT_TRUE(SetFromCell(FieldOf(role, "exclusive"), "true", &role).ok());
  EXPECT_TRUE(role.exclusive());
  EXPECT_THAT(SetFromCell(FieldOf(role, "exclusive"), "ja", &role).message(),
              HasSubstr("true or false"));
  ASSERT_TRUE(SetFromCell(FieldOf(role, "team_part"), "TEAM_PART_LEADER", &role).ok());
  EXPECT_EQ(CellOf(FieldOf(role, "team_part"), role), "TEAM_PART_LEADER");
  EXPECT_THAT(SetFromCell(FieldOf(role, "team_part"), "boss", &role).message(),
              HasSubstr("one of TEAM_PART_NONE, TEAM_PART_LEADER, TEAM_PART_MEMBER"));
}

TEST(CellText, WritesAListOfMessagesAsJson) {
  v1::BodyKind kind, read;
  kind.add_seats()->set_role("chair");
  kind.add_seats()->mutable_label()->set_da("Medlem | \"x\"");
  const RowField& field = FieldOf(kind, "seats");
  EXPECT_EQ(CellOf(field, kind), R"([{"role":"chair"},{"label":{"da":"Medlem | \"x\""}}])");
  ASSERT_TRUE(SetFromCell(field, CellOf(field, kind), &read).ok());
  EXPECT_EQ(read.ShortDebugString(), kind.ShortDebugString());
  EXPECT_FALSE(SetFromCell(field, "[{\"nothing\": 1}]", &read).ok());
}

}  // namespace
}  // namespace klynge::organisation
