// Everything the service knows of one programme, as plain values: the store loads it, the rules
// read it. Dates are ISO strings, which compare as dates do.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "klynge/courses/v1/attendance.pb.h"
#include "klynge/courses/v1/enrolment.pb.h"
#include "klynge/courses/v1/learning_conversation.pb.h"
#include "klynge/courses/v1/programme.pb.h"
#include "klynge/courses/v1/resource.pb.h"
#include "klynge/courses/v1/timetable.pb.h"

namespace klynge::courses {

// What is recorded of one person at one session.
struct AttendanceMark {
  // The team the person came with; empty at sessions that are not for teams.
  std::string cluster_id;
  v1::AttendanceState state = v1::ATTENDANCE_STATE_UNSPECIFIED;
};

struct ProgrammeRecord {
  // Revision of the last write that touched anything in here.
  int64_t changed = 0;
  v1::Programme programme;
  // By cluster id, then by the day they began; also those that were withdrawn.
  std::vector<v1::Enrolment> enrolments;
  // By date, then by id.
  std::vector<v1::Session> sessions;
  // Session id → person id → mark.
  std::map<std::string, std::map<std::string, AttendanceMark>> attendance;
  // By cluster id, then by number.
  std::vector<v1::LearningConversation> conversations;
};

// Everything the service knows.
struct CoursesModel {
  std::map<std::string, std::shared_ptr<const ProgrammeRecord>> programmes;
  std::map<std::string, v1::Venue> venues;
  std::map<std::string, v1::Lecturer> lecturers;
  // Revision of the last write that touched a venue or lecturer.
  int64_t resources_changed = 0;

  // Null when there is none.
  const ProgrammeRecord* Find(const std::string& programme_id) const {
    auto found = programmes.find(programme_id);
    return found == programmes.end() ? nullptr : found->second.get();
  }
};

}  // namespace klynge::courses
