#include "services/courses/resource.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/courses/session_days.h"
#include "services/platform/rpc/validation.h"

namespace klynge::courses {
namespace {

constexpr int kMaxDays = 5000;

std::string Key(absl::string_view day, absl::string_view id) { return absl::StrCat(day, "/", id); }

}  // namespace

void CheckDays(absl::string_view field, const DayList& list, Violations& violations) {
  if (list.size() > kMaxDays) {
    violations.Add(std::string(field), absl::StrCat("has more than ", kMaxDays, " entries"));
    return;
  }
  for (int i = 0; i < list.size(); ++i) {
    const std::string path = absl::StrCat(field, "[", i, "]");
    if (list[i].first_day().empty()) violations.Add(path + ".first_day", "is required");
    const Date first = DateOr(violations, path + ".first_day", list[i].first_day(), kOpenStart);
    const Date last = DateOr(violations, path + ".last_day", list[i].last_day(), first);
    if (last < first) {
      violations.Add(path + ".last_day", absl::StrCat(list[i].last_day(), " is before first_day ",
                                                      list[i].first_day()));
    }
  }
}

void CheckFeatures(absl::string_view field,
                   const google::protobuf::RepeatedPtrField<std::string>& features,
                   Violations& violations) {
  std::set<std::string> seen;
  for (int i = 0; i < features.size(); ++i) {
    const std::string path = absl::StrCat(field, "[", i, "]");
    RequireId(violations, path, features[i]);
    if (!seen.insert(features[i]).second) violations.Add(path, "is given twice");
  }
}

bool Contains(const DayList& list, Date day) {
  const std::string iso = FormatDate(day);
  return std::any_of(list.begin(), list.end(), [&](const v1::Days& days) {
    const std::string& last = days.last_day().empty() ? days.first_day() : days.last_day();
    return days.first_day() <= iso && iso <= last;
  });
}

void CheckVenue(const v1::Venue& venue, Violations& violations) {
  RequireId(violations, "venue.venue_id", venue.venue_id());
  RequireText(violations, "venue.name.da", venue.name().da());
  if (!venue.area_id().empty()) RequireId(violations, "venue.area_id", venue.area_id());
  if (venue.seats() < 1) {
    violations.Add("venue.seats", absl::StrCat(venue.seats(), " is not at least 1"));
  }
  CheckDays("venue.closed", venue.closed(), violations);
  CheckFeatures("venue.features", venue.features(), violations);
}

void CheckLecturer(const v1::Lecturer& lecturer, Violations& violations) {
  RequireId(violations, "lecturer.lecturer_id", lecturer.lecturer_id());
  RequireText(violations, "lecturer.title.da", lecturer.title().da());
  for (int i = 0; i < lecturer.theme_ids_size(); ++i) {
    RequireId(violations, absl::StrCat("lecturer.theme_ids[", i, "]"), lecturer.theme_ids(i));
  }
  CheckDays("lecturer.available", lecturer.available(), violations);
  CheckDays("lecturer.unavailable", lecturer.unavailable(), violations);
}

bool IsOpen(const v1::Venue& venue, Date day) { return !Contains(venue.closed(), day); }

bool IsFree(const v1::Lecturer& lecturer, Date day) {
  if (!lecturer.available().empty() && !Contains(lecturer.available(), day)) return false;
  return !Contains(lecturer.unavailable(), day);
}

bool CanTeach(const v1::Lecturer& lecturer, absl::string_view theme_id) {
  if (lecturer.theme_ids().empty()) return true;
  for (const std::string& theme : lecturer.theme_ids()) {
    if (theme == theme_id) return true;
  }
  return false;
}

Bookings::Bookings(const CoursesModel& model, absl::string_view except_programme) {
  for (const auto& [id, record] : model.programmes) {
    for (const auto& session : record->sessions) {
      if (id == except_programme && !session.seminar_day_id().empty()) continue;
      Add(session);
    }
  }
}

bool Bookings::HasVenue(absl::string_view day, absl::string_view venue_id) const {
  return venues_.count(Key(day, venue_id)) > 0;
}

bool Bookings::HasLecturer(absl::string_view day, absl::string_view lecturer_id) const {
  return lecturers_.count(Key(day, lecturer_id)) > 0;
}

bool Bookings::Clash(const v1::Session& session) const {
  for (const std::string& day : DatesOf(session)) {
    if (HasVenue(day, session.venue_id())) return true;
    for (const auto& id : session.lecturer_ids()) {
      if (HasLecturer(day, id)) return true;
    }
  }
  return false;
}

void Bookings::Release(const v1::Session& session) {
  for (const std::string& day : DatesOf(session)) {
    venues_.erase(Key(day, session.venue_id()));
    for (const auto& id : session.lecturer_ids()) lecturers_.erase(Key(day, id));
  }
}

void Bookings::Add(const v1::Session& session) {
  for (const std::string& day : DatesOf(session)) {
    if (!session.venue_id().empty()) venues_.insert(Key(day, session.venue_id()));
    for (const auto& id : session.lecturer_ids()) lecturers_.insert(Key(day, id));
  }
}

}  // namespace klynge::courses
