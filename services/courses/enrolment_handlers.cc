#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/courses_service.h"
#include "services/courses/enrolment.h"
#include "services/platform/rpc/validation.h"
#include "services/platform/sql/idempotent_write.h"

namespace klynge::courses {
namespace {

// The day whose team is meant: as asked, else today, but never outside what the programme allows.
absl::StatusOr<Date> TeamDay(const v1::Programme& programme, const std::string& as_of,
                             const Clock& clock) {
  const Date first = ParseDate(programme.first_day()).value_or(kOpenStart);
  const Date last = ParseDate(programme.last_day()).value_or(kOpenEnd);
  if (as_of.empty()) return std::min(std::max(Today(clock), first), last);
  const Date day = ParseDate(as_of).value_or(last + 1);
  if (day <= last) return day;
  Violations violations;
  violations.Add("as_of",
                 absl::StrCat(as_of, " is after the programme's last day ", programme.last_day()));
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
}

void Stamp(absl::Time now, v1::Enrolment& enrolment) {
  const int64_t micros = absl::ToUnixMicros(now);
  enrolment.mutable_enrolled_at()->set_seconds(micros / 1'000'000);
  enrolment.mutable_enrolled_at()->set_nanos(static_cast<int>(micros % 1'000'000) * 1'000);
}

v1::Places With(v1::Places places, int leaders) {
  places.set_taken(places.taken() + leaders);
  places.set_free(std::max(0, places.capacity() - places.taken()));
  return places;
}

std::string AuditId(const v1::Enrolment& enrolment) {
  return absl::StrCat(enrolment.programme_id(), "/", enrolment.cluster_id());
}

}  // namespace

absl::Status CoursesService::Enrol(const rpc::Call& call, const v1::EnrolTeamRequest& request,
                                   v1::EnrolTeamResponse* response) {
  Violations violations;
  RequireId(violations, "programme_id", request.programme_id());
  RequireId(violations, "cluster_id", request.cluster_id());
  DateOr(violations, "as_of", request.as_of(), kOpenStart);
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  KLYNGE_ASSIGN_OR_RETURN(auto tree, trees_.Current(call));
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(auto model, courses_.InWrite(transaction));
        KLYNGE_ASSIGN_OR_RETURN(const ProgrammeRecord* record,
                                RequireProgramme(*model, request.programme_id()));
        KLYNGE_ASSIGN_OR_RETURN(const Date day,
                                TeamDay(record->programme, request.as_of(), clock_));
        KLYNGE_ASSIGN_OR_RETURN(v1::Enrolment enrolment,
                                ReadTeam(record->programme, *tree, request.cluster_id(), day));
        KLYNGE_RETURN_IF_ERROR(CheckEnrolment(*record, enrolment));
        Stamp(transaction.now(), enrolment);
        KLYNGE_RETURN_IF_ERROR(StoreEnrolment(transaction, enrolment));
        *response->mutable_places() =
            With(PlacesFrom(*record, enrolment.team_as_of()), enrolment.leaders_size());
        *response->mutable_enrolment() = enrolment;
        return Audit(transaction, "enrolment", AuditId(enrolment), "enrol", enrolment);
      });
}

absl::Status CoursesService::Withdraw(const rpc::Call& call, const v1::WithdrawTeamRequest& request,
                                      v1::WithdrawTeamResponse* response) {
  Violations violations;
  RequireId(violations, "programme_id", request.programme_id());
  RequireId(violations, "cluster_id", request.cluster_id());
  RequireText(violations, "reason", request.reason());
  const Date day = DateOr(violations, "withdrawn_on", request.withdrawn_on(), Today(clock_));
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(auto model, courses_.InWrite(transaction));
        KLYNGE_ASSIGN_OR_RETURN(const ProgrammeRecord* record,
                                RequireProgramme(*model, request.programme_id()));
        const v1::Enrolment* active = FindActive(*record, request.cluster_id());
        if (active == nullptr) {
          return NotFound(v1::ERROR_REASON_NOT_ENROLLED,
                          absl::StrCat("the team of \"", request.cluster_id(),
                                       "\" is not enrolled; ListEnrolments shows those that are"),
                          {{"cluster_id", request.cluster_id()}});
        }
        v1::Enrolment enrolment = *active;
        if (FormatDate(day) < enrolment.team_as_of()) {
          Violations too_early;
          too_early.Add("withdrawn_on",
                        absl::StrCat(FormatDate(day), " is before the enrolment on ",
                                     enrolment.team_as_of()));
          return too_early.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
        }
        enrolment.set_state(v1::ENROLMENT_STATE_WITHDRAWN);
        enrolment.set_withdrawn_on(FormatDate(day));
        enrolment.set_withdrawal_reason(request.reason());
        KLYNGE_RETURN_IF_ERROR(StoreEnrolment(transaction, enrolment));
        KLYNGE_RETURN_IF_ERROR(RemoveTeamFromSessions(
            transaction, request.programme_id(), request.cluster_id(), enrolment.withdrawn_on()));
        *response->mutable_places() = With(PlacesOf(*record), -enrolment.leaders_size());
        *response->mutable_enrolment() = enrolment;
        return Audit(transaction, "enrolment", AuditId(enrolment), "withdraw", enrolment);
      });
}

}  // namespace klynge::courses
