// A writer, and writes that it is to commit together.
#pragma once

#include <absl/synchronization/notification.h>
#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/platform/sql/database.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::sql {

inline const std::vector<Migration>& Schema() {
  static const auto* const migrations = new std::vector<Migration>{
      {1, "things",
       "CREATE TABLE thing (id TEXT PRIMARY KEY, size BIGINT NOT NULL);\n"
       "CREATE TABLE part (id TEXT PRIMARY KEY, thing TEXT NOT NULL REFERENCES thing (id));\n"}};
  return *migrations;
}

inline const BulkTable kThings = {
    "thing", {{"id", ColumnType::kText}, {"size", ColumnType::kBigint}}, ""};
inline const BulkTable kNewestThings = {"thing",
                                        {{"id", ColumnType::kText}, {"size", ColumnType::kBigint}},
                                        "ON CONFLICT (id) DO UPDATE SET size = excluded.size"};
inline const BulkTable kParts = {
    "part", {{"id", ColumnType::kText}, {"thing", ColumnType::kText}}, ""};

inline absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

inline WriteBody Insert(const std::string& id, int64_t size = 1) {
  return [=](WriteTransaction& transaction) {
    return transaction.BulkInsert(kThings, {{id, size}});
  };
}
inline WriteBody Replace(const std::string& id, int64_t size) {
  return [=](WriteTransaction& transaction) {
    return transaction.BulkInsert(kNewestThings, {{id, size}});
  };
}
inline WriteBody Execute(const std::string& id) {
  return [=](WriteTransaction& transaction) {
    return transaction.Execute("INSERT INTO thing (id, size) VALUES (:id, 1)", {id});
  };
}
inline WriteBody ThenFail(const WriteBody& body) {
  return [=](WriteTransaction& transaction) {
    KLYNGE_RETURN_IF_ERROR(body(transaction));
    return absl::FailedPreconditionError("no");
  };
}

class WriterTest : public klynge::testing::EngineTest {
 protected:
  WriterTest() : database_(Open(Schema())) {}

  static WriteContext Context() { return {"/test", "tester", Soon()}; }

  // Has the writer commit all of these in one transaction, in this order.
  std::vector<absl::StatusOr<int64_t>> Together(
      const std::vector<std::pair<WriteContext, WriteBody>>& writes) {
    absl::Notification begun, release;
    std::thread first([&] {
      EXPECT_THAT(database_->Write(Context(),
                                   [&](WriteTransaction& transaction) {
                                     if (!begun.HasBeenNotified()) begun.Notify();
                                     release.WaitForNotification();
                                     transaction.Discard();
                                     return absl::OkStatus();
                                   }),
                  klynge::testing::IsOk());
    });
    begun.WaitForNotification();
    std::vector<absl::StatusOr<int64_t>> outcomes(writes.size(), absl::UnknownError(""));
    std::vector<std::thread> others;
    for (size_t i = 0; i < writes.size(); ++i) {
      others.emplace_back(
          [&, i] { outcomes[i] = database_->Write(writes[i].first, writes[i].second); });
      EXPECT_TRUE(klynge::testing::Eventually(
          absl::Seconds(10), [&] { return database_->writer().stats().waiting == i + 1; }));
    }
    release.Notify();
    first.join();
    for (auto& other : others) other.join();
    return outcomes;
  }
  std::vector<absl::StatusOr<int64_t>> Together(const std::vector<WriteBody>& bodies) {
    std::vector<std::pair<WriteContext, WriteBody>> writes;
    for (const WriteBody& body : bodies) writes.emplace_back(Context(), body);
    return Together(writes);
  }

  // "id=size" of every thing.
  std::vector<std::string> Things(Database& database) {
    std::vector<std::string> things;
    EXPECT_THAT(database.Read(Soon(),
                              [&](Session& session) -> absl::Status {
                                KLYNGE_ASSIGN_OR_RETURN(
                                    auto rows, session.Query("SELECT id, size FROM thing"));
                                for (const Row& row : rows) {
                                  things.push_back(absl::StrCat(row.Text(0), "=", row.Int(1)));
                                }
                                return absl::OkStatus();
                              }),
                klynge::testing::IsOk());
    return things;
  }
  std::vector<std::string> Things() { return Things(*database_); }

  const std::unique_ptr<Database> database_;
};

}  // namespace klynge::sql
