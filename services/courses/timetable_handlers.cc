#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/courses_service.h"
#include "services/courses/planning.h"
#include "services/courses/session_rules.h"
#include "services/courses/timetable/planner.h"
#include "services/courses/timetable_explanation.h"
#include "services/platform/sql/idempotent_write.h"

namespace klynge::courses {
namespace {

constexpr absl::Duration kDefaultTimeLimit = absl::Seconds(5);
constexpr int64_t kDefaultSteps = 300'000;
constexpr int64_t kMostSteps = 1'000'000'000;
constexpr absl::Duration kMostTime = absl::Seconds(120);
// What is kept of the caller's deadline for storing the plan.
constexpr absl::Duration kTimeToStore = absl::Seconds(1);

// The time to search. Checks every limit of the search.
absl::StatusOr<absl::Duration> TimeLimit(const rpc::Call& call,
                                         const v1::PlanTimetableRequest& request) {
  absl::Duration limit = kDefaultTimeLimit;
  if (request.has_time_limit()) {
    limit = absl::Seconds(request.time_limit().seconds()) +
            absl::Nanoseconds(request.time_limit().nanos());
  }
  const absl::Duration left = call.deadline - absl::Now() - kTimeToStore;
  Violations violations;
  if (limit < absl::Seconds(1) || limit > kMostTime) {
    violations.Add("time_limit",
                   absl::StrCat(absl::FormatDuration(limit), " is not between 1s and 120s"));
  } else if (limit > left) {
    violations.Add("time_limit", absl::StrCat(absl::FormatDuration(limit),
                                              " does not fit in the call's deadline; set it later, "
                                              "or the time_limit lower"));
  }
  if (request.max_steps() < 0 || request.max_steps() > kMostSteps) {
    violations.Add("max_steps",
                   absl::StrCat(request.max_steps(), " is not between 0 and ", kMostSteps));
  }
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  return limit;
}

v1::PlanTimetableResponse ProgressOf(const timetable::Progress& progress) {
  v1::PlanTimetableResponse response;
  auto& message = *response.mutable_progress();
  const int64_t nanos = absl::ToInt64Nanoseconds(progress.elapsed);
  message.mutable_elapsed()->set_seconds(nanos / 1'000'000'000);
  message.mutable_elapsed()->set_nanos(static_cast<int>(nanos % 1'000'000'000));
  if (progress.best_cost >= 0) message.set_best_cost(progress.best_cost);
  message.set_steps(progress.iterations);
  return response;
}

v1::PlannedTimetable PlannedOf(const std::string& programme_id, uint64_t seed,
                               const timetable::PlannerResult& result,
                               const std::vector<v1::Session>& sessions) {
  v1::PlannedTimetable planned;
  planned.set_seed(seed);
  planned.set_cost(result.cost);
  AddCosts(result.costs, planned.mutable_costs());
  planned.mutable_timetable()->set_programme_id(programme_id);
  for (const auto& session : sessions) *planned.mutable_timetable()->add_sessions() = session;
  return planned;
}

// The plan was made from `planned_from`; the write must find the same.
absl::Status CheckUnchanged(const CoursesModel& planned_from, const CoursesModel& now,
                            const std::string& programme_id) {
  const ProgrammeRecord* before = planned_from.Find(programme_id);
  const ProgrammeRecord* after = now.Find(programme_id);
  if (after != nullptr && before->changed == after->changed &&
      planned_from.resources_changed == now.resources_changed) {
    return absl::OkStatus();
  }
  return Aborted(v1::ERROR_REASON_CHANGED_MEANWHILE,
                 "enrolments, venues or lecturers changed while the plan was made; plan again",
                 {{"programme_id", programme_id}});
}

}  // namespace

absl::Status CoursesService::Plan(const rpc::Call& call, const v1::PlanTimetableRequest& request,
                                  rpc::ResponseStream<v1::PlanTimetableResponse>& stream) {
  KLYNGE_ASSIGN_OR_RETURN(const absl::Duration limit, TimeLimit(call, request));
  v1::PlanTimetableResponse last;
  KLYNGE_ASSIGN_OR_RETURN(const bool repeated,
                          PlannedBefore(call, request, last.mutable_planned()));
  if (repeated) {
    stream.Send(std::move(last));
    return absl::OkStatus();
  }
  // The newest there is: a plan of less would be thrown away when it is stored.
  KLYNGE_ASSIGN_OR_RETURN(const int64_t newest, database_.Revision(call.deadline));
  KLYNGE_ASSIGN_OR_RETURN(const auto held, courses_.AtLeast(newest, call.deadline));
  KLYNGE_ASSIGN_OR_RETURN(const ProgrammeRecord* record,
                          RequireProgramme(*held.model, request.programme_id()));
  KLYNGE_ASSIGN_OR_RETURN(const timetable::Problem problem,
                          MakeProblem(*held.model, *record, request.rules()));
  std::unique_lock turn(planning_, std::try_to_lock);
  if (!turn) {
    return ResourceExhausted(v1::ERROR_REASON_PLANNING_BUSY,
                             "another timetable is being planned; try again when it is done",
                             kDefaultTimeLimit);
  }
  timetable::PlannerOptions options;
  options.seed = request.seed();
  options.time_limit = limit;
  options.max_iterations = request.max_steps() == 0 ? kDefaultSteps : request.max_steps();
  options.cancelled = [&] { return call.cancelled() || stream.cancelled(); };
  options.on_progress = [&](const timetable::Progress& progress) {
    stream.Send(ProgressOf(progress));
  };
  const timetable::PlannerResult result = timetable::PlanTimetable(problem, options);
  turn.unlock();
  if (options.cancelled()) return absl::CancelledError("the caller went away; nothing was stored");
  if (result.outcome != timetable::Outcome::kFeasible) return WhyNoPlan(result);
  KLYNGE_ASSIGN_OR_RETURN(const std::vector<v1::Session> sessions,
                          ToSessions(*record, problem, result.timetable));
  *last.mutable_planned() = PlannedOf(request.programme_id(), request.seed(), result, sessions);
  KLYNGE_RETURN_IF_ERROR(StorePlan(call, request, *held.model, last.mutable_planned()));
  stream.Send(std::move(last));
  return absl::OkStatus();
}

absl::StatusOr<bool> CoursesService::PlannedBefore(const rpc::Call& call,
                                                   const v1::PlanTimetableRequest& request,
                                                   v1::PlannedTimetable* planned) {
  if (request.request_id().empty() || request.validate_only()) return false;
  bool is_new = false;
  const absl::Status looked =
      sql::IdempotentWrite(database_, call, request, planned, [&](sql::WriteTransaction&) {
        is_new = true;
        return absl::NotFoundError("not planned yet");
      });
  if (is_new) return false;
  KLYNGE_RETURN_IF_ERROR(looked);
  return true;
}

absl::Status CoursesService::StorePlan(const rpc::Call& call,
                                       const v1::PlanTimetableRequest& request,
                                       const CoursesModel& planned_from,
                                       v1::PlannedTimetable* planned) {
  const v1::PlannedTimetable plan = *planned;
  const auto& list = plan.timetable().sessions();
  const std::vector<v1::Session> sessions(list.begin(), list.end());
  const std::string& programme_id = request.programme_id();
  return sql::IdempotentWrite(
      database_, call, request, planned, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(auto model, courses_.InWrite(transaction));
        KLYNGE_RETURN_IF_ERROR(CheckUnchanged(planned_from, *model, programme_id));
        KLYNGE_RETURN_IF_ERROR(CheckStillFree(*model, programme_id, sessions));
        KLYNGE_RETURN_IF_ERROR(RemovePlannedSeminars(transaction, programme_id));
        KLYNGE_RETURN_IF_ERROR(StoreSessions(transaction, programme_id, sessions));
        *planned = plan;
        return Audit(transaction, "timetable", programme_id, "plan", plan.timetable());
      });
}

absl::Status CoursesService::Schedule(const rpc::Call& call,
                                      const v1::ScheduleSessionRequest& request,
                                      v1::ScheduleSessionResponse* response) {
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(auto model, courses_.InWrite(transaction));
        KLYNGE_ASSIGN_OR_RETURN(const ProgrammeRecord* record,
                                RequireProgramme(*model, request.programme_id()));
        v1::Session session = request.session();
        KLYNGE_RETURN_IF_ERROR(CheckSession(*model, *record, session));
        session.set_cohort(0);
        session.set_last_date(session.date());
        KLYNGE_RETURN_IF_ERROR(StoreSessions(transaction, request.programme_id(), {session}));
        *response->mutable_session() = session;
        return Audit(transaction, "session",
                     absl::StrCat(request.programme_id(), "/", session.session_id()), "schedule",
                     session);
      });
}

absl::Status CoursesService::Explain(const rpc::Call& call,
                                     const v1::ExplainTimetableRequest& request,
                                     v1::ExplainTimetableResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(const auto held, courses_.AtLeast(request.min_revision(), call.deadline));
  KLYNGE_ASSIGN_OR_RETURN(const ProgrammeRecord* record,
                          RequireProgramme(*held.model, request.programme_id()));
  response->set_revision(held.revision);
  return ::klynge::courses::ExplainTimetable(*held.model, *record, request, response);
}

}  // namespace klynge::courses
