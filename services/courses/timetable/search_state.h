// A timetable under construction: complete at any moment, but perhaps breaking rules. Keeps how
// many rules are broken and what the soft constraints cost up to date while single parts change,
// touching only what the change concerns. Used by one search at a time.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_SEARCH_STATE_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_SEARCH_STATE_H_

#include <cstdint>
#include <vector>

#include "services/courses/timetable/compiled_problem.h"

namespace klynge::courses::timetable {

// A two-dimensional table of small counts.
class Counts {
 public:
  Counts(int rows, int columns) : columns_(columns), counts_(static_cast<size_t>(rows) * columns) {}
  int& at(int row, int column) { return counts_[static_cast<size_t>(row) * columns_ + column]; }
  int at(int row, int column) const {
    return counts_[static_cast<size_t>(row) * columns_ + column];
  }

 private:
  int columns_;
  std::vector<int> counts_;
};

class SearchState {
 public:
  struct SearchEvent {
    int series = 0;
    int day = 0;
    int venue = 0;
    int lecturer = 0;
    bool day_fixed = false;
    bool venue_fixed = false;
    bool lecturer_fixed = false;
    int heads = 0;
    std::vector<int> teams;
  };

  // Starts with `events_per_series` events, evenly over the period, teams of each area dealt out
  // evenly, and everything pinned in its place. Each number is at least the number of the series'
  // pins. Expects a usable day, a venue, and a lecturer for every series. `problem` must outlive
  // the state.
  SearchState(const CompiledProblem& problem, const std::vector<int>& events_per_series);

  // How many units of hard rules are broken; 0 when the timetable is feasible.
  int64_t broken() const { return broken_; }
  // The weighted sum of the soft constraints.
  int64_t cost() const { return cost_; }

  int event_count() const { return static_cast<int>(events_.size()); }
  const SearchEvent& event(int e) const { return events_[e]; }
  const std::vector<int>& events_of(int series) const { return events_of_series_[series]; }
  int event_of(int team, int series) const { return event_of_[team][series]; }
  bool team_fixed(int team, int series) const { return team_fixed_[team][series]; }

  // How many events a venue or a lecturer has that day, and whether one more is possible.
  int events_in(int venue, int day) const { return venue_used_.at(venue, day); }
  int events_by(int lecturer, int day) const { return lecturer_used_.at(lecturer, day); }
  bool VenueFree(int venue, int day) const;
  bool LecturerFree(int lecturer, int day) const;

  // Changes of one part. The caller keeps to what is not fixed.
  void SetDay(int e, int day);
  void SetVenue(int e, int venue);
  void SetLecturer(int e, int lecturer);
  void MoveTeam(int team, int e);  // to an event of the same series

  // The timetable with the problem's ids; `problem` is the one that was compiled.
  Timetable ToTimetable(const Problem& problem) const;

 private:
  void AddEvent(int series, int day, const CompiledPin& pin);
  void DealOutTeams(int series);
  // Each adds (sign 1) or takes back (sign -1) what one item contributes to all totals.
  void CountVenue(const SearchEvent& event, int sign);
  void CountLecturer(const SearchEvent& event, int sign);
  void CountDay(const SearchEvent& event, int sign);
  void CountSeats(const SearchEvent& event, int sign);
  void CountAway(int team, int day, int sign);
  void CountTravel(int team, int venue, int sign);
  // The gaps of `team` before and after its event of `series`.
  void CountGaps(int team, int series, int sign);
  void CountGap(int team, int series, int sign);
  void Join(int team, int e);
  void Leave(int team, int e);

  const CompiledProblem& problem_;
  std::vector<SearchEvent> events_;
  std::vector<std::vector<int>> events_of_series_;
  std::vector<std::vector<int>> event_of_;     // [team][series]; kNone only while building
  std::vector<std::vector<bool>> team_fixed_;  // [team][series]
  Counts venue_used_, lecturer_used_;          // [which][day]
  Counts area_away_, cluster_away_;            // [which][day]
  Counts venue_visits_;                        // [team][venue]
  int64_t broken_ = 0;
  int64_t cost_ = 0;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_SEARCH_STATE_H_
