// Disrupt: what is left of a problem after something happened.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/courses/timetable/problem_index.h"
#include "services/courses/timetable/replan.h"

namespace klynge::courses::timetable {
namespace {

class Disrupting {
 public:
  Disrupting(const Problem& problem, const Timetable& published, Date today,
             std::vector<ProblemError>& errors)
      : problem_(problem), today_(today), errors_(errors) {
    problem_.published = published;
  }

  Problem Apply(const ProgrammeDisruption& disruption) && {
    for (size_t i = 0; i < disruption.venues_lost.size(); ++i) {
      const VenueLost& lost = disruption.venues_lost[i];
      if (Venue* venue = Find(problem_.venues, lost.venue_id, "venues_lost", i)) {
        for (Date date : lost.dates) Lose(venue->unavailable, date);
      }
    }
    for (size_t i = 0; i < disruption.lecturers_ill.size(); ++i) {
      const LecturerIll& ill = disruption.lecturers_ill[i];
      Lecturer* lecturer = Find(problem_.lecturers, ill.lecturer_id, "lecturers_ill", i);
      const Date last = std::min(ill.to, problem_.until);
      for (Date date = std::max(ill.from, today_); lecturer != nullptr && date <= last; ++date) {
        Lose(lecturer->unavailable, date);
      }
    }
    for (Date date : disruption.dates_closed) {
      if (date >= today_) problem_.calendar.closed_dates.push_back(date);
    }
    for (size_t i = 0; i < disruption.teams_left.size(); ++i) {
      const std::string& id = disruption.teams_left[i];
      if (Team* team = Find(problem_.teams, id, "teams_left", i)) Leave(team);
    }
    for (const Team& team : disruption.teams_added) problem_.teams.push_back(team);
    HoldThePast();
    return std::move(problem_);
  }

 private:
  template <class Item>
  Item* Find(std::vector<Item>& items, const std::string& id, const char* field, size_t i) {
    const int index = IndexOf(items, id);
    if (index != kNone) return &items[static_cast<size_t>(index)];
    errors_.push_back({absl::StrCat("disruption.", field, "[", i, "]"),
                       absl::StrCat("'", id, "' is unknown; name one of the problem.")});
    return nullptr;
  }

  void Lose(std::set<Date>& unavailable, Date date) const {
    if (date >= today_) unavailable.insert(date);
  }

  void Leave(Team* team) {
    for (Pin& pin : problem_.pins) {
      pin.team_ids.erase(std::remove(pin.team_ids.begin(), pin.team_ids.end(), team->id),
                         pin.team_ids.end());
    }
    problem_.teams.erase(problem_.teams.begin() + (team - problem_.teams.data()));
  }

  static bool Attends(const Event& event, const std::string& team) {
    return std::count(event.team_ids.begin(), event.team_ids.end(), team) > 0;
  }

  // Whether what was published of the event is as the pin asks.
  static bool Keeps(const Event& event, const Pin& pin) {
    return event.series_id == pin.series_id && (!pin.date || *pin.date == event.date) &&
           (pin.venue_id.empty() || pin.venue_id == event.venue_id) &&
           (pin.lecturer_id.empty() || pin.lecturer_id == event.lecturer_id) &&
           std::all_of(pin.team_ids.begin(), pin.team_ids.end(),
                       [&](const std::string& team) { return Attends(event, team); });
  }

  void HoldThePast() {
    std::vector<Pin> held;
    for (const Event& event : problem_.published.events) {
      if (event.date >= today_) continue;
      // One event can't be two pins'.
      const auto pin = std::find_if(problem_.pins.begin(), problem_.pins.end(),
                                    [&](const Pin& each) { return Keeps(event, each); });
      if (pin != problem_.pins.end()) problem_.pins.erase(pin);
      held.push_back({event.series_id, event.date, event.venue_id, event.lecturer_id, {}});
      for (const std::string& team : event.team_ids) {
        if (IndexOf(problem_.teams, team) != kNone) held.back().team_ids.push_back(team);
      }
    }
    problem_.pins.insert(problem_.pins.end(), held.begin(), held.end());
    for (Team& team : problem_.teams) {
      std::set<Date> there;
      for (const Event& event : problem_.published.events) {
        const int series = IndexOf(problem_.series, event.series_id);
        if (series == kNone || !Attends(event, team.id)) continue;
        for (int d = 0; d < problem_.series[static_cast<size_t>(series)].days; ++d) {
          there.insert(event.date + d);
        }
      }
      for (Date date = problem_.from; date < today_ && date <= problem_.until; ++date) {
        if (there.count(date) == 0) team.unavailable.insert(date);
      }
    }
  }

  Problem problem_;
  const Date today_;
  std::vector<ProblemError>& errors_;
};

}  // namespace

Problem Disrupt(const Problem& problem, const Timetable& published,
                const ProgrammeDisruption& disruption, Date today,
                std::vector<ProblemError>& errors) {
  return Disrupting(problem, published, today, errors).Apply(disruption);
}

}  // namespace klynge::courses::timetable
