#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <iterator>
#include <limits>
#include <utility>

#include "services/organisation/all_tables.h"
#include "services/organisation/organisation_store.h"
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

// The changes of everything that OrganisationChange has a field for.
const std::string& SelectChanges() {
  static const auto* const select = [] {
    std::vector<std::string> words;
    const auto* content = v1::OrganisationChange::descriptor()->FindOneofByName("content");
    for (int i = 0; i < content->field_count(); ++i) {
      words.push_back(absl::StrCat("'", content->field(i)->name(), "'"));
    }
    return new std::string(absl::StrCat(
        "SELECT revision, ordinal, at_us, actor, entity_kind, action, change_json "
        "FROM klynge_audit WHERE (revision, ordinal) > (:revision, :ordinal) AND entity_kind IN (",
        absl::StrJoin(words, ", "), ") ORDER BY revision, ordinal LIMIT :most"));
  }();
  return *select;
}

// Stores things of one sort, with an audit line for each: the thing as it is now.
template <class Thing>
absl::Status Save(sql::WriteTransaction& transaction, const std::vector<Write<Thing>>& writes) {
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(writes.size());
  for (const auto& [thing, created] : writes) {
    rows.push_back(Kept<Thing>::ToRow(thing));
    rows.back().push_back(transaction.revision());
    typename Kept<Thing>::Proto proto;
    ToProto(thing, &proto);
    KLYNGE_ASSIGN_OR_RETURN(std::string json, sql::ToJson(proto));
    transaction.Audit(
        {Kept<Thing>::kWord, IdOf(thing), created ? "create" : "update", std::move(json)});
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

v1::ChangeAction ActionOf(const std::string& word) {
  if (word == "create") return v1::CHANGE_ACTION_CREATED;
  return word == "erase" ? v1::CHANGE_ACTION_ERASED : v1::CHANGE_ACTION_UPDATED;
}

absl::Status ToChange(const sql::Row& row, v1::OrganisationChange& change) {
  change.set_revision(row.Int(0));
  change.set_sequence(row.Int(1) + 1);
  const int64_t at_us = row.Int(2);
  change.mutable_change_time()->set_seconds(at_us / 1'000'000);
  change.mutable_change_time()->set_nanos(static_cast<int32_t>(at_us % 1'000'000) * 1'000);
  change.set_actor(row.Text(3));
  change.set_action(ActionOf(row.Text(5)));
  const auto* field = v1::OrganisationChange::descriptor()->FindFieldByName(row.Text(4));
  return sql::FromJson(row.Text(6), *change.GetReflection()->MutableMessage(&change, field));
}

}  // namespace

absl::Status SavePlan(sql::WriteTransaction& transaction, const ImportPlan& plan) {
  std::vector<sql::AuditEntry> seeds;
  absl::Status saved;
  ForEachSort([&](auto sort) {
    using Thing = typename decltype(sort)::Type;
    if constexpr (ComesWithMigrations<Thing>()) {
      auto changed = SeedsChanged(transaction, ListOf<Thing>(plan));
      saved.Update(changed.status());
      if (changed.ok()) absl::c_move(*changed, std::back_inserter(seeds));
    }
  });
  ForEachSort([&](auto sort) {
    if (saved.ok()) saved = Save(transaction, ListOf<typename decltype(sort)::Type>(plan));
  });
  // After the changes, which are counted from 1.
  for (sql::AuditEntry& seed : seeds) transaction.Audit(std::move(seed));
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

absl::StatusOr<std::vector<v1::OrganisationChange>> ReadChanges(sql::Session& session,
                                                                ChangePosition after,
                                                                int64_t limit) {
  KLYNGE_ASSIGN_OR_RETURN(
      const auto rows, session.Query(SelectChanges(), {after.revision, after.sequence - 1, limit}));
  std::vector<v1::OrganisationChange> changes(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    KLYNGE_RETURN_IF_ERROR(ToChange(rows[i], changes[i]));
  }
  return changes;
}

}  // namespace klynge::organisation
