// Who was expected at a session, who may be recorded there, and the rates that come of it. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/courses/programme_record.h"
#include "services/organisation/client/tree_source.h"

namespace klynge::courses {

// One person's mark, ready to store.
struct RecordedMark {
  std::string session_id;
  std::string person_id;
  AttendanceMark mark;
};

// The marks that one record asks for: one person, or every leader of a team. `today` bounds the
// session's date; `newest` says who is known, for sessions that are not for teams. Errors:
// kInvalidArgument with every bad field; kNotFound SESSION_NOT_FOUND; kFailedPrecondition
// NOT_ENROLLED or WRONG_DAY; kUnavailable when a newer tree might know the person.
absl::StatusOr<std::vector<RecordedMark>> MarksOf(
    const ProgrammeRecord& record, const v1::RecordAttendanceRequest& request,
    const absl::StatusOr<organisation::CurrentTree>& newest, Date today);

// Null when the programme has no such session.
const v1::Session* FindSession(const ProgrammeRecord& record, absl::string_view session_id);

// True when it is a seminar session at which attendance is recorded.
bool IsHeld(const ProgrammeRecord& record, const v1::Session& session);

// Person id → cluster id of everyone expected by name at a session: the leaders of its teams that
// take part on its day.
std::map<std::string, std::string> ExpectedAt(const ProgrammeRecord& record,
                                              const v1::Session& session);

// Adds up attendance over sessions.
class AttendanceCount {
 public:
  // Counts one session; with `only_cluster`, only of that team.
  void Add(const ProgrammeRecord& record, const v1::Session& session,
           absl::string_view only_cluster = "");
  v1::AttendanceRate Rate() const;

 private:
  int present_ = 0;
  int excused_ = 0;
  int absent_ = 0;
  int not_recorded_ = 0;
};

}  // namespace klynge::courses
