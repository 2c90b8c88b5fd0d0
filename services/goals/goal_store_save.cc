#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/util/time_util.h>

#include <utility>

#include "services/goals/goal_store.h"
#include "services/platform/rpc/status.h"
#include "services/platform/sql/json.h"
#include "services/platform/sql/row_of.h"

namespace klynge::goals {
namespace {

using sql::ColumnType;
using sql::Value;
using Rows = std::vector<std::vector<Value>>;

const sql::BulkTable& GoalTable() {
  // What never changes after the first insert (unit, first entry, creation) is not in the update.
  static const auto* table = new sql::BulkTable{
      "goal",
      {{"goal_id", ColumnType::kText},
       {"unit_id", ColumnType::kText},
       {"parent_goal_id", ColumnType::kText},
       {"title", ColumnType::kText},
       {"description", ColumnType::kText},
       {"framework_id", ColumnType::kText},
       {"framework_version", ColumnType::kBigint},
       {"core_area_codes", ColumnType::kText},
       {"guidepost_codes", ColumnType::kText},
       {"curriculum_theme_codes", ColumnType::kText},
       {"weight", ColumnType::kDouble},
       {"starts_on", ColumnType::kText},
       {"follow_up_interval_days", ColumnType::kBigint},
       {"agreed_on", ColumnType::kText},
       {"agreed_role", ColumnType::kText},
       {"agreed_note", ColumnType::kText},
       {"closed_on", ColumnType::kText},
       {"closed_state", ColumnType::kBigint},
       {"closed_role", ColumnType::kText},
       {"closed_note", ColumnType::kText},
       {"entry_digest", ColumnType::kText},
       {"created_at", ColumnType::kBigint},
       {"updated_at", ColumnType::kBigint},
       {"revision", ColumnType::kBigint}},
      "ON CONFLICT (goal_id) DO UPDATE SET parent_goal_id = excluded.parent_goal_id,"
      " title = excluded.title, description = excluded.description,"
      " framework_id = excluded.framework_id, framework_version = excluded.framework_version,"
      " core_area_codes = excluded.core_area_codes, guidepost_codes = excluded.guidepost_codes,"
      " curriculum_theme_codes = excluded.curriculum_theme_codes, weight = excluded.weight,"
      " starts_on = excluded.starts_on,"
      " follow_up_interval_days = excluded.follow_up_interval_days,"
      " agreed_on = excluded.agreed_on, agreed_role = excluded.agreed_role,"
      " agreed_note = excluded.agreed_note, closed_on = excluded.closed_on,"
      " closed_state = excluded.closed_state, closed_role = excluded.closed_role,"
      " closed_note = excluded.closed_note, updated_at = excluded.updated_at,"
      " revision = excluded.revision"};
  return *table;
}

const sql::BulkTable& CriterionTable() {
  static const auto* table = new sql::BulkTable{
      "criterion",
      {{"goal_id", ColumnType::kText},
       {"position", ColumnType::kBigint},
       {"criterion_id", ColumnType::kText},
       {"indicator", ColumnType::kText},
       {"unit_of_measure", ColumnType::kText},
       {"baseline", ColumnType::kDouble},
       {"target", ColumnType::kDouble},
       {"due_date", ColumnType::kText},
       {"weight", ColumnType::kDouble},
       {"instrument_id", ColumnType::kText},
       {"item_id", ColumnType::kText},
       {"guidepost_code", ColumnType::kText},
       {"round_id", ColumnType::kText},
       {"from_month", ColumnType::kText},
       {"to_month", ColumnType::kText},
       {"scale_id", ColumnType::kText},
       {"scope_unit_id", ColumnType::kText},
       {"statistic", ColumnType::kBigint},
       {"revision", ColumnType::kBigint}},
      "ON CONFLICT (goal_id, position) DO UPDATE SET criterion_id = excluded.criterion_id,"
      " indicator = excluded.indicator, unit_of_measure = excluded.unit_of_measure,"
      " baseline = excluded.baseline, target = excluded.target, due_date = excluded.due_date,"
      " weight = excluded.weight, instrument_id = excluded.instrument_id,"
      " item_id = excluded.item_id, guidepost_code = excluded.guidepost_code,"
      " round_id = excluded.round_id, from_month = excluded.from_month,"
      " to_month = excluded.to_month, scale_id = excluded.scale_id,"
      " scope_unit_id = excluded.scope_unit_id, statistic = excluded.statistic,"
      " revision = excluded.revision"};
  return *table;
}

const sql::BulkTable& DissentTable() {
  static const auto* table = new sql::BulkTable{"dissent",
                                                {{"goal_id", ColumnType::kText},
                                                 {"number", ColumnType::kBigint},
                                                 {"role", ColumnType::kText},
                                                 {"voiced_on", ColumnType::kText},
                                                 {"note", ColumnType::kText},
                                                 {"recorded_at", ColumnType::kBigint},
                                                 {"revision", ColumnType::kBigint}},
                                                ""};
  return *table;
}

const sql::BulkTable& CheckInTable() {
  static const auto* table = new sql::BulkTable{"check_in",
                                                {{"goal_id", ColumnType::kText},
                                                 {"number", ColumnType::kBigint},
                                                 {"criterion_id", ColumnType::kText},
                                                 {"value", ColumnType::kDouble},
                                                 {"checked_on", ColumnType::kText},
                                                 {"note", ColumnType::kText},
                                                 {"source", ColumnType::kBigint},
                                                 {"role", ColumnType::kText},
                                                 {"sample_size", ColumnType::kBigint},
                                                 {"recorded_at", ColumnType::kBigint},
                                                 {"revision", ColumnType::kBigint}},
                                                ""};
  return *table;
}

template <class T>
Value OrNull(const absl::optional<T>& value) {
  return value ? Value(*value) : Value(nullptr);
}
Value OrNull(const absl::optional<Date>& date) {
  return date ? Value(FormatDate(*date)) : Value(nullptr);
}
std::string Codes(const std::vector<std::string>& codes) { return absl::StrJoin(codes, ","); }

std::vector<Value> GoalRow(const Goal& goal) {
  std::vector<Value> row = sql::RowOf(
      goal.goal_id, goal.unit_id, goal.parent_goal_id, goal.title, goal.description,
      goal.framework_id, goal.framework_version, Codes(goal.core_areas), Codes(goal.guideposts),
      Codes(goal.themes), goal.weight, FormatDate(goal.starts_on), goal.follow_up_interval_days);
  row.reserve(GoalTable().columns.size());
  if (goal.agreement) {
    const Agreement& agreement = *goal.agreement;
    row.insert(row.end(), {FormatDate(agreement.on), agreement.role, agreement.note});
  } else {
    row.insert(row.end(), 3, nullptr);
  }
  if (goal.closure) {
    const Closure& closure = *goal.closure;
    row.insert(row.end(), {FormatDate(closure.on), static_cast<int64_t>(closure.state),
                           closure.role, closure.note});
  } else {
    row.insert(row.end(), 4, nullptr);
  }
  row.insert(row.end(), {goal.entry_digest, absl::ToUnixMicros(goal.created_at),
                         absl::ToUnixMicros(goal.updated_at), goal.revision});
  return row;
}

void AppendCriteria(const Goal& goal, Rows& rows) {
  for (size_t i = 0; i < goal.criteria.size(); ++i) {
    const Criterion& criterion = goal.criteria[i];
    std::vector<Value> row = {goal.goal_id,
                              static_cast<int64_t>(i),
                              criterion.criterion_id,
                              criterion.indicator,
                              criterion.unit_of_measure,
                              OrNull(criterion.baseline),
                              OrNull(criterion.target),
                              OrNull(criterion.due_date),
                              criterion.weight};
    if (criterion.binding) {
      const Binding& binding = *criterion.binding;
      row.insert(row.end(),
                 {binding.instrument_id, binding.item_id, binding.guidepost_code, binding.round_id,
                  binding.from_month, binding.to_month, binding.scale_id, binding.unit_id,
                  static_cast<int64_t>(binding.statistic)});
    } else {
      row.insert(row.end(), 9, nullptr);
    }
    row.push_back(goal.revision);
    rows.push_back(std::move(row));
  }
}

void AppendNewDissents(const GoalChange& change, Rows& rows) {
  const Goal& goal = change.after;
  for (size_t i = change.before ? change.before->dissents.size() : 0; i < goal.dissents.size();
       ++i) {
    const Dissent& dissent = goal.dissents[i];
    rows.push_back({goal.goal_id, dissent.number, dissent.role, FormatDate(dissent.on),
                    dissent.note, absl::ToUnixMicros(dissent.recorded_at), goal.revision});
  }
}

void AppendNewCheckIns(const GoalChange& change, Rows& rows) {
  const Goal& goal = change.after;
  for (size_t i = change.before ? change.before->check_ins.size() : 0; i < goal.check_ins.size();
       ++i) {
    const CheckIn& check_in = goal.check_ins[i];
    rows.push_back(sql::RowOf(goal.goal_id, check_in.number, check_in.criterion_id,
                              OrNull(check_in.value), FormatDate(check_in.on), check_in.note,
                              static_cast<int64_t>(check_in.source), check_in.role,
                              check_in.sample_size, absl::ToUnixMicros(check_in.recorded_at),
                              goal.revision));
  }
}

// True when check-ins are all that is new: they say themselves when they came, and by far the most
// writes are of that kind.
bool OnlyFollowsUp(const GoalChange& change) {
  return change.before && change.before->check_ins.size() < change.after.check_ins.size() &&
         change.before->dissents.size() == change.after.dissents.size() &&
         static_cast<const GoalTerms&>(*change.before) == change.after;
}

// Takes away the criteria behind the last one of goals that have fewer now. Only an update of a
// draft does that.
absl::Status DropSurplusCriteria(sql::WriteTransaction& transaction,
                                 const std::vector<GoalChange>& changes) {
  for (const GoalChange& change : changes) {
    if (!change.before || change.before->criteria.size() <= change.after.criteria.size()) continue;
    KLYNGE_RETURN_IF_ERROR(transaction.Execute(
        "DELETE FROM criterion WHERE goal_id = :goal_id AND position >= :count",
        {change.after.goal_id, static_cast<int64_t>(change.after.criteria.size())}));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status InsertFramework(sql::WriteTransaction& transaction, const v1::Framework& framework) {
  KLYNGE_ASSIGN_OR_RETURN(const std::string content, sql::ToJson(framework));
  return transaction.Execute(
      "INSERT INTO framework (framework_id, version, content, published_at, revision)"
      " VALUES (:framework_id, :version, :content, :published_at, :revision)",
      {framework.framework_id(), static_cast<int64_t>(framework.version()), content,
       google::protobuf::util::TimeUtil::TimestampToMicroseconds(framework.published_at()),
       transaction.revision()});
}

absl::Status SaveGoals(sql::WriteTransaction& transaction, std::vector<GoalChange>& changes) {
  Rows goals, criteria, dissents, check_ins;
  for (GoalChange& change : changes) {
    Goal& goal = change.after;
    goal.revision = transaction.revision();
    goal.updated_at = transaction.now();
    if (!change.before) goal.created_at = transaction.now();
    AppendNewCheckIns(change, check_ins);
    if (OnlyFollowsUp(change)) continue;
    goals.push_back(GoalRow(goal));
    if (!change.before || change.before->criteria != goal.criteria) AppendCriteria(goal, criteria);
    AppendNewDissents(change, dissents);
  }
  KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(GoalTable(), std::move(goals)));
  KLYNGE_RETURN_IF_ERROR(DropSurplusCriteria(transaction, changes));
  KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(CriterionTable(), std::move(criteria)));
  KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(DissentTable(), std::move(dissents)));
  return transaction.BulkInsert(CheckInTable(), std::move(check_ins));
}

}  // namespace klynge::goals
