#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/enrolment.h"
#include "services/courses/programme.h"
#include "services/courses/session_days.h"

namespace klynge::courses {
namespace {

// Whether `after` still has what a session is a meeting of, for as many days.
bool StillPlanned(const v1::Programme& after, const v1::Session& session) {
  const v1::Activity* activity = FindActivity(after, session.activity_id());
  if (activity == nullptr || session.seminar_day_id().empty()) return activity != nullptr;
  for (const auto& day : activity->seminar_days()) {
    if (day.seminar_day_id() != session.seminar_day_id()) continue;
    return static_cast<size_t>(DaysOf(day)) == DatesOf(session).size();
  }
  return false;
}

void AddSessionObstacles(const ProgrammeRecord& record, const v1::Programme& after,
                         std::vector<std::string>& obstacles) {
  for (const auto& session : record.sessions) {
    if (!StillPlanned(after, session)) {
      obstacles.push_back(absl::StrCat("session ", session.session_id(), " is planned"));
    }
    if (session.date() < after.first_day() || after.last_day() < LastDate(session)) {
      obstacles.push_back(absl::StrCat("session ", session.session_id(), " on ", session.date(),
                                       " would lie outside the period"));
    }
  }
}

}  // namespace

void ApplyUpdate(const v1::Programme& update, const google::protobuf::FieldMask& mask,
                 v1::Programme& target, Violations& violations) {
  if (mask.paths().empty()) {
    violations.Add("update_mask", "is required: name the fields to change, as \"activities\"");
  }
  const auto* descriptor = v1::Programme::descriptor();
  const auto* reflection = update.GetReflection();
  for (const std::string& path : mask.paths()) {
    const auto* field = descriptor->FindFieldByName(path);
    if (field == nullptr || path == "programme_id" || path == "etag") {
      violations.Add("update_mask", absl::StrCat("\"", path,
                                                 "\" can't be changed; name top-level fields of "
                                                 "Programme other than programme_id and etag"));
      continue;
    }
    // Whatever the field held is dropped first: a list is replaced, not appended to.
    v1::Programme only = update;
    for (int i = 0; i < descriptor->field_count(); ++i) {
      if (descriptor->field(i) != field) reflection->ClearField(&only, descriptor->field(i));
    }
    reflection->ClearField(&target, field);
    target.MergeFrom(only);
  }
}

absl::Status CheckChange(const ProgrammeRecord& record, const v1::Programme& after) {
  std::vector<std::string> obstacles;
  const int taken = PlacesOf(record).taken();
  if (after.capacity_leaders() < taken) {
    obstacles.push_back(absl::StrCat("capacity_leaders ", after.capacity_leaders(),
                                     " is below the ", taken, " leaders enrolled"));
  }
  const std::set<std::string> areas(after.area_ids().begin(), after.area_ids().end());
  for (const auto& enrolment : record.enrolments) {
    if (enrolment.state() != v1::ENROLMENT_STATE_ACTIVE || areas.count(enrolment.area_id()))
      continue;
    obstacles.push_back(absl::StrCat("the team of ", enrolment.cluster_id(), " in area ",
                                     enrolment.area_id(), " is enrolled"));
  }
  AddSessionObstacles(record, after, obstacles);
  if (obstacles.empty()) return absl::OkStatus();
  if (obstacles.size() > 5) {
    const size_t more = obstacles.size() - 5;
    obstacles.resize(5);
    obstacles.push_back(absl::StrCat(more, " more"));
  }
  return FailedPrecondition(
      v1::ERROR_REASON_PROGRAMME_IN_USE,
      absl::StrCat("the change is not possible: ", absl::StrJoin(obstacles, "; ")));
}

}  // namespace klynge::courses
