#include "services/courses/timetable/reason_sentences.h"

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/courses/timetable/municipal.h"

namespace klynge::courses::timetable {
namespace {

std::string Quoted(const std::string& id) { return absl::StrCat("'", id, "'"); }

std::string Number(int count, const std::string& thing) {
  return absl::StrCat(count, " ", thing, count == 1 ? "" : "s");
}

std::string Capital(std::string sentence) {
  sentence[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence[0])));
  return sentence;
}

std::string WeekdayOf(Date date) {
  static const auto& names = *new std::map<absl::Weekday, std::string>{
      {absl::Weekday::monday, "a Monday"},       {absl::Weekday::tuesday, "a Tuesday"},
      {absl::Weekday::wednesday, "a Wednesday"}, {absl::Weekday::thursday, "a Thursday"},
      {absl::Weekday::friday, "a Friday"},       {absl::Weekday::saturday, "a Saturday"},
      {absl::Weekday::sunday, "a Sunday"}};
  return names.at(absl::GetWeekday(date));
}

std::string In(const std::string& area) {
  return area.empty() ? "outside every area" : absl::StrCat("in area ", Quoted(area));
}

}  // namespace

std::string ReasonSentences::Day(int period) const {
  return absl::FormatCivilTime(compiled_.dates[period]);
}

std::string ReasonSentences::Name(int event) const {
  return absl::StrCat("the event of series ", Quoted(SeriesOf(event).id), " on ",
                      Day(board_.at(event).period));
}

std::string ReasonSentences::TeamName(int group) const {
  return absl::StrCat("team ", Quoted(problem_.teams[group].id));
}

std::string ReasonSentences::VenueName(int event) const {
  return absl::StrCat("venue ", Quoted(problem_.venues[board_.at(event).venue].id));
}

std::string ReasonSentences::LecturerName(int event) const {
  return absl::StrCat("lecturer ", Quoted(problem_.lecturers[board_.at(event).lecturer].id));
}

// "The event of series 'x' on 2022-10-18 is on a day that is better avoided (efterårsferie, uge
// 42)."
std::string ReasonSentences::OnDays(const Match& match, bool holidays) const {
  std::vector<std::string> days;
  const int start = board_.at(match.event).period;
  for (int day = start; day < start + SeriesOf(match.event).days; ++day) {
    const Date date = compiled_.dates[day];
    if (holidays && compiled_.day_avoided[day]) {
      days.push_back(ReasonAgainst(date, problem_.calendar));
    }
    if (!holidays && !compiled_.day_preferred[day]) days.push_back(WeekdayOf(date));
  }
  return absl::StrCat(Name(match.event), " is on ", Number(match.count, "day"),
                      holidays ? " better avoided (" : " of the week that is not preferred (",
                      absl::StrJoin(days, ", "), ").");
}

std::string ReasonSentences::OnGap(const Match& match, bool hard) const {
  const int series = model_.instance.events[match.event].series;
  const int before = board_.event_of(match.group, series - 1);
  const Date last = compiled_.dates[board_.at(before).period] + (SeriesOf(before).days - 1);
  const auto days = static_cast<int>(compiled_.dates[board_.at(match.event).period] - last);
  const std::string comes = absl::StrCat(TeamName(match.group), " comes to ", Name(match.event));
  if (hard && days <= 0) {
    return absl::StrCat(comes, ", not after series ", Quoted(SeriesOf(before).id), " on ",
                        absl::FormatCivilTime(last), ".");
  }
  const std::string gap =
      absl::StrCat(comes, ", ", Number(days, "day"), " after series ", Quoted(SeriesOf(before).id));
  if (hard) {
    return absl::StrCat(gap, "; ", problem_.limits.min_gap_days, "–", problem_.limits.max_gap_days,
                        " are allowed.");
  }
  return absl::StrCat(gap, ": ", Number(match.count, "week"),
                      days < compiled_.even_gap ? " less" : " more", " than the even gap of ",
                      Number(compiled_.even_gap, "day"), ".");
}

std::string ReasonSentences::OnTravel(const Match& match) const {
  const Venue& venue = problem_.venues[board_.at(match.event).venue];
  return absl::StrCat(TeamName(match.group), " of area ",
                      Quoted(problem_.teams[match.group].area_id), " travels to ",
                      VenueName(match.event), " ", In(venue.area_id), ".");
}

std::string ReasonSentences::OnWorkload(const Match& match) const {
  const bool team = match.group != kNone;
  return absl::StrCat(
      Name(match.event), " is ", Number(match.count, "day"), " above the ",
      team ? problem_.limits.max_team_days_per_month : problem_.limits.max_lecturer_days_per_month,
      " a month of ", team ? TeamName(match.group) : LecturerName(match.event), ".");
}

// What was published and is otherwise now.
std::string ReasonSentences::OnPublished(const Match& match) const {
  const std::vector<const Event*> published = PublishedByEvent(problem_, model_.instance);
  if (match.group != kNone) {
    const std::string& id = problem_.teams[match.group].id;
    for (const Event* was : published) {
      if (was == nullptr || was->series_id != SeriesOf(match.event).id ||
          std::count(was->team_ids.begin(), was->team_ids.end(), id) == 0) {
        continue;
      }
      return absl::StrCat(TeamName(match.group), " was published for the event on ",
                          absl::FormatCivilTime(was->date), " and comes to ", Name(match.event),
                          ".");
    }
  }
  const Event& was = *published[match.event];
  std::vector<std::string> parts;
  if (was.date != compiled_.dates[board_.at(match.event).period]) {
    parts.push_back(absl::FormatCivilTime(was.date));
  }
  if (was.venue_id != problem_.venues[board_.at(match.event).venue].id) {
    parts.push_back(absl::StrCat("venue ", Quoted(was.venue_id)));
  }
  if (was.lecturer_id != problem_.lecturers[board_.at(match.event).lecturer].id) {
    parts.push_back(absl::StrCat("lecturer ", Quoted(was.lecturer_id)));
  }
  return absl::StrCat(Name(match.event), " was published with ", absl::StrJoin(parts, ", "), ".");
}

std::string ReasonSentences::Of(const Reason& reason) const {
  const Match& match = reason.match;
  const std::string& rule = model_.rules[reason.rule].name;
  const auto team = [&] { return TeamName(match.group); };
  const auto name = [&] { return Name(match.event); };
  const std::map<std::string, std::function<std::string()>> sentences = {
      {"events", [&] { return absl::StrCat(name(), " has no team."); }},
      {"seats",
       [&] {
         return absl::StrCat(name(), " has ", board_.heads(match.event), " persons in ",
                             VenueName(match.event), " with ",
                             problem_.venues[board_.at(match.event).venue].seats, " seats.");
       }},
      {"gap", [&] { return OnGap(match, true); }},
      {"coverage",
       [&] {
         return absl::StrCat("with ", team(), " at ", name(), " more teams of area ",
                             Quoted(problem_.teams[match.group].area_id),
                             " are away than its share allows.");
       }},
      {"cluster",
       [&] {
         return absl::StrCat("with ", team(), " at ", name(), " more leaders of cluster ",
                             Quoted(problem_.teams[match.group].cluster_id),
                             " are away than its share allows.");
       }},
      {"workload", [&] { return OnWorkload(match); }},
      {"changes", [&] { return OnPublished(match); }},
      {"spread", [&] { return OnGap(match, false); }},
      {"preferred_weekdays", [&] { return OnDays(match, false); }},
      {"travel", [&] { return OnTravel(match); }},
      {"venue_stability",
       [&] {
         return absl::StrCat(VenueName(match.event), " is one more that ", team(), " has to find.");
       }},
      {"school_holidays", [&] { return OnDays(match, true); }},
      {"lecturer_stability",
       [&] {
         return absl::StrCat(LecturerName(match.event), " is one more who holds series ",
                             Quoted(SeriesOf(match.event).id), ".");
       }},
      {"stay_published", [&] { return OnPublished(match); }},
  };
  return Capital(sentences.at(rule)());
}

Obstacle ReasonSentences::OnStart(int event, int period) const {
  const Series& series = SeriesOf(event);
  for (int d = 1; d < series.days; ++d) {
    const Date date = compiled_.dates[period] + d;
    if (period + d < compiled_.day_count() && compiled_.dates[period + d] == date) continue;
    const std::string why = ReasonAgainst(date, problem_.calendar);
    return {date > problem_.until ? "period" : "calendar",
            absl::StrCat("An event of series ", Quoted(series.id), " takes ", series.days,
                         " days in a row, and ", absl::FormatCivilTime(date),
                         date > problem_.until ? " is outside the period."
                                               : absl::StrCat(" is closed (", why, ")."))};
  }
  return {"pin", absl::StrCat("The event of series ", Quoted(series.id),
                              " is pinned to another date than ", Day(period), ".")};
}

Obstacle ReasonSentences::OnVenue(int event, const Placement& to) const {
  const Venue& venue = problem_.venues[to.venue];
  for (const std::string& feature : SeriesOf(event).required_features) {
    if (venue.features.count(feature) > 0) continue;
    return {"features", absl::StrCat("Venue ", Quoted(venue.id), " lacks ", Quoted(feature),
                                     ", which series ", Quoted(SeriesOf(event).id), " needs.")};
  }
  return {"pin", absl::StrCat("The event of series ", Quoted(SeriesOf(event).id),
                              " is pinned to another venue than ", Quoted(venue.id), ".")};
}

Obstacle ReasonSentences::OnLecturer(int event, const Placement& to) const {
  const Lecturer& lecturer = problem_.lecturers[to.lecturer];
  const Series& series = SeriesOf(event);
  if (lecturer.themes.count(series.theme) == 0) {
    return {"lecturer", absl::StrCat("Lecturer ", Quoted(lecturer.id), " does not teach theme ",
                                     Quoted(series.theme), ".")};
  }
  return {"pin", absl::StrCat("The event of series ", Quoted(series.id),
                              " is pinned to another lecturer than ", Quoted(lecturer.id), ".")};
}

Obstacle ReasonSentences::Of(const Obstruction& obstruction, int event, const Placement& to) const {
  using Kind = Obstruction::Kind;
  const auto on = [&] { return absl::StrCat(" on ", Day(obstruction.period), "."); };
  const auto venue = [&] { return absl::StrCat("Venue ", Quoted(problem_.venues[to.venue].id)); };
  const auto lecturer = [&] {
    return absl::StrCat("Lecturer ", Quoted(problem_.lecturers[to.lecturer].id));
  };
  const auto team = [&] { return Capital(TeamName(obstruction.group)); };
  switch (obstruction.kind) {
    case Kind::kNoStart:
      return OnStart(event, obstruction.period);
    case Kind::kUnfit:
      return OnVenue(event, to);
    case Kind::kUnable:
      return OnLecturer(event, to);
    case Kind::kVenueClosed:
      return {"venue", absl::StrCat(venue(), " is unavailable", on())};
    case Kind::kVenueTaken:
      return {"venue", absl::StrCat(venue(), " has ", Name(obstruction.other), ".")};
    case Kind::kLecturerAway:
      return {"lecturer", absl::StrCat(lecturer(), " is unavailable", on())};
    case Kind::kLecturerBusy:
      return {"lecturer", absl::StrCat(lecturer(), " holds ", Name(obstruction.other), ".")};
    case Kind::kGroupAway:
      return {"team", absl::StrCat(team(), " is unavailable", on())};
    case Kind::kGroupBusy:
      return {"team", absl::StrCat(team(), " attends ", Name(obstruction.other), ".")};
  }
  return {};
}

}  // namespace klynge::courses::timetable
