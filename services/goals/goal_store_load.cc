#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <utility>

#include "services/goals/goal_store.h"
#include "services/platform/rpc/status.h"
#include "services/platform/sql/json.h"

namespace klynge::goals {
namespace {

constexpr char kFrameworks[] =
    "SELECT framework_id, version, content FROM framework WHERE revision > :since"
    " ORDER BY revision, version";

constexpr char kGoals[] =
    "SELECT goal_id, unit_id, parent_goal_id, title, description, framework_id, framework_version,"
    " core_area_codes, guidepost_codes, curriculum_theme_codes, weight, starts_on,"
    " follow_up_interval_days, agreed_on, agreed_role, agreed_note, closed_on, closed_state,"
    " closed_role, closed_note, entry_digest, created_at, updated_at, revision"
    " FROM goal WHERE revision > :since";

// Criteria and dissents are read whole with their goal, which every change of them renews.
constexpr char kCriteria[] =
    "SELECT c.goal_id, c.criterion_id, c.indicator, c.unit_of_measure, c.baseline, c.target,"
    " c.due_date, c.weight, c.instrument_id, c.item_id, c.guidepost_code, c.round_id, c.from_month,"
    " c.to_month, c.scale_id, c.scope_unit_id, c.statistic"
    " FROM criterion c JOIN goal g ON g.goal_id = c.goal_id WHERE g.revision > :since"
    " ORDER BY c.position";

constexpr char kDissents[] =
    "SELECT d.goal_id, d.number, d.role, d.voiced_on, d.note, d.recorded_at"
    " FROM dissent d JOIN goal g ON g.goal_id = d.goal_id WHERE g.revision > :since"
    " ORDER BY d.number";

// Those of goals that are read whole, and the new ones of the others.
constexpr char kCheckIns[] =
    "SELECT goal_id, number, criterion_id, value, checked_on, note, source, role, sample_size,"
    " recorded_at, revision FROM check_in WHERE revision > :since"
    " UNION ALL SELECT c.goal_id, c.number, c.criterion_id, c.value, c.checked_on, c.note,"
    " c.source, c.role, c.sample_size, c.recorded_at, c.revision"
    " FROM check_in c JOIN goal g ON g.goal_id = c.goal_id WHERE g.revision > :since_then"
    " ORDER BY number";

using Goals = absl::flat_hash_map<std::string, std::shared_ptr<Goal>>;

// Columns in order, so that a query and its reader can be held side by side.
class Cursor {
 public:
  explicit Cursor(const sql::Row& row) : row_(row) {}
  std::string Text() { return row_.Text(at_++); }
  int64_t Int() { return row_.Int(at_++); }
  double Double() { return row_.Double(at_++); }
  absl::Time Time() { return absl::FromUnixMicros(Int()); }
  absl::optional<Date> Day() { return ParseDate(Text()); }
  absl::optional<double> OptionalDouble() {
    if (row_.IsNull(at_)) return ++at_, absl::nullopt;
    return Double();
  }
  std::vector<std::string> Codes() { return absl::StrSplit(Text(), ',', absl::SkipEmpty()); }

 private:
  const sql::Row& row_;
  size_t at_ = 0;
};

std::shared_ptr<Goal> ReadGoal(const sql::Row& row) {
  Cursor at(row);
  auto goal = std::make_shared<Goal>();
  goal->goal_id = at.Text();
  goal->unit_id = at.Text();
  goal->parent_goal_id = at.Text();
  goal->title = at.Text();
  goal->description = at.Text();
  goal->framework_id = at.Text();
  goal->framework_version = at.Int();
  goal->core_areas = at.Codes();
  goal->guideposts = at.Codes();
  goal->themes = at.Codes();
  goal->weight = at.Double();
  goal->starts_on = at.Day().value_or(kOpenStart);
  goal->follow_up_interval_days = at.Int();
  const absl::optional<Date> agreed_on = at.Day();
  Agreement agreement{at.Text(), agreed_on.value_or(kOpenStart), at.Text()};
  if (agreed_on) goal->agreement = std::move(agreement);
  const absl::optional<Date> closed_on = at.Day();
  Closure closure;
  closure.state = static_cast<State>(at.Int());
  closure.role = at.Text();
  closure.note = at.Text();
  if (closed_on) {
    closure.on = *closed_on;
    goal->closure = std::move(closure);
  }
  goal->entry_digest = at.Text();
  goal->created_at = at.Time();
  goal->updated_at = at.Time();
  goal->revision = at.Int();
  return goal;
}

void ReadCriterion(const sql::Row& row, const Goals& goals) {
  Cursor at(row);
  auto goal = goals.find(at.Text());
  if (goal == goals.end()) return;
  Criterion criterion;
  criterion.criterion_id = at.Text();
  criterion.indicator = at.Text();
  criterion.unit_of_measure = at.Text();
  criterion.baseline = at.OptionalDouble();
  criterion.target = at.OptionalDouble();
  criterion.due_date = at.Day();
  criterion.weight = at.Double();
  Binding binding;
  binding.instrument_id = at.Text();
  binding.item_id = at.Text();
  binding.guidepost_code = at.Text();
  binding.round_id = at.Text();
  binding.from_month = at.Text();
  binding.to_month = at.Text();
  binding.scale_id = at.Text();
  binding.unit_id = at.Text();
  binding.statistic = static_cast<Statistic>(at.Int());
  if (!binding.instrument_id.empty()) criterion.binding = std::move(binding);
  goal->second->criteria.push_back(std::move(criterion));
}

void ReadDissent(const sql::Row& row, const Goals& goals) {
  Cursor at(row);
  auto goal = goals.find(at.Text());
  if (goal == goals.end()) return;
  Dissent dissent;
  dissent.number = at.Int();
  dissent.role = at.Text();
  dissent.on = at.Day().value_or(kOpenStart);
  dissent.note = at.Text();
  dissent.recorded_at = at.Time();
  goal->second->dissents.push_back(std::move(dissent));
}

// The goal among those that are read anew, or else a copy of that in `book`.
Goal* ToChange(const std::string& goal_id, const GoalBook& book, Goals& goals) {
  if (const auto goal = goals.find(goal_id); goal != goals.end()) return goal->second.get();
  const GoalPointer before = book.Find(goal_id);
  if (!before) return nullptr;
  return goals.emplace(goal_id, std::make_shared<Goal>(*before)).first->second.get();
}

void ReadCheckIn(const sql::Row& row, const GoalBook& book, Goals& goals) {
  Cursor at(row);
  Goal* goal = ToChange(at.Text(), book, goals);
  CheckIn check_in;
  check_in.number = at.Int();
  // The same one may be read twice, or be in the book already.
  if (!goal || check_in.number <= static_cast<int64_t>(goal->check_ins.size())) return;
  check_in.criterion_id = at.Text();
  check_in.value = at.OptionalDouble();
  check_in.on = at.Day().value_or(kOpenStart);
  check_in.note = at.Text();
  check_in.source = static_cast<Source>(at.Int());
  check_in.role = at.Text();
  check_in.sample_size = at.Int();
  check_in.recorded_at = at.Time();
  if (const int64_t revision = at.Int(); revision > goal->revision) {
    goal->revision = revision;
    goal->updated_at = check_in.recorded_at;
  }
  goal->check_ins.push_back(std::move(check_in));
}

absl::Status LoadFrameworks(sql::Session& session, int64_t since, GoalBook& book) {
  KLYNGE_ASSIGN_OR_RETURN(auto rows, session.Query(kFrameworks, {since}));
  for (const sql::Row& row : rows) {
    v1::Framework content;
    KLYNGE_RETURN_IF_ERROR(sql::FromJson(row.Text(2), content));
    book.Add(std::make_shared<const Framework>(std::move(content)));
  }
  return absl::OkStatus();
}

absl::StatusOr<Goals> LoadGoals(sql::Session& session, int64_t since, const GoalBook& book) {
  Goals goals;
  KLYNGE_ASSIGN_OR_RETURN(const auto goal_rows, session.Query(kGoals, {since}));
  for (const sql::Row& row : goal_rows) {
    auto goal = ReadGoal(row);
    goals.emplace(goal->goal_id, goal);
  }
  if (!goals.empty()) {
    KLYNGE_ASSIGN_OR_RETURN(const auto criteria, session.Query(kCriteria, {since}));
    for (const sql::Row& row : criteria) ReadCriterion(row, goals);
    KLYNGE_ASSIGN_OR_RETURN(const auto dissents, session.Query(kDissents, {since}));
    for (const sql::Row& row : dissents) ReadDissent(row, goals);
  }
  KLYNGE_ASSIGN_OR_RETURN(const auto check_ins, session.Query(kCheckIns, {since, since}));
  for (const sql::Row& row : check_ins) ReadCheckIn(row, book, goals);
  return goals;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const GoalBook>> LoadBook(sql::Session& session,
                                                         std::shared_ptr<const GoalBook> previous,
                                                         int64_t since) {
  if (!previous) since = 0;
  auto book = previous ? std::make_shared<GoalBook>(*previous) : std::make_shared<GoalBook>();
  KLYNGE_RETURN_IF_ERROR(LoadFrameworks(session, since, *book));
  KLYNGE_ASSIGN_OR_RETURN(Goals goals, LoadGoals(session, since, *book));
  for (auto& [goal_id, goal] : goals) book->Set(std::move(goal));
  return std::shared_ptr<const GoalBook>(std::move(book));
}

}  // namespace klynge::goals
