#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/courses_service.h"
#include "services/courses/enrolment.h"
#include "services/platform/rpc/validation.h"
#include "services/platform/sql/idempotent_write.h"

namespace klynge::courses {
namespace {

// Which team of which programme, and from which day.
template <class Request>
absl::Status CheckTeamRequest(const Request& request) {
  Violations violations;
  RequireId(violations, "programme_id", request.programme_id());
  RequireId(violations, "cluster_id", request.cluster_id());
  DateOr(violations, "as_of", request.as_of(), kOpenStart);
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
}

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

// The day from which a team is read anew: as TeamDay, and not before the enrolment.
absl::StatusOr<Date> RefreshDay(const v1::Programme& programme, const v1::Enrolment& active,
                                const std::string& as_of, const Clock& clock) {
  KLYNGE_ASSIGN_OR_RETURN(const Date day, TeamDay(programme, as_of, clock));
  const Date enrolled = ParseDate(active.team_as_of()).value_or(day);
  if (day >= enrolled) return day;
  if (as_of.empty()) return enrolled;
  Violations violations;
  violations.Add("as_of", absl::StrCat(as_of, " is before the enrolment on ", active.team_as_of()));
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
}

absl::StatusOr<const v1::Enrolment*> RequireActive(const ProgrammeRecord& record,
                                                   const std::string& cluster_id) {
  if (const v1::Enrolment* active = FindActive(record, cluster_id)) return active;
  return NotFound(v1::ERROR_REASON_NOT_ENROLLED,
                  absl::StrCat("the team of \"", cluster_id,
                               "\" is not enrolled; ListEnrolments shows those that are"),
                  {{"cluster_id", cluster_id}});
}

void AddChanges(const RefreshedTeam& team, const CoursesModel& model,
                v1::RefreshTeamResponse* response) {
  for (const auto& person : team.joined) response->add_joined_person_ids(person);
  for (const auto& person : team.left) response->add_left_person_ids(person);
  for (const auto& session : team.sessions) {
    auto venue = model.venues.find(session.venue_id());
    if (venue != model.venues.end() && session.expected_count() > venue->second.seats()) {
      response->add_overfull_session_ids(session.session_id());
    }
  }
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
  KLYNGE_RETURN_IF_ERROR(CheckTeamRequest(request));
  KLYNGE_ASSIGN_OR_RETURN(const auto newest, trees_.Current(call));
  const auto write = [&](sql::WriteTransaction& transaction) -> absl::Status {
    KLYNGE_ASSIGN_OR_RETURN(auto model, courses_.InWrite(transaction));
    KLYNGE_ASSIGN_OR_RETURN(const ProgrammeRecord* record,
                            RequireProgramme(*model, request.programme_id()));
    KLYNGE_ASSIGN_OR_RETURN(const Date day, TeamDay(record->programme, request.as_of(), clock_));
    KLYNGE_ASSIGN_OR_RETURN(v1::Enrolment enrolment,
                            ReadTeam(record->programme, *newest.tree, request.cluster_id(), day));
    KLYNGE_RETURN_IF_ERROR(CheckEnrolment(*record, enrolment));
    Stamp(transaction.now(), enrolment);
    KLYNGE_RETURN_IF_ERROR(StoreEnrolment(transaction, enrolment));
    *response->mutable_places() =
        With(PlacesFrom(*record, enrolment.team_as_of()), enrolment.leaders_size());
    *response->mutable_enrolment() = enrolment;
    return Audit(transaction, "enrolment", AuditId(enrolment), "enrol", enrolment);
  };
  return newest.Vouch(v1::ERROR_REASON_CLUSTER_NOT_FOUND,
                      sql::IdempotentWrite(database_, call, request, response, write));
}

absl::Status CoursesService::Refresh(const rpc::Call& call, const v1::RefreshTeamRequest& request,
                                     v1::RefreshTeamResponse* response) {
  KLYNGE_RETURN_IF_ERROR(CheckTeamRequest(request));
  KLYNGE_ASSIGN_OR_RETURN(const auto newest, trees_.Current(call));
  const auto write = [&](sql::WriteTransaction& transaction) -> absl::Status {
    KLYNGE_ASSIGN_OR_RETURN(auto model, courses_.InWrite(transaction));
    KLYNGE_ASSIGN_OR_RETURN(const ProgrammeRecord* record,
                            RequireProgramme(*model, request.programme_id()));
    KLYNGE_ASSIGN_OR_RETURN(const v1::Enrolment* active,
                            RequireActive(*record, request.cluster_id()));
    KLYNGE_ASSIGN_OR_RETURN(const Date day,
                            RefreshDay(record->programme, *active, request.as_of(), clock_));
    KLYNGE_ASSIGN_OR_RETURN(v1::Enrolment fresh,
                            ReadTeam(record->programme, *newest.tree, request.cluster_id(), day));
    Stamp(transaction.now(), fresh);
    KLYNGE_ASSIGN_OR_RETURN(const RefreshedTeam team, Replace(*record, *active, fresh));
    const bool changed = !team.joined.empty() || !team.left.empty();
    const int more = changed ? fresh.leaders_size() - active->leaders_size() : 0;
    *response->mutable_places() = With(PlacesOf(*record), more);
    *response->mutable_enrolment() = changed ? fresh : *active;
    if (!changed) {
      transaction.Discard();
      return absl::OkStatus();
    }
    AddChanges(team, *model, response);
    if (fresh.team_as_of() != active->team_as_of()) {
      KLYNGE_RETURN_IF_ERROR(StoreEnrolment(transaction, team.ended));
    }
    KLYNGE_RETURN_IF_ERROR(StoreEnrolment(transaction, team.current));
    return Audit(transaction, "enrolment", AuditId(fresh), "refresh", fresh);
  };
  return newest.Vouch(v1::ERROR_REASON_CLUSTER_NOT_FOUND,
                      sql::IdempotentWrite(database_, call, request, response, write));
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
        KLYNGE_ASSIGN_OR_RETURN(const v1::Enrolment* active,
                                RequireActive(*record, request.cluster_id()));
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
