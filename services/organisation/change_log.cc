#include "services/organisation/change_log.h"

#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/strip.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <utility>

#include "services/organisation/content.h"
#include "services/organisation/seeds.h"
#include "services/platform/rpc/status.h"

namespace klynge::organisation {
namespace {

using google::protobuf::util::TimeUtil;

constexpr char kColumns[] =
    "SELECT revision, ordinal, at_us, actor, entity_kind, action, change_json, method "
    "FROM ";
constexpr char kSelectDepartures[] =
    "SELECT entity_id, action, change_json, revision FROM klynge_audit "
    "WHERE entity_kind = 'left' AND revision > :after AND revision <= :until";
constexpr size_t kMostUnits = 500;

// Adds a condition and its parameter.
void Add(Statement& statement, absl::string_view condition, sql::Value param) {
  absl::StrAppend(&statement.text, condition);
  statement.params.push_back(std::move(param));
}

// " (:id0, :id1)", of so many parameters that few different statements are ever prepared.
void AddIds(Statement& statement, const std::vector<std::string>& ids) {
  size_t padded = 1;
  while (padded < ids.size()) padded *= 2;
  absl::StrAppend(&statement.text, " (");
  for (size_t i = 0; i < padded; ++i) {
    absl::StrAppend(&statement.text, i == 0 ? "" : ", ", ":id", statement.params.size());
    statement.params.emplace_back(ids[std::min(i, ids.size() - 1)]);
  }
  absl::StrAppend(&statement.text, ")");
}

// Things by sort and id, so that the index on both is used.
void AddThings(Statement& statement, const IdsByWord& things) {
  absl::StrAppend(&statement.text, "(");
  const char* before = "";
  for (const auto& [word, ids] : things) {
    absl::StrAppend(&statement.text, before, "(entity_kind = '", word, "' AND entity_id IN");
    AddIds(statement, ids);
    absl::StrAppend(&statement.text, ")");
    before = " OR ";
  }
  absl::StrAppend(&statement.text, ")");
}

v1::ChangeAction ActionOf(const std::string& word) {
  if (word == "create") return v1::CHANGE_ACTION_CREATED;
  return word == "erase" ? v1::CHANGE_ACTION_ERASED : v1::CHANGE_ACTION_UPDATED;
}

// Of what a migration brought there is the content only.
absl::Status ToChange(const sql::Row& row, v1::OrganisationChange& change) {
  const std::string word = row.Text(4);
  if (absl::string_view seed = word; absl::ConsumePrefix(&seed, SeedWord(""))) {
    return SetContent(std::string(seed), row.Text(6), &change);
  }
  change.set_revision(row.Int(0));
  change.set_sequence(row.Int(1) + 1);
  *change.mutable_change_time() = TimeUtil::MicrosecondsToTimestamp(row.Int(2));
  change.set_actor(row.Text(3));
  change.set_action(ActionOf(row.Text(5)));
  return SetContent(word, row.Text(6), &change);
}

absl::StatusOr<LogLine> LineOf(const sql::Row& row) {
  LogLine line;
  KLYNGE_RETURN_IF_ERROR(ToChange(row, line.change));
  line.method = row.Text(7);
  return line;
}

ChangePosition PlaceOf(const v1::OrganisationChange& change) {
  return {change.revision(), change.sequence()};
}

bool Earlier(ChangePosition a, ChangePosition b) {
  return a.revision != b.revision ? a.revision < b.revision : a.sequence < b.sequence;
}

// What only one thing of its sort has; the versions of a unit are told apart by their first day.
std::string KeyIn(const v1::OrganisationChange& change) {
  const google::protobuf::Message& content = ContentOf(change);
  return change.has_unit() ? absl::StrCat(IdIn(content), " ", change.unit().valid_from())
                           : IdIn(content);
}

absl::StatusOr<std::vector<v1::OrganisationChange>> ReadHistories(
    sql::Session& session, const std::vector<LogLine>& lines) {
  IdsByWord things;
  int64_t newest = 0;
  for (const LogLine& line : lines) {
    std::vector<std::string>& ids = things[WordOf(line.change)];
    ids.push_back(IdIn(ContentOf(line.change)));
    newest = std::max(newest, line.change.revision());
  }
  for (auto& [word, ids] : things) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  }
  for (const std::string& word : SeededWords()) {
    if (const auto found = things.find(word); found != things.end()) {
      things[SeedWord(word)] = found->second;
    }
  }
  Statement select{absl::StrCat(kColumns, "klynge_audit WHERE "), {}};
  AddThings(select, things);
  Add(select, " AND revision <= :newest ORDER BY revision, ordinal", newest);
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(select.text, select.params));
  std::vector<v1::OrganisationChange> history(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    KLYNGE_RETURN_IF_ERROR(ToChange(rows[i], history[i]));
  }
  return history;
}

}  // namespace

ChangePosition BeginningOf(const LogQuery& query) {
  constexpr int64_t kEnd = std::numeric_limits<int64_t>::max();
  return query.newest_first ? ChangePosition{kEnd, kEnd} : ChangePosition{0, 0};
}

// Things are looked up before all else: PostgreSQL might go through the whole log in its order, if
// it thinks that it will meet enough of them soon.
Statement LogStatement(const LogQuery& query, ChangePosition from, int64_t limit) {
  Statement select;
  if (query.things.empty()) {
    select.text =
        absl::StrCat(kColumns, "klynge_audit WHERE entity_kind IN ('",
                     absl::StrJoin(query.words.empty() ? SortWords() : query.words, "', '"), "')");
  } else {
    select.text = absl::StrCat("WITH asked AS MATERIALIZED (", kColumns, "klynge_audit WHERE ");
    AddThings(select, query.things);
    absl::StrAppend(&select.text, ") ", kColumns, "asked WHERE TRUE");
  }
  const char* const order = query.newest_first ? " DESC" : "";
  Add(select,
      query.newest_first ? " AND (revision, ordinal) < (:revision"
                         : " AND (revision, ordinal) > (:revision",
      from.revision);
  Add(select, ", :ordinal)", from.sequence - 1);
  Add(select, " AND revision >= :first", query.first_revision);
  Add(select, " AND revision <= :last", query.last_revision);
  Add(select, " AND at_us >= :from", query.from_us);
  Add(select, " AND at_us < :until", query.until_us);
  if (!query.actor.empty()) Add(select, " AND actor = :actor", query.actor);
  Add(select, absl::StrCat(" ORDER BY revision", order, ", ordinal", order, " LIMIT :most"), limit);
  return select;
}

absl::StatusOr<std::vector<LogLine>> ReadLog(sql::Session& session, const LogQuery& query,
                                             ChangePosition from, int64_t limit) {
  const Statement select = LogStatement(query, from, limit);
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(select.text, select.params));
  std::vector<LogLine> lines;
  lines.reserve(rows.size());
  for (const sql::Row& row : rows) {
    KLYNGE_ASSIGN_OR_RETURN(LogLine line, LineOf(row));
    lines.push_back(std::move(line));
  }
  return lines;
}

absl::StatusOr<std::vector<v1::OrganisationChange>> ReadChanges(sql::Session& session,
                                                                ChangePosition after,
                                                                int64_t limit) {
  KLYNGE_ASSIGN_OR_RETURN(std::vector<LogLine> lines, ReadLog(session, LogQuery(), after, limit));
  std::vector<v1::OrganisationChange> changes;
  changes.reserve(lines.size());
  for (LogLine& line : lines) changes.push_back(std::move(line.change));
  return changes;
}

absl::StatusOr<std::vector<v1::OrganisationChange>> ReadBefore(sql::Session& session,
                                                               const std::vector<LogLine>& lines) {
  std::vector<v1::OrganisationChange> before(lines.size());
  if (lines.empty()) return before;
  KLYNGE_ASSIGN_OR_RETURN(const auto history, ReadHistories(session, lines));
  absl::flat_hash_map<std::pair<std::string, std::string>, std::vector<size_t>> by_thing;
  for (size_t i = 0; i < history.size(); ++i) {
    by_thing[{WordOf(history[i]), KeyIn(history[i])}].push_back(i);
  }
  for (size_t i = 0; i < lines.size(); ++i) {
    const v1::OrganisationChange& change = lines[i].change;
    const std::vector<size_t>& own = by_thing[{WordOf(change), KeyIn(change)}];
    // The last one before it. What a migration brought has no revision, and is before all others.
    for (size_t j : own) {
      if (!Earlier(PlaceOf(history[j]), PlaceOf(change))) continue;
      if (Earlier(PlaceOf(history[j]), PlaceOf(before[i]))) continue;
      before[i] = history[j];
    }
  }
  return before;
}

absl::StatusOr<std::vector<Departure>> ReadDepartures(sql::Session& session,
                                                      const std::vector<std::string>& unit_ids,
                                                      int64_t after, int64_t until) {
  Statement select{kSelectDepartures, {after, until}};
  if (!unit_ids.empty() && unit_ids.size() <= kMostUnits) {
    absl::StrAppend(&select.text, " AND entity_id IN");
    AddIds(select, unit_ids);
  }
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(select.text, select.params));
  std::vector<Departure> departures;
  for (const sql::Row& row : rows) {
    v1::OrganisationChange was;
    KLYNGE_RETURN_IF_ERROR(SetContent(row.Text(1), row.Text(2), &was));
    departures.push_back({row.Text(0), row.Text(1), IdIn(ContentOf(was)), row.Int(3)});
  }
  return departures;
}

}  // namespace klynge::organisation
