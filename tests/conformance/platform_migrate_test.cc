#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "services/platform/sql/migrate.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::sql {
namespace {

using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using ::testing::HasSubstr;

absl::Time Soon() { return absl::Now() + absl::Seconds(30); }

// The history of one service, version by version: a column gets another name.
const Migration kMake = {
    1, "persons",
    "CREATE TABLE person (id BIGINT PRIMARY KEY, title TEXT NOT NULL DEFAULT '');\n"
    "INSERT INTO person (id, title) VALUES (1, 'leader');\n"};
const Migration kExpand = {2, "person_role", "ALTER TABLE person ADD COLUMN role TEXT;\n"};
const Migration kMigrate = {3, "person_role_everywhere",
                            "UPDATE person SET role = title WHERE role IS NULL;\n"};
const Migration kUnused = {4, "person_title_is_unused", "-- Nobody writes or reads it any more.\n"};
const Migration kContract = {5, "person_without_title",
                             "-- contract: needs 4\nALTER TABLE person DROP COLUMN title;\n"};

class MigrateTest : public klynge::testing::EngineTest {
 protected:
  MigrateTest() : pool_(url(), 2) {}

  absl::Status Run(const std::vector<Migration>& migrations) {
    return Migrate(pool_, migrations, Soon());
  }
  absl::Status Execute(const std::string& sql) {
    KLYNGE_ASSIGN_OR_RETURN(auto lease, pool_.BeginWrite(Soon()));
    KLYNGE_RETURN_IF_ERROR(lease->Execute(sql));
    return lease.Commit();
  }
  std::string Read(const std::string& sql) {
    auto lease = pool_.BeginRead(Soon());
    EXPECT_THAT(lease, IsOk());
    const auto rows = (*lease)->Query(sql);
    EXPECT_THAT(rows, IsOk());
    return rows.ok() && !rows->empty() ? (*rows)[0].Text(0) : "nothing";
  }

  SessionPool pool_;
};

KLYNGE_ON_BOTH_ENGINES(MigrateTest);

TEST_P(MigrateTest, LetsTwoVersionsWriteSideBySideWhileTheSchemaIsExpanded) {
  ASSERT_THAT(Run({kMake}), IsOk());
  ASSERT_THAT(Run({kMake, kExpand}), IsOk());
  // The old version knows nothing of the new column, the new one fills both.
  ASSERT_THAT(Execute("INSERT INTO person (id, title) VALUES (2, 'teacher')"), IsOk());
  ASSERT_THAT(Execute("INSERT INTO person (id, title, role) VALUES (3, 'cook', 'cook')"), IsOk());
  EXPECT_EQ(Read("SELECT count(*) FROM person WHERE COALESCE(role, title) = title"), "3");
  // An old replica may be started again, even now.
  EXPECT_THAT(Run({kMake}), IsOk());
}

TEST_P(MigrateTest, RefusesAVersionThatNeedsWhatWasTakenAway) {
  ASSERT_THAT(Run({kMake, kExpand, kMigrate, kUnused, kContract}), IsOk());
  // The version before can do without, and still works.
  EXPECT_THAT(Run({kMake, kExpand, kMigrate, kUnused}), IsOk());
  EXPECT_THAT(Execute("INSERT INTO person (id, role) VALUES (2, 'teacher')"), IsOk());
  const absl::Status refused = Run({kMake, kExpand, kMigrate});
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, "SCHEMA_TOO_NEW"));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("0005_person_without_title"));
}

TEST_P(MigrateTest, RefusesAMigrationThatWasEditedAfterItWasApplied) {
  ASSERT_THAT(Run({kMake, kExpand}), IsOk());
  Migration edited = kExpand;
  edited.sql = "ALTER TABLE person ADD COLUMN role TEXT DEFAULT 'none';\n";
  const absl::Status refused = Run({kMake, edited});
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, "MIGRATION_EDITED"));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("service 0002_person_role"));
}

TEST_P(MigrateTest, LetsCommentsBeMended) {
  ASSERT_THAT(Run({kMake}), IsOk());
  Migration commented = kMake;
  commented.sql = "-- Who works here.\n" + commented.sql;
  EXPECT_THAT(Run({commented}), IsOk());
}

TEST_P(MigrateTest, LeavesNothingBehindOfAMigrationThatFails) {
  const Migration failing = {
      2, "half", "CREATE TABLE half (id BIGINT);\nINSERT INTO person (id) VALUES (1);\n"};
  EXPECT_THAT(Run({kMake, failing}), StatusIs(absl::StatusCode::kAlreadyExists, "DUPLICATE"));
  EXPECT_EQ(Read("SELECT count(*) FROM klynge_migration WHERE owner = 'service'"), "1");
  // What failed can be mended and tried again.
  EXPECT_THAT(Run({kMake, {2, "half", "CREATE TABLE half (id BIGINT);\n"}}), IsOk());
}

TEST_P(MigrateTest, RunsEachMigrationOnceWhenReplicasStartTogether) {
  std::vector<std::thread> replicas;
  std::atomic<int> done = 0;
  for (int i = 0; i < 4; ++i) {
    replicas.emplace_back([&] {
      SessionPool pool(url(), 1);
      done += Migrate(pool, {kMake, kExpand, kMigrate}, Soon()).ok();
    });
  }
  for (auto& replica : replicas) replica.join();
  EXPECT_EQ(done, 4);
  EXPECT_EQ(Read("SELECT role FROM person"), "leader");
}

TEST_P(MigrateTest, WaitsForATableThatIsInUse) {
  ASSERT_THAT(Run({kMake}), IsOk());
  auto reader = pool_.BeginWrite(Soon());
  ASSERT_THAT(reader, IsOk());
  ASSERT_THAT((*reader)->Query("SELECT id FROM person"), IsOk());
  absl::Status migrated = absl::UnknownError("not yet");
  std::thread migrating([&] { migrated = Run({kMake, kExpand}); });
  absl::SleepFor(absl::Seconds(3));  // longer than one try
  EXPECT_THAT((*reader)->Query("SELECT id FROM person"), IsOk());
  EXPECT_THAT(reader->Commit(), IsOk());
  migrating.join();
  EXPECT_THAT(migrated, IsOk());
}

TEST_P(MigrateTest, TakesOverADatabaseFromBeforeChecksumsWereKept) {
  ASSERT_THAT(Execute("CREATE TABLE klynge_migration (owner TEXT NOT NULL, number BIGINT NOT NULL, "
                      "name TEXT NOT NULL, PRIMARY KEY (owner, number))"),
              IsOk());
  ASSERT_THAT(Execute("INSERT INTO klynge_migration VALUES ('service', 1, 'persons')"), IsOk());
  ASSERT_THAT(Execute("CREATE TABLE person (id BIGINT PRIMARY KEY, title TEXT NOT NULL)"), IsOk());
  EXPECT_THAT(Run({kMake, kExpand}), IsOk());
  EXPECT_EQ(Read("SELECT count(*) FROM person"), "0");  // the first was not run again
  EXPECT_EQ(Read("SELECT count(role) FROM person"), "0");
}

TEST_P(MigrateTest, RefusesAContractThatDoesNotSayWhatItNeeds) {
  EXPECT_EQ(Run({{1, "wrong", "-- contract: needs 7\nCREATE TABLE a (id BIGINT);\n"}}).code(),
            absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace klynge::sql
