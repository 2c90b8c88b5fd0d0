#include "services/courses/planning.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/enrolment.h"
#include "services/courses/programme.h"
#include "services/courses/resource.h"
#include "services/platform/rpc/validation.h"

namespace klynge::courses {
namespace {

constexpr double kDefaultShareAway = 0.5;
constexpr int kMaxGap = 3660;

bool IsHeld(const ProgrammeRecord& record, const v1::Session& session) {
  auto marks = record.attendance.find(session.session_id());
  return !session.seminar_day_id().empty() && marks != record.attendance.end() &&
         !marks->second.empty();
}

Date DateIn(const std::string& iso) { return ParseDate(iso).value_or(kOpenStart); }

void ReadLimits(const v1::PlanningRules& rules, timetable::Problem& problem,
                Violations& violations) {
  problem.limits.max_away_share =
      rules.max_area_share_away() == 0 ? kDefaultShareAway : rules.max_area_share_away();
  if (!(problem.limits.max_away_share > 0 && problem.limits.max_away_share <= 1)) {
    violations.Add("rules.max_area_share_away",
                   absl::StrCat(rules.max_area_share_away(), " is not above 0 and at most 1"));
  }
  auto& limits = problem.limits;
  if (rules.min_days_between() != 0) limits.min_gap_days = rules.min_days_between();
  if (rules.max_days_between() != 0) limits.max_gap_days = rules.max_days_between();
  if (limits.min_gap_days < 1 || limits.min_gap_days > kMaxGap) {
    violations.Add("rules.min_days_between",
                   absl::StrCat(rules.min_days_between(), " is not between 1 and ", kMaxGap));
  }
  if (limits.max_gap_days < limits.min_gap_days || limits.max_gap_days > kMaxGap) {
    violations.Add("rules.max_days_between",
                   absl::StrCat(limits.max_gap_days, " is not between min_days_between (",
                                limits.min_gap_days, ") and ", kMaxGap));
  }
  for (int i = 0; i < rules.preferred_weekdays_size(); ++i) {
    const int day = rules.preferred_weekdays(i);
    if (day < 1 || day > 5) {
      violations.Add(absl::StrCat("rules.preferred_weekdays[", i, "]"),
                     absl::StrCat(day, " is not between 1 (Monday) and 5 (Friday)"));
      continue;
    }
    problem.preferred_weekdays.insert(static_cast<absl::Weekday>(day - 1));
  }
}

void ReadPeriod(const v1::Programme& programme, const v1::PlanningRules& rules,
                timetable::Problem& problem, Violations& violations) {
  const Date first = DateIn(programme.first_day());
  const Date last = DateIn(programme.last_day());
  problem.from = DateOr(violations, "rules.first_day", rules.first_day(), first);
  problem.until = DateOr(violations, "rules.last_day", rules.last_day(), last);
  if (problem.from < first || problem.from > last) {
    violations.Add("rules.first_day",
                   absl::StrCat(rules.first_day(), " is not within the programme (",
                                programme.first_day(), " to ", programme.last_day(), ")"));
  }
  if (problem.until > last || problem.until < problem.from) {
    violations.Add(
        "rules.last_day",
        absl::StrCat(rules.last_day(), " is not between first_day and ", programme.last_day()));
  }
  for (int i = 0; i < rules.closed_days_size(); ++i) {
    const std::string field = absl::StrCat("rules.closed_days[", i, "]");
    if (rules.closed_days(i).empty()) violations.Add(field, "is empty");
    problem.calendar.closed_dates.push_back(
        DateOr(violations, field, rules.closed_days(i), problem.from));
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
    held.insert(*pin.date);
    from = std::min(from, *pin.date);
    until = std::max(until, *pin.date);
    problem.pins.push_back(std::move(pin));
  }
  for (Date day = from; day <= until; ++day) {
    const bool outside = day < problem.from || day > problem.until;
    if (outside && held.count(day) == 0) problem.calendar.closed_dates.push_back(day);
  }
  problem.from = from;
  problem.until = until;
}

void AddResources(const CoursesModel& model, const ProgrammeRecord& record,
                  timetable::Problem& problem) {
  const Bookings bookings(model, record.programme.programme_id());
  for (const auto& [id, venue] : model.venues) {
    timetable::Venue made{id, venue.area_id(), venue.seats(), {}};
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

// What identifies a session before it has an id.
std::string PlaceOf(const v1::Session& session) {
  return absl::StrCat(session.seminar_day_id(), "/", session.date(), "/", session.venue_id());
}

v1::Session SessionOf(const ProgrammeRecord& record, const SeminarDayOf& seminar,
                      const timetable::Event& event) {
  v1::Session session;
  session.set_activity_id(seminar.activity->activity_id());
  session.set_seminar_day_id(event.series_id);
  session.set_theme_id(seminar.day->theme_id());
  session.set_date(FormatDate(event.date));
  session.set_venue_id(event.venue_id);
  if (!event.lecturer_id.empty()) session.add_lecturer_ids(event.lecturer_id);
  int leaders = 0;
  for (const std::string& team : event.team_ids) {
    session.add_cluster_ids(team);
    if (const auto* enrolment = FindActive(record, team)) leaders += enrolment->leaders_size();
  }
  session.set_expected_count(leaders);
  return session;
}

absl::Status CheckNobodyJoins(const v1::Session& held, const v1::Session& planned) {
  const auto& before = held.cluster_ids();
  for (const std::string& team : planned.cluster_ids()) {
    if (std::find(before.begin(), before.end(), team) != before.end()) continue;
    return FailedPrecondition(
        v1::ERROR_REASON_TIMETABLE_IN_USE,
        absl::StrCat("\"", team, "\" would have to join session \"", held.session_id(),
                     "\", which has been held; allow a later last_day, add venues, or withdraw it"),
        {{"session_id", held.session_id()}, {"cluster_id", team}});
  }
  return absl::OkStatus();
}

// "seminardag-1-hold-2", or the next number that no held session has.
std::string FreeId(const std::string& series, int cohort, std::set<std::string>& taken) {
  std::string id;
  do {
    id = absl::StrCat(series, "-hold-", cohort++);
  } while (!taken.insert(id).second);
  return id;
}

}  // namespace

absl::StatusOr<timetable::Problem> MakeProblem(const CoursesModel& model,
                                               const ProgrammeRecord& record,
                                               const v1::PlanningRules& rules) {
  timetable::Problem problem;
  Violations violations;
  ReadPeriod(record.programme, rules, problem, violations);
  ReadLimits(rules, problem, violations);
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  for (const SeminarDayOf& seminar : SeminarDays(record.programme)) {
    problem.series.push_back({seminar.day->seminar_day_id(), seminar.day->theme_id(), 0});
  }
  AddTeams(record, problem);
  PinHeldSessions(record, problem);
  AddResources(model, record, problem);
  KLYNGE_RETURN_IF_ERROR(CheckSomethingToPlan(problem));
  return problem;
}

absl::StatusOr<std::vector<v1::Session>> ToSessions(const ProgrammeRecord& record,
                                                    const timetable::Timetable& timetable) {
  std::map<std::string, SeminarDayOf> days;
  for (const SeminarDayOf& day : SeminarDays(record.programme)) {
    days.emplace(day.day->seminar_day_id(), day);
  }
  std::map<std::string, const v1::Session*> held;
  std::set<std::string> taken_ids;
  for (const auto& session : record.sessions) {
    if (!IsHeld(record, session)) continue;
    held[PlaceOf(session)] = &session;
    taken_ids.insert(session.session_id());
  }
  std::map<std::string, int> cohorts;
  std::vector<v1::Session> sessions;
  for (const auto& event : timetable.events) {
    v1::Session session = SessionOf(record, days.at(event.series_id), event);
    const int cohort = ++cohorts[event.series_id];
    if (auto kept = held.find(PlaceOf(session)); kept != held.end()) {
      KLYNGE_RETURN_IF_ERROR(CheckNobodyJoins(*kept->second, session));
      session = *kept->second;
    } else {
      session.set_session_id(FreeId(event.series_id, cohort, taken_ids));
    }
    session.set_cohort(cohort);
    sessions.push_back(std::move(session));
  }
  return sessions;
}

std::vector<std::string> UnplacedTeams(const ProgrammeRecord& record) {
  std::map<std::string, std::set<std::string>> days_of_team;
  bool planned = false;
  for (const auto& session : record.sessions) {
    if (session.seminar_day_id().empty()) continue;
    planned = true;
    for (const auto& team : session.cluster_ids()) {
      days_of_team[team].insert(session.seminar_day_id());
    }
  }
  std::vector<std::string> unplaced;
  if (!planned) return unplaced;
  const size_t wanted = SeminarDays(record.programme).size();
  for (const auto& enrolment : record.enrolments) {
    if (enrolment.state() == v1::ENROLMENT_STATE_ACTIVE &&
        days_of_team[enrolment.cluster_id()].size() < wanted) {
      unplaced.push_back(enrolment.cluster_id());
    }
  }
  return unplaced;
}

}  // namespace klynge::courses
