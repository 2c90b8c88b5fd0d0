#include "services/courses/brief.h"

#include <set>

#include "services/courses/attendance.h"
#include "services/courses/programme.h"
#include "services/courses/session_days.h"

namespace klynge::courses {

v1::BriefParticipation Participation(const ProgrammeRecord& record, const std::string& cluster_id,
                                     const std::string& as_of) {
  v1::BriefParticipation participation;
  participation.set_programme_id(record.programme.programme_id());
  AttendanceCount count;
  std::set<std::string> days_held;
  for (const auto& session : record.sessions) {
    const auto& teams = session.cluster_ids();
    if (std::find(teams.begin(), teams.end(), cluster_id) == teams.end()) continue;
    if (session.date() > as_of && participation.next_session_on().empty()) {
      participation.set_next_session_on(session.date());
    }
    if (LastDate(session) > as_of) continue;
    count.Add(record, session, cluster_id);
    days_held.insert(session.seminar_day_id());
  }
  *participation.mutable_attendance() = count.Rate();
  participation.set_seminar_days_held(static_cast<int>(days_held.size()));
  participation.set_seminar_days_planned(static_cast<int>(SeminarDays(record.programme).size()));
  for (const auto& conversation : record.conversations) {
    if (conversation.cluster_id() == cluster_id && conversation.held_on() <= as_of) {
      *participation.add_conversations() = conversation;
    }
  }
  participation.set_conversations_planned(ConversationsPerTeam(record.programme));
  return participation;
}

const ProgrammeRecord* ProgrammeOf(const CoursesModel& model, const std::string& cluster_id,
                                   const std::string& as_of) {
  const ProgrammeRecord* latest = nullptr;
  std::string joined;
  for (const auto& [id, record] : model.programmes) {
    for (const auto& enrolment : record->enrolments) {
      if (enrolment.cluster_id() != cluster_id || enrolment.team_as_of() > as_of) continue;
      if (enrolment.team_as_of() < joined) continue;
      joined = enrolment.team_as_of();
      latest = record.get();
    }
  }
  return latest;
}

}  // namespace klynge::courses
