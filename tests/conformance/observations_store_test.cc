// The observations' store, on both engines.
#include "services/observations/observations_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "klynge/migrations/observations.h"
#include "services/observations/observations_test_support.h"
#include "services/observations/unit_uses.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"
#include "tests/support/unit_uses_text.h"

namespace klynge::observations {
namespace {

using klynge::testing::IsOk;
using organisation::testing::SmallCity;
using testing::Observed;
using ::testing::SizeIs;
using testing::TestInstrument;
using testing::TestRound;

class ObservationsStoreTest : public klynge::testing::EngineTest {
 protected:
  // The catalogue as the database has it, built upon `previous`.
  std::shared_ptr<const Catalogue> Load(std::shared_ptr<const Catalogue> previous = nullptr,
                                        int64_t revision = 0) {
    std::shared_ptr<const Catalogue> loaded;
    EXPECT_THAT(database_->Read(absl::InfiniteFuture(),
                                [&](sql::Session& session) -> absl::Status {
                                  auto catalogue = LoadCatalogue(session, previous, revision);
                                  if (catalogue.ok()) loaded = *catalogue;
                                  return catalogue.status();
                                }),
                IsOk());
    return loaded;
  }

  absl::StatusOr<int64_t> Write(const std::function<absl::Status(sql::WriteTransaction&)>& body) {
    return database_->Write({"/test", "tester"}, body);
  }

  absl::StatusOr<int64_t> Publish(int version = 1) {
    return Write([&](sql::WriteTransaction& transaction) {
      v1::Instrument instrument = TestInstrument();
      instrument.set_version(version);
      instrument.mutable_published_at()->set_seconds(1'630'454'400);
      return InsertInstrument(transaction, instrument);
    });
  }

  absl::StatusOr<int64_t> Create(const std::string& round_id = "autumn") {
    return Write([&](sql::WriteTransaction& transaction) {
      Round round;
      round.proto = TestRound(round_id);
      round.proto.mutable_label()->set_da("Æbler, \"pærer\" og \\ skråstreg");
      round.proto.set_instrument_version(1);
      round.proto.set_state(v1::ROUND_STATE_OPEN);
      round.proto.set_small_group_threshold(5);
      round.proto.set_detail_priority(v1::DETAIL_PRIORITY_UNITS);
      round.proto.mutable_created_at()->set_seconds(1'630'454'400);
      round.tree = std::make_shared<const analytics::ReportingTree>(
          *TreeOfRound(round.proto, *SmallCity().BuildTree()));
      return InsertRound(transaction, round);
    });
  }

  // Judges and stores `n` records of a unit, with item a rated 1, 2, 3, 1, …
  absl::StatusOr<int64_t> Record(const std::string& unit, int n) {
    const auto catalogue = Load();
    std::vector<Observation> observations;
    for (int i = 0; i < n; ++i) {
      const auto judgement =
          Judge(Observed(absl::StrCat("o-", unit, "-", i), unit, {{"a", 1 + i % 3}}), *catalogue,
                nullptr);
      EXPECT_TRUE(judgement.accepted()) << judgement.rejection.message;
      observations.push_back(judgement.observation);
    }
    return Write([&](sql::WriteTransaction& transaction) {
      return InsertObservations(transaction, *catalogue, observations);
    });
  }

  absl::StatusOr<int64_t> Close() {
    const auto catalogue = Load();
    return Write([&](sql::WriteTransaction& transaction) {
      return CloseRound(transaction, *catalogue->FindRound("autumn"));
    });
  }

  std::unique_ptr<sql::Database> database_ = Open(Migrations());
};
KLYNGE_ON_BOTH_ENGINES(ObservationsStoreTest);

TEST_P(ObservationsStoreTest, GivesBackAnInstrumentAsItWasPublished) {
  ASSERT_THAT(Publish(), IsOk());
  const auto catalogue = Load();
  const auto instrument = catalogue->FindInstrument("form", 0);
  ASSERT_THAT(instrument, IsOk());
  EXPECT_TRUE(SameContent((*instrument)->proto(), TestInstrument()));
  EXPECT_EQ((*instrument)->proto().published_at().seconds(), 1'630'454'400);
}

TEST_P(ObservationsStoreTest, TellsWhichOpenRoundsHaveAUnitFromWhatIsStored) {
  ASSERT_THAT(Publish(), IsOk());
  ASSERT_THAT(Create(), IsOk());
  const rpc::UnitsAsked asked = {{"kl-vvk-01"}, Date(2021, 10, 1)};
  EXPECT_THAT(klynge::testing::Lines(UsesOf(asked, *Load(), Date(2021, 10, 1))),
              ::testing::ElementsAre("kl-vvk-01 round autumn open 2021-10-01–2021-12-01"));
  ASSERT_THAT(Close(), IsOk());
  EXPECT_THAT(UsesOf(asked, *Load(), Date(2021, 10, 1)), ::testing::IsEmpty());
}

TEST_P(ObservationsStoreTest, RefusesAVersionThatIsThere) {
  ASSERT_THAT(Publish(), IsOk());
  EXPECT_EQ(Publish().status().code(), absl::StatusCode::kAlreadyExists);
}

TEST_P(ObservationsStoreTest, GivesBackARoundWithItsTree) {
  ASSERT_THAT(Publish(), IsOk());
  ASSERT_THAT(Create(), IsOk());
  const auto catalogue = Load();
  const Round* round = catalogue->FindRound("autumn");
  ASSERT_NE(round, nullptr);
  EXPECT_EQ(round->proto.label().da(), "Æbler, \"pærer\" og \\ skråstreg");
  EXPECT_TRUE(round->open());
  EXPECT_EQ(round->figures, nullptr);
  EXPECT_EQ(round->tree->leaf_count(), 4);
  EXPECT_EQ(round->months(), 2);
  const int unit = round->tree->Find("e-vvk-01-02");
  ASSERT_GE(unit, 0);
  EXPECT_EQ(round->tree->node(unit).unit.name, "Enhed e-vvk-01-02");
  EXPECT_EQ(round->tree->node(unit).unit.parent_id, "kl-vvk-01");
}

TEST_P(ObservationsStoreTest, FindsStoredObservationsAsTheyWere) {
  ASSERT_THAT(Publish(), IsOk());
  ASSERT_THAT(Create(), IsOk());
  ASSERT_THAT(Record("e-vvk-01-01", 3), IsOk());
  const auto judgement =
      Judge(Observed("o-e-vvk-01-01-2", "e-vvk-01-01", {{"a", 3}}), *Load(), nullptr);
  ASSERT_THAT(
      database_->Read(absl::InfiniteFuture(),
                      [&](sql::Session& session) -> absl::Status {
                        const auto found = FindObservations(session, {"o-e-vvk-01-01-2", "o-none"});
                        if (!found.ok()) return found.status();
                        EXPECT_THAT(*found, SizeIs(1));
                        EXPECT_EQ(found->at("o-e-vvk-01-01-2"), judgement.observation);
                        return absl::OkStatus();
                      }),
      IsOk());
}

TEST_P(ObservationsStoreTest, FindsManyObservationsAtOnce) {
  ASSERT_THAT(Publish(), IsOk());
  ASSERT_THAT(Create(), IsOk());
  ASSERT_THAT(Record("e-vvk-01-01", 2500), IsOk());
  std::vector<std::string> ids;
  for (int i = 0; i < 2500; ++i) ids.push_back(absl::StrCat("o-e-vvk-01-01-", i));
  ASSERT_THAT(database_->Read(absl::InfiniteFuture(),
                              [&](sql::Session& session) -> absl::Status {
                                const auto found = FindObservations(session, ids);
                                if (!found.ok()) return found.status();
                                EXPECT_THAT(*found, SizeIs(2500));
                                return absl::OkStatus();
                              }),
              IsOk());
}

TEST_P(ObservationsStoreTest, CountsWhatARoundHasAcrossBatches) {
  ASSERT_THAT(Publish(), IsOk());
  ASSERT_THAT(Create(), IsOk());
  ASSERT_THAT(Record("e-vvk-01-01", 3), IsOk());
  ASSERT_THAT(Record("e-vvk-02-01", 4), IsOk());
  EXPECT_EQ(Load()->FindRound("autumn")->proto.observation_count(), 7);
}

TEST_P(ObservationsStoreTest, StoresNothingOfABatchWithAnIdThatIsThere) {
  ASSERT_THAT(Publish(), IsOk());
  ASSERT_THAT(Create(), IsOk());
  ASSERT_THAT(Record("e-vvk-01-01", 3), IsOk());
  EXPECT_EQ(Record("e-vvk-01-01", 9).status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Load()->FindRound("autumn")->proto.observation_count(), 3);
}

TEST_P(ObservationsStoreTest, PublishesTheFiguresOfAClosedRound) {
  ASSERT_THAT(Publish(), IsOk());
  ASSERT_THAT(Create(), IsOk());
  ASSERT_THAT(Record("e-vvk-01-01", 7), IsOk());
  ASSERT_THAT(Record("e-vvk-02-01", 6), IsOk());
  ASSERT_THAT(Close(), IsOk());
  const auto catalogue = Load();
  const Round* round = catalogue->FindRound("autumn");
  EXPECT_FALSE(round->open());
  EXPECT_TRUE(round->proto.has_closed_at());
  ASSERT_NE(round->figures, nullptr);
  const int item = round->instrument->FindItem("a");
  const auto unit = round->figures->At(round->tree->Find("e-vvk-01-01"), {item}, 0);
  ASSERT_TRUE(unit.has_value());
  EXPECT_THAT(unit->counts, ::testing::ElementsAre(3, 2, 2));
  const auto whole = round->figures->At(0, {item}, 1);
  ASSERT_TRUE(whole.has_value());
  EXPECT_THAT(whole->counts, ::testing::ElementsAre(5, 4, 4));
}

TEST_P(ObservationsStoreTest, BuildsTheSameUponWhatItHadAsFromNothing) {
  ASSERT_THAT(Publish(), IsOk());
  const auto first = Create();
  ASSERT_THAT(first, IsOk());
  const auto early = Load();
  ASSERT_THAT(Record("e-vvk-01-01", 7), IsOk());
  ASSERT_THAT(Publish(2), IsOk());
  ASSERT_THAT(Create("other"), IsOk());
  ASSERT_THAT(Close(), IsOk());
  const auto grown = Load(early, *first);
  const auto fresh = Load();
  ASSERT_EQ(grown->rounds.size(), fresh->rounds.size());
  for (const auto& [id, round] : fresh->rounds) {
    EXPECT_EQ(grown->FindRound(id)->proto.SerializeAsString(), round->proto.SerializeAsString());
    EXPECT_EQ(grown->FindRound(id)->figures == nullptr, round->figures == nullptr);
  }
  EXPECT_THAT(grown->instruments.at("form"), SizeIs(2));
  const Round* closed = grown->FindRound("autumn");
  EXPECT_EQ(closed->tree, early->FindRound("autumn")->tree) << "what has not changed is shared";
  EXPECT_EQ(closed->figures->At(0, {0}, 0)->counts,
            fresh->FindRound("autumn")->figures->At(0, {0}, 0)->counts);
}

TEST_P(ObservationsStoreTest, MeetsAVersionTwiceWithoutHarm) {
  ASSERT_THAT(Publish(), IsOk());
  const auto held = Load();
  EXPECT_THAT(Load(held, 0)->instruments.at("form"), SizeIs(1));
}

TEST_P(ObservationsStoreTest, ClosesARoundWithoutObservations) {
  ASSERT_THAT(Publish(), IsOk());
  ASSERT_THAT(Create(), IsOk());
  ASSERT_THAT(Close(), IsOk());
  const auto catalogue = Load();
  const Round* round = catalogue->FindRound("autumn");
  ASSERT_NE(round->figures, nullptr);
  EXPECT_THAT(round->figures->At(0, {0}, 0)->counts, ::testing::ElementsAre(0, 0, 0));
}

}  // namespace
}  // namespace klynge::observations
