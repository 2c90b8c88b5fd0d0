#include "tests/support/engines.h"

namespace klynge::testing {

std::string NewDatabaseUrl(sql::Engine engine, const TemporaryDirectory& directory) {
  if (engine == sql::Engine::kPostgres) return PostgresServer::Shared().NewDatabase();
  return "sqlite:" + directory.path() + "/test.db";
}

std::unique_ptr<sql::Database> EngineTest::Open(const std::vector<sql::Migration>& migrations) {
  auto database = sql::Database::Open({url_, 4}, migrations, &clock_);
  EXPECT_TRUE(database.ok()) << database.status();
  return database.ok() ? *std::move(database) : nullptr;
}

std::string EngineName(const ::testing::TestParamInfo<sql::Engine>& info) {
  return info.param == sql::Engine::kSqlite ? "sqlite" : "postgres";
}

}  // namespace klynge::testing
