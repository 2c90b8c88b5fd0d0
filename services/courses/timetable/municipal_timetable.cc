// Between timetables in the problem's ids and solutions of its model.

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "services/courses/timetable/assignment.h"
#include "services/courses/timetable/changes.h"
#include "services/courses/timetable/municipal.h"
#include "services/courses/timetable/problem_index.h"

namespace klynge::courses::timetable {
namespace {

// The price of what a pin or the instance doesn't let be; no sum of others comes near it.
constexpr int64_t kImpossible = int64_t{1} << 40;

bool Attends(const Event& event, const std::string& team) {
  return std::find(event.team_ids.begin(), event.team_ids.end(), team) != event.team_ids.end();
}

bool CanHold(const Instance& instance, int event, int lecturer) {
  const std::vector<int>& able = instance.events[event].lecturers;
  return std::find(able.begin(), able.end(), lecturer) != able.end();
}

// The teams of `series` that a pin keeps from attending the event of the model as they do `known`.
int TeamsAgainst(const Problem& problem, const Instance& instance, const Event& known, int event) {
  int against = 0;
  for (const Instance::Choice& choice : instance.choices) {
    if (choice.series != instance.events[event].series || choice.fixed_event == kNone) continue;
    const bool attends = Attends(known, problem.teams[choice.group].id);
    if (attends != (choice.fixed_event == event)) ++against;
  }
  return against;
}

// How many parts of `known` the event of the model can't have.
int PartsAgainst(const Problem& problem, const CompiledProblem& compiled, const Instance& instance,
                 const Event& known, int event) {
  const int day = DayOf(compiled, known.date);
  const int venue = IndexOf(problem.venues, known.venue_id);
  const int lecturer = IndexOf(problem.lecturers, known.lecturer_id);
  return (day == kNone || !instance.start_open.at(event, day)) +
         (venue == kNone || !instance.venue_fits.at(event, venue)) +
         (lecturer == kNone || !CanHold(instance, event, lecturer)) +
         TeamsAgainst(problem, instance, known, event);
}

// Whether the solution has everything where nothing is in its way.
bool Stands(const Instance& instance, const Solution& solution) {
  Board board(instance);
  for (size_t c = 0; c < instance.choices.size(); ++c) {
    board.Join(instance.choices[c].group, solution.choices[c]);
  }
  for (int e = 0; e < instance.event_count(); ++e) {
    if (!board.Fits(e, solution.placements[e])) return false;
    board.Occupy(e, solution.placements[e]);
  }
  return true;
}

// Finds the event of the model for each event of one series of a timetable.
bool MatchSeries(const Problem& problem, const CompiledProblem& compiled, const Instance& instance,
                 int series, const std::vector<const Event*>& published, const Timetable& timetable,
                 KnownTimetable& out) {
  const std::vector<const Event*> known = EventsOf(timetable, problem.series[series].id);
  const std::vector<int>& events = instance.series[series].events;
  if (known.size() != events.size()) return false;
  const size_t count = events.size();
  CostMatrix prices(count, std::vector<int64_t>(count));
  for (size_t i = 0; i < count; ++i) {
    for (size_t j = 0; j < count; ++j) {
      const Event* was = published[static_cast<size_t>(events[j])];
      const bool can = PartsAgainst(problem, compiled, instance, *known[i], events[j]) == 0;
      const int64_t changed = was == nullptr ? 0 : ChangesOf(problem, *was, known[i]);
      // Among equals each stays in its place.
      const int64_t price = changed * static_cast<int64_t>(count + 1) + (i == j ? 0 : 1);
      prices[i][j] = can ? price : kImpossible;
    }
  }
  const std::vector<size_t> match = CheapestAssignment(prices);
  for (size_t i = 0; i < count; ++i) {
    if (prices[i][match[i]] == kImpossible) return false;
    const int event = events[match[i]];
    out.event_of[known[i] - timetable.events.data()] = event;
    out.solution.placements[event] = {DayOf(compiled, known[i]->date),
                                      IndexOf(problem.venues, known[i]->venue_id),
                                      IndexOf(problem.lecturers, known[i]->lecturer_id)};
  }
  return true;
}

// Each team to the events of the timetable that it attends; false: not one of each series.
bool Attend(const Problem& problem, const Instance& instance, const Timetable& timetable,
            KnownTimetable& out) {
  std::map<std::pair<int, int>, int> attended;
  for (size_t e = 0; e < timetable.events.size(); ++e) {
    const Event& event = timetable.events[e];
    for (const std::string& id : event.team_ids) {
      const int team = IndexOf(problem.teams, id);
      const int series = IndexOf(problem.series, event.series_id);
      if (team == kNone || !attended.emplace(std::pair(team, series), out.event_of[e]).second) {
        return false;
      }
    }
  }
  for (const Instance::Choice& choice : instance.choices) {
    const auto found = attended.find({choice.group, choice.series});
    if (found == attended.end()) return false;
    out.solution.choices.push_back(found->second);
  }
  return true;
}

}  // namespace

Timetable ToTimetable(const Problem& problem, const CompiledProblem& compiled, const Model& model,
                      const Solution& solution) {
  const Instance& instance = model.instance;
  Timetable timetable;
  for (int e = 0; e < instance.event_count(); ++e) {
    const Placement& at = solution.placements[e];
    timetable.events.push_back({problem.series[instance.events[e].series].id,
                                compiled.dates[at.period],
                                problem.venues[at.venue].id,
                                problem.lecturers[at.lecturer].id,
                                {}});
  }
  // Teams in the problem's order: choices are by series, then team.
  for (size_t c = 0; c < instance.choices.size(); ++c) {
    timetable.events[solution.choices[c]].team_ids.push_back(
        problem.teams[instance.choices[c].group].id);
  }
  std::map<std::string, int> theme_order;
  for (const Series& series : problem.series) {
    theme_order.emplace(series.id, static_cast<int>(theme_order.size()));
  }
  std::sort(timetable.events.begin(), timetable.events.end(), [&](const Event& a, const Event& b) {
    return std::tie(a.date, theme_order[a.series_id], a.venue_id) <
           std::tie(b.date, theme_order[b.series_id], b.venue_id);
  });
  return timetable;
}

std::vector<int> CountEvents(const Problem& problem, const Timetable& timetable) {
  std::vector<int> counts;
  for (const Series& series : problem.series) {
    counts.push_back(static_cast<int>(EventsOf(timetable, series.id).size()));
  }
  return counts;
}

absl::optional<KnownTimetable> ToSolution(const Problem& problem, const CompiledProblem& compiled,
                                          const Model& model, const Timetable& timetable) {
  const Instance& instance = model.instance;
  const std::vector<const Event*> published = PublishedByEvent(problem, instance);
  KnownTimetable out;
  out.event_of.assign(timetable.events.size(), kNone);
  out.solution.placements.resize(instance.event_count());
  for (int s = 0; s < instance.series_count(); ++s) {
    if (!MatchSeries(problem, compiled, instance, s, published, timetable, out)) {
      return absl::nullopt;
    }
  }
  // Of a series that the problem doesn't have.
  if (std::count(out.event_of.begin(), out.event_of.end(), kNone) > 0) return absl::nullopt;
  if (!Attend(problem, instance, timetable, out)) return absl::nullopt;
  if (!Stands(instance, out.solution)) return absl::nullopt;
  return out;
}

}  // namespace klynge::courses::timetable
