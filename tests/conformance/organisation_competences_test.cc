// Competences in the organisation's store, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/competence_index.h"
#include "services/organisation/competence_test_support.h"
#include "tests/conformance/organisation_store_test.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class CompetenceStoreTest : public OrganisationStoreTest {
 protected:
  void StoreCompetences() {
    ASSERT_THAT(Store(Messages(SmallCity().Build())), IsOk());
    ASSERT_THAT(Store({Row(song_), Row(declared_), Row(confirmed_)}), IsOk());
  }
  static const Competence& Find(const Tree& tree, const std::string& competence) {
    return *tree.Indexed<CompetenceIndex>().Find(competence);
  }

  Competence song_{"a-song", "Sang på \"dansk\"", "Song", "Synger 'rent'", "Sings in tune"};
  HeldCompetence declared_ = Declared("p-kl-1", "a-song", 4, "2020-01-01", "2022-01-01");
  HeldCompetence confirmed_ = Confirmed("p-pl-1", "data_use", 3, "p-kl-1");
};
KLYNGE_ON_BOTH_ENGINES(CompetenceStoreTest);

TEST_P(CompetenceStoreTest, BringsACatalogueAndLevelsWithLabels) {
  const auto stored = Load();
  ASSERT_THAT(stored->organisation().competences, SizeIs(20));
  for (const Competence& known : stored->organisation().competences) {
    EXPECT_FALSE(known.label_da.empty() || known.label_en.empty()) << known.competence;
  }
  ASSERT_THAT(stored->organisation().competence_levels, SizeIs(4));
  EXPECT_EQ(stored->organisation().competence_levels[0].level, 1);
  EXPECT_EQ(stored->organisation().competence_levels[3].label_da, "Kan vejlede andre");
}

TEST_P(CompetenceStoreTest, GivesBackWhatWasStored) {
  StoreCompetences();
  const auto stored = Load();
  EXPECT_THAT(stored->organisation().competences, SizeIs(21));
  EXPECT_EQ(Find(*stored, "a-song"), song_);
  EXPECT_THAT(stored->organisation().held_competences, ElementsAre(declared_, confirmed_));
}

TEST_P(CompetenceStoreTest, RefreshesToTheSameAsLoadingAnew) {
  StoreCompetences();
  const auto first = Load();
  const Competence renamed{"data_use", "Brug af data i praksis", "Use of data", "", ""};
  confirmed_.level = 4;
  ASSERT_THAT(Store({Row(renamed), Row(confirmed_)}), IsOk());
  const auto refreshed = Load(first);
  EXPECT_EQ(refreshed->organisation().competences, Load()->organisation().competences);
  EXPECT_EQ(Find(*refreshed, "data_use"), renamed);
  EXPECT_THAT(refreshed->organisation().held_competences, ElementsAre(declared_, confirmed_));
}

TEST_P(CompetenceStoreTest, ChangesNothingWhenTheCatalogueIsSentBack) {
  const auto stored = Load();
  std::vector<Message> catalogue;
  for (const Competence& known : stored->organisation().competences) {
    catalogue.push_back(Row(known));
  }
  EXPECT_THAT(Outcomes(Plan(*stored, catalogue)), Each("UNCHANGED"));
}

TEST_P(CompetenceStoreTest, TellsWatchersOfThem) {
  StoreCompetences();
  const auto changes = Changes({1, 19});
  ASSERT_THAT(changes, SizeIs(3));
  EXPECT_EQ(changes[0].competence().label().da(), song_.label_da);
  EXPECT_EQ(changes[1].held_competence().level(), 4);
  EXPECT_EQ(changes[2].held_competence().confirmed_by(), "p-kl-1");
}

}  // namespace
}  // namespace klynge::organisation
