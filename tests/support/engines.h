// Tests that must hold on SQLite and on PostgreSQL:
//
//   class GoalsStoreTest : public klynge::testing::EngineTest {};
//   KLYNGE_ON_BOTH_ENGINES(GoalsStoreTest);
//   TEST_P(GoalsStoreTest, KeepsAGoal) { auto database = Open(Migrations()); … }
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "services/platform/clock.h"
#include "services/platform/sql/database.h"
#include "tests/support/processes.h"

namespace klynge::testing {

// A new, empty database of the engine: "sqlite:…" in `directory`, or one on the shared PostgreSQL.
std::string NewDatabaseUrl(sql::Engine engine, const TemporaryDirectory& directory);

class EngineTest : public ::testing::TestWithParam<sql::Engine> {
 protected:
  EngineTest() : url_(NewDatabaseUrl(GetParam(), directory_)) {}

  const std::string& url() const { return url_; }
  FakeClock& clock() { return clock_; }
  // Another replica each time it is called.
  std::unique_ptr<sql::Database> Open(const std::vector<sql::Migration>& migrations);

 private:
  TemporaryDirectory directory_;
  const std::string url_;
  FakeClock clock_{absl::FromCivil(absl::CivilDay(2021, 9, 1), absl::UTCTimeZone())};
};

std::string EngineName(const ::testing::TestParamInfo<sql::Engine>& info);

}  // namespace klynge::testing

#define KLYNGE_ON_BOTH_ENGINES(suite)                                                      \
  INSTANTIATE_TEST_SUITE_P(                                                                \
      , suite,                                                                             \
      ::testing::Values(::klynge::sql::Engine::kSqlite, ::klynge::sql::Engine::kPostgres), \
      ::klynge::testing::EngineName)
