// Venues and lecturers: what they must be, and which days they are free. Pure.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "services/courses/programme_record.h"
#include "services/platform/date.h"
#include "services/platform/rpc/status.h"

namespace klynge::courses {

// Adds everything that is wrong; field paths begin with "venue." and "lecturer.".
void CheckVenue(const v1::Venue& venue, Violations& violations);
void CheckLecturer(const v1::Lecturer& lecturer, Violations& violations);

using DayList = google::protobuf::RepeatedPtrField<v1::Days>;

// Adds everything that is wrong; field paths begin with `field`.
void CheckDays(absl::string_view field, const DayList& list, Violations& violations);

// Adds everything that is wrong with a list of features; field paths begin with `field`.
void CheckFeatures(absl::string_view field,
                   const google::protobuf::RepeatedPtrField<std::string>& features,
                   Violations& violations);

// True when the day is among them.
bool Contains(const DayList& list, Date day);

// True when the venue is not taken for something else that day.
bool IsOpen(const v1::Venue& venue, Date day);
// True when the lecturer can teach that day.
bool IsFree(const v1::Lecturer& lecturer, Date day);
// True when the lecturer can teach the theme.
bool CanTeach(const v1::Lecturer& lecturer, absl::string_view theme_id);

// What sessions already take on each day: "2022-03-01/venue-id" and "2022-03-01/lecturer-id". Of
// the programme `except_programme` only sessions that are not seminar days are counted.
class Bookings {
 public:
  Bookings(const CoursesModel& model, absl::string_view except_programme);
  bool HasVenue(absl::string_view day, absl::string_view venue_id) const;
  bool HasLecturer(absl::string_view day, absl::string_view lecturer_id) const;
  // Whether the venue or a lecturer of `session` is taken on one of its days.
  bool Clash(const v1::Session& session) const;
  // The session is no longer counted: for replacing it.
  void Release(const v1::Session& session);
  void Add(const v1::Session& session);

 private:
  std::set<std::string> venues_;
  std::set<std::string> lecturers_;
};

}  // namespace klynge::courses
