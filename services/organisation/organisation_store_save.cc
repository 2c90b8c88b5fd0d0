#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <iterator>
#include <limits>
#include <utility>

#include "services/organisation/all_tables.h"
#include "services/organisation/change_log.h"
#include "services/organisation/organisation_store.h"
#include "services/organisation/scope.h"
#include "services/organisation/seeds.h"
#include "services/platform/rpc/status.h"
#include "services/platform/sql/json.h"

namespace klynge::organisation {
namespace {

constexpr char kCountChanges[] =
    "SELECT count(*) FROM klynge_audit WHERE entity_kind = :kind AND entity_id = :id";
constexpr char kRewriteChanges[] =
    "UPDATE klynge_audit SET change_json = :json WHERE entity_kind = :kind AND entity_id = :id";

constexpr int64_t kAfterEveryRevision = std::numeric_limits<int64_t>::max();

// Stores things of one sort, with an audit line for each: the thing as it is now. Its JSON is made
// while the database works.
template <class Thing>
absl::Status Save(sql::WriteTransaction& transaction, const std::vector<Write<Thing>>& writes) {
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(writes.size());
  for (const auto& [thing, created] : writes) {
    rows.push_back(Kept<Thing>::ToRow(thing));
    rows.back().push_back(transaction.revision());
    sql::AuditEntry entry{Kept<Thing>::kWord, IdOf(thing), created ? "create" : "update"};
    entry.describe = [thing] {
      typename Kept<Thing>::Proto proto;
      ToProto(thing, &proto);
      return sql::ToJson(proto);
    };
    transaction.Audit(std::move(entry));
  }
  return transaction.BulkInsert(Kept<Thing>::Table(), std::move(rows));
}

// What the things of migrations that are now changed for the first time were until now: the log has
// nothing else of them, and what was known earlier is read from it (known_store.h).
template <class Thing>
absl::StatusOr<std::vector<sql::AuditEntry>> SeedsChanged(sql::WriteTransaction& transaction,
                                                          const std::vector<Write<Thing>>& writes) {
  std::vector<sql::AuditEntry> entries;
  if (writes.empty()) return entries;
  KLYNGE_ASSIGN_OR_RETURN(const auto rows,
                          transaction.Query(Kept<Thing>::kSelect, {kAfterEveryRevision}));
  std::vector<Thing> seeds;
  for (const sql::Row& row : rows) seeds.push_back(Kept<Thing>::FromRow(row));
  SortByKey(seeds);
  for (const auto& [thing, created] : writes) {
    const Thing* seed = FindSame(seeds, thing);
    if (seed == nullptr) continue;
    typename Kept<Thing>::Proto proto;
    ToProto(*seed, &proto);
    KLYNGE_ASSIGN_OR_RETURN(std::string json, sql::ToJson(proto));
    entries.push_back(
        {SeedWord(Kept<Thing>::kWord), IdOf(*seed), "keep", std::move(json), /*things=*/0});
  }
  return entries;
}

// Stores a thing from which what says who somebody is was taken, and puts it so into every line of
// the audit log; the number of lines that there were.
template <class Thing>
absl::StatusOr<int64_t> Rewrite(sql::WriteTransaction& transaction, const Thing& thing,
                                const char* action) {
  typename Kept<Thing>::Proto proto;
  ToProto(thing, &proto);
  KLYNGE_ASSIGN_OR_RETURN(const std::string json, sql::ToJson(proto));
  const std::string word = Kept<Thing>::kWord;
  KLYNGE_ASSIGN_OR_RETURN(const auto lines, transaction.Query(kCountChanges, {word, IdOf(thing)}));
  KLYNGE_RETURN_IF_ERROR(transaction.Execute(kRewriteChanges, {json, word, IdOf(thing)}));
  std::vector<sql::Value> row = Kept<Thing>::ToRow(thing);
  row.push_back(transaction.revision());
  transaction.Audit({word, IdOf(thing), action, json});
  KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(Kept<Thing>::Table(), {std::move(row)}));
  return lines.at(0).Int(0);
}

// What the changes take away from units: lines by which the units find it (change_log.h).
template <class Thing>
absl::StatusOr<std::vector<sql::AuditEntry>> Departures(const Tree& before,
                                                        const std::vector<Write<Thing>>& writes) {
  std::vector<sql::AuditEntry> entries;
  typename Kept<Thing>::Proto was, is;
  for (const auto& [thing, created] : writes) {
    const Thing* stored = FindSame(ListOf<Thing>(before.organisation()), thing);
    if (stored == nullptr) continue;
    was.Clear();
    is.Clear();
    ToProto(*stored, &was);
    ToProto(thing, &is);
    const std::vector<std::string> now = UnitsNamed(is);
    for (const std::string& unit_id : UnitsNamed(was)) {
      if (absl::c_linear_search(now, unit_id)) continue;
      KLYNGE_ASSIGN_OR_RETURN(std::string json, sql::ToJson(was));
      entries.push_back({kDepartureWord, unit_id, Kept<Thing>::kWord, std::move(json), 0});
    }
  }
  return entries;
}

}  // namespace

absl::Status SavePlan(sql::WriteTransaction& transaction, const Tree& before,
                      const ImportPlan& plan) {
  std::vector<sql::AuditEntry> notes;
  absl::Status saved;
  const auto note = [&](absl::StatusOr<std::vector<sql::AuditEntry>> entries) {
    saved.Update(entries.status());
    if (entries.ok()) absl::c_move(*entries, std::back_inserter(notes));
  };
  ForEachSort([&](auto sort) {
    using Thing = typename decltype(sort)::Type;
    if constexpr (ComesWithMigrations<Thing>()) {
      note(SeedsChanged(transaction, ListOf<Thing>(plan)));
    }
    note(Departures(before, ListOf<Thing>(plan)));
  });
  ForEachSort([&](auto sort) {
    if (saved.ok()) saved = Save(transaction, ListOf<typename decltype(sort)::Type>(plan));
  });
  // After the changes, which are counted from 1.
  for (sql::AuditEntry& entry : notes) transaction.Audit(std::move(entry));
  return saved;
}

// A person has a code or two, so that a query for each is none too many.
absl::StatusOr<int64_t> SaveErased(sql::WriteTransaction& transaction, const Person& person,
                                   const std::vector<Code>& codes) {
  KLYNGE_ASSIGN_OR_RETURN(int64_t lines, Rewrite(transaction, person, "erase"));
  for (const Code& code : codes) {
    KLYNGE_ASSIGN_OR_RETURN(const int64_t more, Rewrite(transaction, code, "erase"));
    lines += more;
  }
  return lines;
}

}  // namespace klynge::organisation
