#include "services/courses/session_rules.h"

#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/attendance.h"
#include "services/courses/programme.h"
#include "services/courses/resource.h"
#include "services/courses/timetable/calendar.h"
#include "services/platform/rpc/status.h"
#include "services/platform/rpc/validation.h"

namespace klynge::courses {
namespace {

void CheckActivity(const ProgrammeRecord& record, const v1::Session& session,
                   Violations& violations) {
  const v1::Activity* activity = FindActivity(record.programme, session.activity_id());
  if (activity == nullptr) {
    violations.Add("session.activity_id",
                   absl::StrCat("the programme has no activity \"", session.activity_id(), "\""));
  } else if (activity->form() != v1::ACTIVITY_FORM_SESSION) {
    violations.Add("session.activity_id",
                   absl::StrCat("\"", session.activity_id(),
                                "\" is not of form ACTIVITY_FORM_SESSION; seminar days are placed "
                                "by PlanTimetable"));
  }
  if (!session.seminar_day_id().empty()) {
    violations.Add("session.seminar_day_id", "must be empty; PlanTimetable places seminar days");
  }
  if (!session.cluster_ids().empty()) {
    violations.Add("session.cluster_ids", "must be empty; only seminar days are for teams");
  }
  const v1::Session* known = FindSession(record, session.session_id());
  if (known != nullptr && !known->seminar_day_id().empty()) {
    violations.Add("session.session_id", absl::StrCat("\"", session.session_id(),
                                                      "\" is a seminar day; choose another id"));
  }
}

void CheckDate(const v1::Programme& programme, const v1::Session& session, Violations& violations) {
  if (session.date().empty()) violations.Add("session.date", "is required");
  DateOr(violations, "session.date", session.date(), kOpenStart);
  if (session.date() < programme.first_day() || programme.last_day() < session.date()) {
    violations.Add("session.date",
                   absl::StrCat(session.date(), " is not within the programme (",
                                programme.first_day(), " to ", programme.last_day(), ")"));
  }
  if (session.expected_count() < 0) violations.Add("session.expected_count", "is below 0");
}

absl::Status NotFree(const std::string& kind, const std::string& id, const std::string& why) {
  return FailedPrecondition(v1::ERROR_REASON_RESOURCE_NOT_FREE,
                            absl::StrCat(kind, " \"", id, "\" ", why), {{kind + "_id", id}});
}

absl::Status CheckVenueFree(const CoursesModel& model, const Bookings& bookings,
                            const v1::Session& session, Date day) {
  const std::string& id = session.venue_id();
  if (id.empty()) return absl::OkStatus();
  auto venue = model.venues.find(id);
  if (venue == model.venues.end()) return NotFree("venue", id, "is unknown; import it first");
  if (!IsOpen(venue->second, day) || bookings.HasVenue(session.date(), id)) {
    return NotFree("venue", id, absl::StrCat("is taken on ", session.date()));
  }
  if (session.expected_count() > venue->second.seats()) {
    return NotFree("venue", id,
                   absl::StrCat("has ", venue->second.seats(), " seats, ", session.expected_count(),
                                " are expected"));
  }
  return absl::OkStatus();
}

absl::Status CheckLecturersFree(const CoursesModel& model, const Bookings& bookings,
                                const v1::Session& session, Date day) {
  for (const std::string& id : session.lecturer_ids()) {
    auto lecturer = model.lecturers.find(id);
    if (lecturer == model.lecturers.end()) {
      return NotFree("lecturer", id, "is unknown; import it first");
    }
    if (!IsFree(lecturer->second, day) || bookings.HasLecturer(session.date(), id)) {
      return NotFree("lecturer", id, absl::StrCat("is taken on ", session.date()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckSession(const CoursesModel& model, const ProgrammeRecord& record,
                          const v1::Session& session) {
  Violations violations;
  RequireId(violations, "session.session_id", session.session_id());
  CheckActivity(record, session, violations);
  CheckDate(record.programme, session, violations);
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  const Date day = ParseDate(session.date()).value_or(kOpenStart);
  timetable::CalendarRules rules;
  rules.summer_holiday = timetable::DayUse::kAvoided;  // teams are not away in July, others may be
  if (timetable::UseOf(day, rules) == timetable::DayUse::kClosed) {
    return FailedPrecondition(
        v1::ERROR_REASON_WRONG_DAY,
        absl::StrCat(session.date(), " is no working day: ", timetable::ReasonAgainst(day, rules)),
        {{"date", session.date()}});
  }
  Bookings bookings(model, "");
  if (const v1::Session* known = FindSession(record, session.session_id())) {
    if (known->date() != session.date() && record.attendance.count(session.session_id()) > 0) {
      return FailedPrecondition(v1::ERROR_REASON_TIMETABLE_IN_USE,
                                absl::StrCat("attendance is recorded at \"", session.session_id(),
                                             "\" on ", known->date(), "; its date stays"),
                                {{"session_id", session.session_id()}});
    }
    bookings.Release(*known);
  }
  KLYNGE_RETURN_IF_ERROR(CheckVenueFree(model, bookings, session, day));
  return CheckLecturersFree(model, bookings, session, day);
}

absl::Status CheckStillFree(const CoursesModel& model, const std::string& programme_id,
                            const std::vector<v1::Session>& sessions) {
  const Bookings bookings(model, programme_id);
  for (const auto& session : sessions) {
    if (!bookings.Clash(session)) continue;
    return Aborted(v1::ERROR_REASON_CHANGED_MEANWHILE,
                   absl::StrCat("the venue or lecturer of ", session.date(),
                                " was taken while the plan was made; plan again"),
                   {{"date", session.date()}});
  }
  return absl::OkStatus();
}

}  // namespace klynge::courses
