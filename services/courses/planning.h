// Between the programme and the timetable planner: what is known becomes a problem, and the
// planner's answer becomes sessions, or the rule that can't be kept. Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/courses/programme_record.h"
#include "services/courses/timetable/planner.h"
#include "services/platform/rpc/status.h"

namespace klynge::courses {

// The problem of placing all seminar days of `record` for its enrolled teams. Sessions with
// recorded attendance are pinned. Venues and lecturers that other sessions have taken are not free.
// With keep_published, what is stored is what is published. Errors: kInvalidArgument with every bad
// field of `rules`; kFailedPrecondition TIMETABLE_INFEASIBLE when there is nothing to plan with (no
// teams, venues, lecturers or seminar days).
absl::StatusOr<timetable::Problem> MakeProblem(const CoursesModel& model,
                                               const ProgrammeRecord& record,
                                               const v1::PlanningRules& rules);

// The sessions of seminar days that are stored, by date and id; and as a timetable, in the same
// order, with teams that have left since.
std::vector<const v1::Session*> SeminarSessions(const ProgrammeRecord& record);
timetable::Timetable PublishedIn(const ProgrammeRecord& record);

// The sessions of a feasible answer to `problem`, by date and id. A session with attendance keeps
// its id and teams, a published one its id. Errors: kFailedPrecondition TIMETABLE_IN_USE when a
// team would have to join a session already held.
absl::StatusOr<std::vector<v1::Session>> ToSessions(const ProgrammeRecord& record,
                                                    const timetable::Problem& problem,
                                                    const timetable::Timetable& timetable);

// What a timetable costs, wish by wish.
void AddCosts(const std::vector<timetable::ConstraintCost>& costs,
              google::protobuf::RepeatedPtrField<v1::WishCost>* wishes);

// Why there is no plan: the rules that can't be kept and, where that is proved, what it would do to
// give up, alternative by alternative also in the metadata (`give_up_1` …). Not for
// Outcome::kFeasible.
absl::Status WhyNoPlan(const timetable::PlannerResult& result);

// Enrolled teams that are missing from a seminar day, by id; empty while nothing is planned.
std::vector<std::string> UnplacedTeams(const ProgrammeRecord& record);

}  // namespace klynge::courses
