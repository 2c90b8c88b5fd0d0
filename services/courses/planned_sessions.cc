// The planner's answer as sessions.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/attendance.h"
#include "services/courses/enrolment.h"
#include "services/courses/planning.h"
#include "services/courses/programme.h"
#include "services/courses/session_days.h"
#include "services/courses/timetable/difference.h"

namespace klynge::courses {
namespace {

// What identifies a session before it has an id.
std::string PlaceOf(const v1::Session& session) {
  return absl::StrCat(session.seminar_day_id(), "/", session.date(), "/", session.venue_id());
}

std::string PlaceOf(const timetable::Event& event) {
  return absl::StrCat(event.series_id, "/", FormatDate(event.date), "/", event.venue_id);
}

v1::Session SessionOf(const ProgrammeRecord& record, const SeminarDayOf& seminar,
                      const timetable::Event& event) {
  v1::Session session;
  session.set_activity_id(seminar.activity->activity_id());
  session.set_seminar_day_id(event.series_id);
  session.set_theme_id(seminar.day->theme_id());
  session.set_date(FormatDate(event.date));
  SetLastDate(record.programme, session);
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

// The ids of the published sessions by the places of what they have become: whoever has noted a
// session finds it again.
std::map<std::string, std::string> KeptIds(const ProgrammeRecord& record,
                                           const timetable::Problem& problem,
                                           const timetable::Timetable& timetable) {
  std::map<std::string, std::string> kept;
  if (problem.published.events.empty()) return kept;
  std::map<std::string, std::string> stored;
  for (const auto& session : record.sessions) stored[PlaceOf(session)] = session.session_id();
  std::set<std::string> used;
  for (const auto& event : timetable.events) {
    auto same = stored.find(PlaceOf(event));
    if (same == stored.end()) continue;
    kept.insert(*same);
    used.insert(same->second);
  }
  for (const auto& changed : DiffTimetables(problem, problem.published, timetable).events) {
    if (!changed.before || !changed.after || kept.count(PlaceOf(*changed.after)) > 0) continue;
    const std::string& id = stored.at(PlaceOf(*changed.before));
    if (used.insert(id).second) kept[PlaceOf(*changed.after)] = id;
  }
  return kept;
}

// "seminardag-1-hold-2", or the next number that no other session has.
std::string FreeId(const std::string& series, int cohort, std::set<std::string>& taken) {
  std::string id;
  do {
    id = absl::StrCat(series, "-hold-", cohort++);
  } while (!taken.insert(id).second);
  return id;
}

}  // namespace

absl::StatusOr<std::vector<v1::Session>> ToSessions(const ProgrammeRecord& record,
                                                    const timetable::Problem& problem,
                                                    const timetable::Timetable& timetable) {
  std::map<std::string, SeminarDayOf> days;
  for (const SeminarDayOf& day : SeminarDays(record.programme)) {
    days.emplace(day.day->seminar_day_id(), day);
  }
  const auto kept_ids = KeptIds(record, problem, timetable);
  std::set<std::string> taken_ids;
  for (const auto& [place, id] : kept_ids) taken_ids.insert(id);
  std::map<std::string, const v1::Session*> held;
  for (const auto& session : record.sessions) {
    if (IsHeld(record, session)) held[PlaceOf(session)] = &session;
    // What is not planned here keeps its id as well.
    if (IsHeld(record, session) || session.seminar_day_id().empty()) {
      taken_ids.insert(session.session_id());
    }
  }
  std::map<std::string, int> cohorts;
  std::vector<v1::Session> sessions;
  for (const auto& event : timetable.events) {
    v1::Session session = SessionOf(record, days.at(event.series_id), event);
    const int cohort = ++cohorts[event.series_id];
    if (auto there = held.find(PlaceOf(event)); there != held.end()) {
      KLYNGE_RETURN_IF_ERROR(CheckNobodyJoins(*there->second, session));
      session = *there->second;
    } else if (auto kept = kept_ids.find(PlaceOf(event)); kept != kept_ids.end()) {
      session.set_session_id(kept->second);
    } else {
      session.set_session_id(FreeId(event.series_id, cohort, taken_ids));
    }
    session.set_cohort(cohort);
    sessions.push_back(std::move(session));
  }
  return sessions;
}

void AddCosts(const std::vector<timetable::ConstraintCost>& costs,
              google::protobuf::RepeatedPtrField<v1::WishCost>* wishes) {
  for (const timetable::ConstraintCost& each : costs) {
    v1::WishCost& wish = *wishes->Add();
    wish.set_wish(each.constraint);
    wish.set_count(each.count);
    wish.set_cost(each.cost);
  }
}

std::vector<std::string> UnplacedTeams(const ProgrammeRecord& record) {
  std::map<std::string, std::set<std::string>> days_of_team;
  const std::vector<const v1::Session*> sessions = SeminarSessions(record);
  for (const v1::Session* session : sessions) {
    for (const auto& team : session->cluster_ids()) {
      days_of_team[team].insert(session->seminar_day_id());
    }
  }
  std::vector<std::string> unplaced;
  if (sessions.empty()) return unplaced;
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
