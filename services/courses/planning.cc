#include "services/courses/planning.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/attendance.h"
#include "services/courses/enrolment.h"
#include "services/courses/planning_rules.h"
#include "services/courses/programme.h"
#include "services/courses/resource.h"
#include "services/courses/session_days.h"

namespace klynge::courses {
namespace {

Date DateIn(const std::string& iso) { return ParseDate(iso).value_or(kOpenStart); }

void AddSeries(const ProgrammeRecord& record, timetable::Problem& problem) {
  for (const SeminarDayOf& seminar : SeminarDays(record.programme)) {
    const v1::SeminarDay& day = *seminar.day;
    timetable::Series series{day.seminar_day_id(), day.theme_id()};
    series.days = DaysOf(day);
    series.required_features = {day.required_features().begin(), day.required_features().end()};
    problem.series.push_back(std::move(series));
  }
}

void AddTeams(const ProgrammeRecord& record, timetable::Problem& problem) {
  for (const auto& enrolment : record.enrolments) {
    if (enrolment.state() != v1::ENROLMENT_STATE_ACTIVE) continue;
    problem.teams.push_back({enrolment.cluster_id(), enrolment.area_id(), enrolment.cluster_id(),
                             enrolment.leaders_size()});
  }
}

// Held sessions stay: the period is widened to take them in, and the days that it gains are closed.
void PinHeldSessions(const ProgrammeRecord& record, timetable::Problem& problem) {
  std::set<Date> held;
  Date from = problem.from;
  Date until = problem.until;
  for (const auto& session : record.sessions) {
    if (!IsHeld(record, session)) continue;
    timetable::Pin pin;
    pin.series_id = session.seminar_day_id();
    pin.date = DateIn(session.date());
    pin.venue_id = session.venue_id();
    if (!session.lecturer_ids().empty()) pin.lecturer_id = session.lecturer_ids(0);
    for (const std::string& cluster : session.cluster_ids()) {
      if (FindActive(record, cluster) != nullptr) pin.team_ids.push_back(cluster);
    }
    for (const std::string& day : DatesOf(session)) held.insert(DateIn(day));
    from = std::min(from, *pin.date);
    until = std::max(until, *held.rbegin());
    problem.pins.push_back(std::move(pin));
  }
  for (Date day = from; day <= until; ++day) {
    const bool outside = day < problem.from || day > problem.until;
    if (outside && held.count(day) == 0) problem.calendar.closed_dates.push_back(day);
  }
  problem.from = from;
  problem.until = until;
}

void AddUnavailableTeams(const v1::PlanningRules& rules, timetable::Problem& problem) {
  std::map<std::string, std::set<Date>> away;
  for (const auto& asked : rules.unavailable_teams()) {
    for (Date day = problem.from; day <= problem.until; ++day) {
      if (Contains(asked.days(), day)) away[asked.cluster_id()].insert(day);
    }
  }
  for (timetable::Team& team : problem.teams) team.unavailable = away[team.id];
}

void AddResources(const CoursesModel& model, const ProgrammeRecord& record,
                  timetable::Problem& problem) {
  const Bookings bookings(model, record.programme.programme_id());
  for (const auto& [id, venue] : model.venues) {
    timetable::Venue made{id, venue.area_id(), venue.seats(), {}};
    made.features = {venue.features().begin(), venue.features().end()};
    for (Date day = problem.from; day <= problem.until; ++day) {
      if (!IsOpen(venue, day) || bookings.HasVenue(FormatDate(day), id))
        made.unavailable.insert(day);
    }
    problem.venues.push_back(std::move(made));
  }
  for (const auto& [id, lecturer] : model.lecturers) {
    timetable::Lecturer made{id, {}, {}};
    for (const auto& theme : record.programme.themes()) {
      if (CanTeach(lecturer, theme.theme_id())) made.themes.insert(theme.theme_id());
    }
    for (Date day = problem.from; day <= problem.until; ++day) {
      if (!IsFree(lecturer, day) || bookings.HasLecturer(FormatDate(day), id)) {
        made.unavailable.insert(day);
      }
    }
    problem.lecturers.push_back(std::move(made));
  }
}

bool Has(const google::protobuf::RepeatedPtrField<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool ComesOn(const ProgrammeRecord& record, const std::string& team, const std::string& day) {
  return std::any_of(record.sessions.begin(), record.sessions.end(), [&](const auto& session) {
    return session.date() <= day && day <= LastDate(session) && Has(session.cluster_ids(), team);
  });
}

// What has been held could be held, whatever is said of its days by now; and nobody joins it who
// did not come that day.
void AllowWhatWasHeld(const ProgrammeRecord& record, timetable::Problem& problem) {
  for (const auto& session : record.sessions) {
    if (!IsHeld(record, session)) continue;
    for (const std::string& iso : DatesOf(session)) {
      const Date day = DateIn(iso);
      for (auto& venue : problem.venues) {
        if (venue.id == session.venue_id()) venue.unavailable.erase(day);
      }
      for (auto& lecturer : problem.lecturers) {
        if (Has(session.lecturer_ids(), lecturer.id)) lecturer.unavailable.erase(day);
      }
      for (auto& team : problem.teams) {
        if (Has(session.cluster_ids(), team.id)) team.unavailable.erase(day);
        if (!ComesOn(record, team.id, iso)) team.unavailable.insert(day);
      }
    }
  }
}

absl::Status CheckSomethingToPlan(const timetable::Problem& problem) {
  std::vector<std::string> missing;
  if (problem.series.empty()) missing.push_back("the programme has no seminar days");
  if (problem.teams.empty()) missing.push_back("no team is enrolled (EnrolTeam)");
  if (problem.venues.empty()) missing.push_back("no venue is known (ImportResources)");
  if (problem.lecturers.empty()) missing.push_back("no lecturer is known (ImportResources)");
  if (missing.empty()) return absl::OkStatus();
  return FailedPrecondition(v1::ERROR_REASON_TIMETABLE_INFEASIBLE,
                            absl::StrCat("nothing can be planned: ", absl::StrJoin(missing, "; ")));
}

}  // namespace

std::vector<const v1::Session*> SeminarSessions(const ProgrammeRecord& record) {
  std::vector<const v1::Session*> sessions;
  for (const auto& session : record.sessions) {
    if (!session.seminar_day_id().empty()) sessions.push_back(&session);
  }
  return sessions;
}

timetable::Timetable PublishedIn(const ProgrammeRecord& record) {
  timetable::Timetable published;
  for (const v1::Session* session : SeminarSessions(record)) {
    published.events.push_back({session->seminar_day_id(),
                                DateIn(session->date()),
                                session->venue_id(),
                                session->lecturer_ids().empty() ? "" : session->lecturer_ids(0),
                                {session->cluster_ids().begin(), session->cluster_ids().end()}});
  }
  return published;
}

absl::StatusOr<timetable::Problem> MakeProblem(const CoursesModel& model,
                                               const ProgrammeRecord& record,
                                               const v1::PlanningRules& rules) {
  timetable::Problem problem;
  KLYNGE_RETURN_IF_ERROR(ReadRules(record, rules, problem));
  AddSeries(record, problem);
  AddTeams(record, problem);
  PinHeldSessions(record, problem);
  AddUnavailableTeams(rules, problem);
  AddResources(model, record, problem);
  AllowWhatWasHeld(record, problem);
  if (rules.keep_published()) problem.published = PublishedIn(record);
  KLYNGE_RETURN_IF_ERROR(CheckSomethingToPlan(problem));
  return problem;
}

}  // namespace klynge::courses
