// The SQL of the courses service. Loading makes the model that every read and rule works on;
// writing takes what the rules have accepted. The same text runs on SQLite and PostgreSQL. Free
// functions over the session or transaction they are given; threading is that of those.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/courses/attendance.h"
#include "services/courses/programme_record.h"
#include "services/platform/sql/database.h"
#include "services/platform/sql/revisioned.h"

namespace klynge::courses {

using Courses = sql::Revisioned<CoursesModel>;

// The model as `session` sees it: programmes and resources that did not change after
// `previous_revision` are taken over from `previous`. A loader for Courses.
absl::StatusOr<std::shared_ptr<const CoursesModel>> LoadCourses(
    sql::Session& session, std::shared_ptr<const CoursesModel> previous, int64_t previous_revision);

// Each of these writes one kind of thing, replacing what has the same key, and marks the programme
// as changed in the transaction's revision. Errors: those of sql::Session.
absl::Status StoreProgramme(sql::WriteTransaction& transaction, const v1::Programme& programme);
absl::Status StoreEnrolment(sql::WriteTransaction& transaction, const v1::Enrolment& enrolment);
absl::Status StoreSessions(sql::WriteTransaction& transaction, const std::string& programme_id,
                           const std::vector<v1::Session>& sessions);
absl::Status StoreMarks(sql::WriteTransaction& transaction, const std::string& programme_id,
                        const std::vector<RecordedMark>& marks);
absl::Status StoreConversation(sql::WriteTransaction& transaction,
                               const v1::LearningConversation& conversation);
absl::Status StoreVenues(sql::WriteTransaction& transaction, const std::vector<v1::Venue>& venues);
absl::Status StoreLecturers(sql::WriteTransaction& transaction,
                            const std::vector<v1::Lecturer>& lecturers);

// Removes every seminar session that has no attendance, with its teams.
absl::Status RemovePlannedSeminars(sql::WriteTransaction& transaction,
                                   const std::string& programme_id);
// Takes a team out of the seminar sessions on and after an ISO day.
absl::Status RemoveTeamFromSessions(sql::WriteTransaction& transaction,
                                    const std::string& programme_id, const std::string& cluster_id,
                                    const std::string& from_day);

}  // namespace klynge::courses
