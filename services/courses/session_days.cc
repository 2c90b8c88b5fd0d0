#include "services/courses/session_days.h"

#include "services/courses/programme.h"
#include "services/platform/date.h"

namespace klynge::courses {

const std::string& LastDate(const v1::Session& session) {
  return session.last_date().empty() ? session.date() : session.last_date();
}

std::vector<std::string> DatesOf(const v1::Session& session) {
  std::vector<std::string> dates = {session.date()};
  const auto first = ParseDate(session.date());
  const auto last = ParseDate(LastDate(session));
  if (!first || !last) return dates;
  for (Date day = *first + 1; day <= *last; ++day) dates.push_back(FormatDate(day));
  return dates;
}

void SetLastDate(const v1::Programme& programme, v1::Session& session) {
  const v1::SeminarDay* day = FindSeminarDay(programme, session.seminar_day_id());
  const auto first = ParseDate(session.date());
  const bool several = day != nullptr && first;
  session.set_last_date(several ? FormatDate(*first + (DaysOf(*day) - 1)) : session.date());
}

}  // namespace klynge::courses
