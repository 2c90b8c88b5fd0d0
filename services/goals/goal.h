// What the goals service knows about one goal, and what may be done with it and when. Plain values
// and pure rules: no gRPC, no SQL, and no clock but the dates passed in.
#pragma once

#include <absl/status/status.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>
#include <absl/types/optional.h>

#include <cstdint>
#include <string>
#include <vector>

#include "services/platform/date.h"

namespace klynge::goals {

// The numbers are those of v1::GoalState and of the column goal.closed_state.
enum class State { kDraft = 1, kAgreed = 2, kAchieved = 3, kAbandoned = 4 };

// The numbers are those of v1::IndicatorStatistic.
enum class Statistic { kMean = 1, kShareOfGreen = 2 };

// The numbers are those of v1::CheckInSource.
enum class Source { kMeasured = 1, kJudged = 2, kObservation = 3 };

// The observation figure that a criterion follows. Exactly one of item and guidepost, and of round
// and months, is set.
struct Binding {
  std::string instrument_id;
  std::string item_id;
  std::string guidepost_code;
  std::string round_id;
  std::string from_month;  // "2021-09"
  std::string to_month;    // inclusive
  std::string scale_id;    // empty: the only one
  std::string unit_id;     // empty: the goal's own unit
  Statistic statistic = Statistic::kMean;

  bool operator==(const Binding&) const = default;
};

struct Criterion {
  std::string criterion_id;
  std::string indicator;
  std::string unit_of_measure;
  absl::optional<double> baseline;
  absl::optional<double> target;
  absl::optional<Date> due_date;
  double weight = 1;
  absl::optional<Binding> binding;

  bool operator==(const Criterion&) const = default;
};

struct Agreement {
  std::string role;
  Date on;
  std::string note;

  bool operator==(const Agreement&) const = default;
};

struct Closure {
  State state = State::kAbandoned;
  std::string role;
  Date on;
  std::string note;

  bool operator==(const Closure&) const = default;
};

struct Dissent {
  int64_t number = 0;
  std::string role;
  Date on;
  std::string note;
  absl::Time recorded_at;
};

struct CheckIn {
  int64_t number = 0;  // order of entry within the goal, from 1
  std::string criterion_id;
  absl::optional<double> value;
  Date on;
  std::string note;
  Source source = Source::kMeasured;
  std::string role;
  int64_t sample_size = 0;
  absl::Time recorded_at;
};

// What a goal says and how far it was taken; the rest is what was followed up.
struct GoalTerms {
  std::string goal_id;
  std::string unit_id;
  std::string parent_goal_id;
  std::string title;
  std::string description;
  std::string framework_id;
  int64_t framework_version = 0;
  std::vector<std::string> core_areas;
  std::vector<std::string> guideposts;
  std::vector<std::string> themes;
  double weight = 1;
  Date starts_on;
  int64_t follow_up_interval_days = 90;
  std::vector<Criterion> criteria;

  absl::optional<Agreement> agreement;
  absl::optional<Closure> closure;

  bool operator==(const GoalTerms&) const = default;
};

struct Goal : GoalTerms {
  absl::string_view key() const { return goal_id; }

  std::vector<Dissent> dissents;   // by number
  std::vector<CheckIn> check_ins;  // by number

  // A digest of the goal as it was first sent; an import recognises the same row by it.
  std::string entry_digest;
  absl::Time created_at;
  // Of the last write: to the goal, its criteria and dissents, or of a check-in.
  absl::Time updated_at;
  int64_t revision = 0;
};

// The state that the goal has come to.
State StateOf(const Goal& goal);

// The state as it was at the end of that day; nothing before the goal's first day.
absl::optional<State> StateOn(const Goal& goal, Date day);

// What is missing for the criterion to be measurable, in the words of the proto's fields: empty
// when it is measurable.
std::vector<std::string> MissingForMeasuring(const Criterion& criterion);
inline bool IsMeasurable(const Criterion& criterion) {
  return MissingForMeasuring(criterion).empty();
}

// The criterion of that id, or the only one when the id is empty; nullptr when there is no such
// criterion.
const Criterion* FindCriterion(const Goal& goal, absl::string_view criterion_id);

// The check-in that says where the criterion stood on that day: the latest by date, then by number,
// that has a value.
const CheckIn* LatestValue(const Goal& goal, const Criterion& criterion, Date day);

// Each changes the goal, or says why not (FAILED_PRECONDITION with a reason of v1::ErrorReason) and
// leaves it as it was. Agree: CRITERION_NOT_MEASURABLE, GOAL_ALREADY_AGREED, GOAL_CLOSED,
// DATE_OUT_OF_ORDER.
absl::Status Agree(Goal& goal, Agreement agreement);
// Close: GOAL_CLOSED, GOAL_NOT_AGREED, CRITERIA_NOT_MET, DATE_OUT_OF_ORDER. The state is kAchieved
// or kAbandoned.
absl::Status Close(Goal& goal, Closure closure);
// Follow up: GOAL_NOT_AGREED, GOAL_CLOSED, CRITERION_NOT_FOUND, DATE_OUT_OF_ORDER. Numbers the
// check-in and fills in its criterion when the goal has only one.
absl::Status FollowUp(Goal& goal, CheckIn check_in);
// Dissent is taken in every state; the goal numbers it.
void AddDissent(Goal& goal, Dissent dissent);

// Whether `after` may replace `before` now: GOAL_CLOSED, or GOAL_ALREADY_AGREED when what was
// agreed would change.
absl::Status CheckChange(const Goal& before, const Goal& after);

// The tag that a caller reads and gives back to be sure that nobody changed the goal in between.
std::string Etag(const Goal& goal);
// OK when `etag` is empty or the goal's own; else ABORTED (ETAG_MISMATCH).
absl::Status CheckEtag(const Goal& goal, absl::string_view etag);

}  // namespace klynge::goals
