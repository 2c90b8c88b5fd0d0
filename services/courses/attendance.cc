#include "services/courses/attendance.h"

#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/enrolment.h"
#include "services/platform/rpc/status.h"

namespace klynge::courses {
namespace {

absl::Status CheckFields(const v1::RecordAttendanceRequest& request) {
  Violations violations;
  if (request.session_id().empty()) violations.Add("session_id", "is required");
  if (request.state() == v1::ATTENDANCE_STATE_UNSPECIFIED ||
      !v1::AttendanceState_IsValid(request.state())) {
    violations.Add("state", "is required: ATTENDANCE_STATE_PRESENT, _ABSENT or _EXCUSED");
  }
  if (request.person_id().empty() == request.cluster_id().empty()) {
    violations.Add("person_id", "give either person_id or cluster_id, and not both");
  }
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
}

absl::Status NotExpected(const std::string& who, const v1::Session& session) {
  return FailedPrecondition(
      v1::ERROR_REASON_NOT_ENROLLED,
      absl::StrCat("\"", who, "\" is not enrolled for session \"", session.session_id(), "\" on ",
                   session.date(), "; GetTimetable shows its teams"),
      {{"session_id", session.session_id()}, {"id", who}});
}

}  // namespace

absl::StatusOr<std::vector<RecordedMark>> MarksOf(
    const ProgrammeRecord& record, const v1::RecordAttendanceRequest& request,
    const absl::StatusOr<organisation::CurrentTree>& newest, Date today) {
  KLYNGE_RETURN_IF_ERROR(CheckFields(request));
  const v1::Session* session = FindSession(record, request.session_id());
  if (session == nullptr) {
    return NotFound(v1::ERROR_REASON_SESSION_NOT_FOUND,
                    absl::StrCat("programme \"", request.programme_id(), "\" has no session \"",
                                 request.session_id(), "\"; GetTimetable shows those it has"),
                    {{"session_id", request.session_id()}});
  }
  if (session->date() > FormatDate(today)) {
    return FailedPrecondition(v1::ERROR_REASON_WRONG_DAY,
                              absl::StrCat("session \"", session->session_id(), "\" is on ",
                                           session->date(), ", which is yet to come"),
                              {{"session_id", session->session_id()}});
  }
  std::vector<RecordedMark> marks;
  const bool for_teams = !session->seminar_day_id().empty();
  if (!for_teams && !request.person_id().empty()) {
    if (!newest.ok()) return newest.status();
    if (newest->tree->FindPerson(request.person_id()) == nullptr) {
      return newest->confirmed.ok() ? NotExpected(request.person_id(), *session)
                                    : newest->confirmed;
    }
    marks.push_back({session->session_id(), request.person_id(), {"", request.state()}});
    return marks;
  }
  for (const auto& [person, cluster] : ExpectedAt(record, *session)) {
    if (person == request.person_id() || cluster == request.cluster_id()) {
      marks.push_back({session->session_id(), person, {cluster, request.state()}});
    }
  }
  if (marks.empty()) {
    return NotExpected(request.person_id().empty() ? request.cluster_id() : request.person_id(),
                       *session);
  }
  return marks;
}

const v1::Session* FindSession(const ProgrammeRecord& record, absl::string_view session_id) {
  for (const auto& session : record.sessions) {
    if (session.session_id() == session_id) return &session;
  }
  return nullptr;
}

bool IsHeld(const ProgrammeRecord& record, const v1::Session& session) {
  auto marks = record.attendance.find(session.session_id());
  return !session.seminar_day_id().empty() && marks != record.attendance.end() &&
         !marks->second.empty();
}

std::map<std::string, std::string> ExpectedAt(const ProgrammeRecord& record,
                                              const v1::Session& session) {
  std::map<std::string, std::string> expected;
  for (const std::string& cluster : session.cluster_ids()) {
    const v1::Enrolment* enrolment = FindOn(record, cluster, session.date());
    if (enrolment == nullptr) continue;
    for (const auto& leader : enrolment->leaders()) expected[leader.person_id()] = cluster;
  }
  return expected;
}

void AttendanceCount::Add(const ProgrammeRecord& record, const v1::Session& session,
                          absl::string_view only_cluster) {
  std::map<std::string, std::string> expected = ExpectedAt(record, session);
  int anonymous = session.seminar_day_id().empty() ? session.expected_count() : 0;
  if (auto marks = record.attendance.find(session.session_id()); marks != record.attendance.end()) {
    for (const auto& [person, mark] : marks->second) {
      if (!only_cluster.empty() && mark.cluster_id != only_cluster) continue;
      if (mark.state == v1::ATTENDANCE_STATE_PRESENT) ++present_;
      if (mark.state == v1::ATTENDANCE_STATE_EXCUSED) ++excused_;
      if (mark.state == v1::ATTENDANCE_STATE_ABSENT) ++absent_;
      expected.erase(person);
      --anonymous;
    }
  }
  for (const auto& [person, cluster] : expected) {
    if (only_cluster.empty() || cluster == only_cluster) ++not_recorded_;
  }
  if (only_cluster.empty()) not_recorded_ += std::max(0, anonymous);
}

v1::AttendanceRate AttendanceCount::Rate() const {
  v1::AttendanceRate rate;
  rate.set_present(present_);
  rate.set_excused(excused_);
  rate.set_absent(absent_);
  rate.set_not_recorded(not_recorded_);
  const int recorded = present_ + excused_ + absent_;
  if (recorded > 0) rate.set_rate(static_cast<double>(present_) / recorded);
  return rate;
}

}  // namespace klynge::courses
