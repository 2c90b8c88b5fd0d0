#include "services/courses/timetable/municipal.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include "services/courses/timetable/assignment.h"
#include "services/courses/timetable/changes.h"
#include "services/courses/timetable/engine/people_constraints.h"
#include "services/courses/timetable/engine/time_constraints.h"
#include "services/courses/timetable/engine/venue_constraints.h"
#include "services/courses/timetable/problem_index.h"

namespace klynge::courses::timetable {
namespace {

void AddDays(const CompiledProblem& compiled, Instance& out) {
  for (int day = 0; day < compiled.day_count(); ++day) {
    out.day_of.push_back(day);
    out.slot_of.push_back(0);
    out.day_number.push_back(compiled.day_offset[day]);
  }
}

void AddResources(const Problem& problem, const CompiledProblem& compiled, Instance& out) {
  const int days = compiled.day_count();
  out.venue_open = BitTable(compiled.venue_count(), days);
  for (int v = 0; v < compiled.venue_count(); ++v) {
    out.venues.push_back({compiled.venue_seats[v], compiled.venue_area[v]});
    for (int d = 0; d < days; ++d) out.venue_open.Set(v, d, compiled.venue_open[v][d]);
  }
  out.lecturer_count = compiled.lecturer_count();
  out.lecturer_open = BitTable(out.lecturer_count, days);
  for (int l = 0; l < out.lecturer_count; ++l) {
    for (int d = 0; d < days; ++d) out.lecturer_open.Set(l, d, compiled.lecturer_open[l][d]);
  }
  out.group_open = BitTable(compiled.team_count(), days);
  for (int t = 0; t < compiled.team_count(); ++t) {
    out.groups.push_back({compiled.team_heads[t], compiled.team_area[t]});
    for (int d = 0; d < days; ++d) {
      out.group_open.Set(t, d, problem.teams[t].unavailable.count(compiled.dates[d]) == 0);
    }
  }
}

// Where and when an event of the series could be, but for its pin.
void AllowSeries(const Problem& problem, const CompiledProblem& compiled, int s, int event,
                 Instance& out) {
  const Series& series = problem.series[s];
  for (int d = 0; d + series.days <= compiled.day_count(); ++d) {
    // Its days are days in a row.
    const int last = d + series.days - 1;
    out.start_open.Set(event, d,
                       compiled.day_offset[last] == compiled.day_offset[d] + series.days - 1);
  }
  for (int v = 0; v < compiled.venue_count(); ++v) {
    const auto& has = problem.venues[v].features;
    out.venue_fits.Set(event, v,
                       std::includes(has.begin(), has.end(), series.required_features.begin(),
                                     series.required_features.end()));
  }
}

void ApplyPin(const CompiledPin& pin, int s, int event, Instance& out,
              std::map<std::pair<int, int>, int>& fixed) {
  if (pin.day != kNone) {
    for (int d = 0; d < out.period_count(); ++d) {
      if (d != pin.day) out.start_open.Set(event, d, false);
    }
  }
  if (pin.venue != kNone) {
    for (int v = 0; v < out.venue_count(); ++v) {
      if (v != pin.venue) out.venue_fits.Set(event, v, false);
    }
  }
  if (pin.lecturer != kNone) out.events[event].lecturers = {pin.lecturer};
  for (int team : pin.teams) fixed[{team, s}] = event;
}

void AddEvents(const Problem& problem, const CompiledProblem& compiled,
               const std::vector<int>& events_per_series, Instance& out) {
  for (int s = 0; s < compiled.series_count(); ++s) {
    Instance::Series& series = out.series.emplace_back();
    for (int i = 0; i < events_per_series[s]; ++i) {
      series.events.push_back(out.event_count());
      out.events.push_back({s, problem.series[s].days, 0, compiled.lecturers_of_series[s]});
    }
  }
  out.start_open = BitTable(out.event_count(), out.period_count());
  out.venue_fits = BitTable(out.event_count(), out.venue_count());
  std::map<std::pair<int, int>, int> fixed;  // of a team in a series
  for (int s = 0; s < compiled.series_count(); ++s) {
    const std::vector<CompiledPin>& pins = compiled.pins_of_series[s];
    for (size_t i = 0; i < out.series[s].events.size(); ++i) {
      const int event = out.series[s].events[i];
      AllowSeries(problem, compiled, s, event, out);
      if (i < pins.size()) ApplyPin(pins[i], s, event, out, fixed);
    }
    for (int team = 0; team < compiled.team_count(); ++team) {
      const auto found = fixed.find({team, s});
      out.choices.push_back({team, s, found == fixed.end() ? kNone : found->second});
    }
  }
}

// Index of the days of a gap from 0: `span` days the wrong way round first.
std::vector<int> PriceGaps(int span, const std::function<int(int days)>& price) {
  std::vector<int> prices;
  for (int days = -span; days <= span; ++days) prices.push_back(price(days));
  return prices;
}

// How far outside the limits a gap is, in weeks begun: a slope that the search can follow.
int WeeksOutside(const Limits& limits, int days) {
  const int outside = std::max(limits.min_gap_days - days, days - limits.max_gap_days);
  return outside <= 0 ? 0 : 1 + (outside - 1) / 7;
}

CoverSets Areas(const CompiledProblem& compiled) {
  CoverSets sets;
  sets.set_of = compiled.team_area;
  sets.weight.assign(compiled.team_count(), 1);
  sets.allowed = compiled.area_allowed;
  return sets;
}

CoverSets Clusters(const Problem& problem, const CompiledProblem& compiled) {
  CoverSets sets;
  sets.set_of = compiled.team_cluster;
  sets.one_may_go = true;
  sets.weight = compiled.team_heads;
  std::vector<int> heads(compiled.cluster_count);
  for (int t = 0; t < compiled.team_count(); ++t) {
    if (compiled.team_cluster[t] != kNone)
      heads[compiled.team_cluster[t]] += compiled.team_heads[t];
  }
  for (int each : heads) {
    sets.allowed.push_back(RoundedDown(problem.limits.max_cluster_away_share, each));
  }
  return sets;
}

// How many parts of `event` cannot be kept if it becomes the one that `pin` pins.
int64_t PartsAgainst(const Pin& pin, const Event& event) {
  int64_t parts = pin.date && *pin.date != event.date;
  parts += !pin.venue_id.empty() && pin.venue_id != event.venue_id;
  parts += !pin.lecturer_id.empty() && pin.lecturer_id != event.lecturer_id;
  for (const std::string& team : pin.team_ids) {
    parts += std::count(event.team_ids.begin(), event.team_ids.end(), team) == 0;
  }
  return parts;
}

// The published event that each of the model's events continues, if any, and how much of what was
// published is lost with those that none continues.
struct PublishedEvents {
  std::vector<const Event*> by_event;
  int unmatched_parts = 0;
};

// Pinned events continue what is most like the pin; for the others it is all the same, since they
// can take each other's places.
PublishedEvents MatchPublished(const Problem& problem, const Instance& instance) {
  PublishedEvents out;
  out.by_event.resize(instance.event_count());
  for (size_t s = 0; s < problem.series.size(); ++s) {
    const std::string& id = problem.series[s].id;
    const std::vector<int>& events = instance.series[s].events;
    std::vector<const Event*> published = EventsOf(problem.published, id);
    std::stable_sort(published.begin(), published.end(),
                     [](const Event* a, const Event* b) { return a->date < b->date; });
    const size_t size = std::max(events.size(), published.size());
    CostMatrix cost(size, std::vector<int64_t>(size));
    for (size_t p = 0; p < published.size(); ++p) {
      size_t event = 0;
      for (const Pin& pin : problem.pins) {
        if (pin.series_id == id) cost[p][event++] = PartsAgainst(pin, *published[p]);
      }
      for (event = events.size(); event < size; ++event) {
        cost[p][event] = ChangesOf(problem, *published[p], nullptr);
      }
    }
    const std::vector<size_t> match = CheapestAssignment(cost);
    for (size_t p = 0; p < published.size(); ++p) {
      if (match[p] < events.size()) {
        out.by_event[events[match[p]]] = published[p];
      } else {
        out.unmatched_parts += ChangesOf(problem, *published[p], nullptr);
      }
    }
  }
  return out;
}

// What was published, part by part, of which the model may have no such thing any more.
Published PublishedParts(const Problem& problem, const CompiledProblem& compiled,
                         const Instance& instance, int allowed) {
  // A part that was published but can't be had counts as changed wherever the event goes.
  constexpr int kGone = -2;
  const auto or_gone = [](int index) { return index == kNone ? kGone : index; };
  const PublishedEvents published = MatchPublished(problem, instance);
  Published out;
  out.allowed = std::max(0, allowed - published.unmatched_parts);
  out.placements.resize(instance.event_count());
  std::map<std::pair<int, int>, int> attended;
  for (int event = 0; event < instance.event_count(); ++event) {
    if (published.by_event[event] == nullptr) continue;
    const Event& was = *published.by_event[event];
    out.placements[event] = {or_gone(DayOf(compiled, was.date)),
                             or_gone(IndexOf(problem.venues, was.venue_id)),
                             or_gone(IndexOf(problem.lecturers, was.lecturer_id))};
    for (const std::string& team : was.team_ids) {
      const int t = IndexOf(problem.teams, team);
      if (t != kNone) attended[{t, instance.events[event].series}] = event;
    }
  }
  for (const Instance::Choice& choice : instance.choices) {
    const auto found = attended.find({choice.group, choice.series});
    out.choices.push_back(found == attended.end() ? kNone : found->second);
  }
  return out;
}

// Calendar months, of which each has a limit still to be set.
Spans Months(const CompiledProblem& compiled) {
  std::map<std::pair<int64_t, int>, int> months;
  Spans spans;
  for (const Date& date : compiled.dates) {
    const auto month = months.emplace(std::pair(date.year(), date.month()), months.size()).first;
    spans.span_of.push_back(month->second);
  }
  spans.count = static_cast<int>(months.size());
  return spans;
}

void AddHardRules(const Problem& problem, const CompiledProblem& compiled, Model& model) {
  const Limits& limits = problem.limits;
  const Instance& instance = model.instance;
  const int span = static_cast<int>(problem.until - problem.from);
  const auto add = [&](Rule rule) { model.rules.push_back(std::move(rule)); };
  add(MakeRule<Attended>("events", true, 1));
  add(MakeRule<Capacity>("seats", true, 1));
  add(MakeRule<Gap>("gap", true, 1,
                    PriceGaps(span, [&](int days) { return WeeksOutside(limits, days); }), span));
  add(MakeRule<Coverage>("coverage", true, 1, Areas(compiled)));
  if (compiled.cluster_count > 0) {
    add(MakeRule<Coverage>("cluster", true, 1, Clusters(problem, compiled)));
  }
  Spans months = Months(compiled);
  if ((months.limit = limits.max_lecturer_days_per_month) > 0) {
    add(MakeRule<LecturerWorkload>("workload", true, 1, months));
  }
  if ((months.limit = limits.max_team_days_per_month) > 0) {
    add(MakeRule<GroupWorkload>("workload", true, 1, months));
  }
  if (problem.max_changes >= 0 && !problem.published.events.empty()) {
    add(MakeRule<Changes>("changes", true, 1,
                          PublishedParts(problem, compiled, instance, problem.max_changes)));
  }
}

void AddSoftRules(const Problem& problem, const CompiledProblem& compiled, Model& model) {
  const Weights& weights = problem.weights;
  const int span = static_cast<int>(problem.until - problem.from);
  std::vector<int> unwanted, holidays;
  for (int d = 0; d < compiled.day_count(); ++d) {
    unwanted.push_back(compiled.day_preferred[d] ? 0 : 1);
    holidays.push_back(compiled.day_avoided[d] ? 1 : 0);
  }
  // What costs nothing is not watched.
  const auto add = [&](Rule rule) {
    if (rule.weight > 0) model.rules.push_back(std::move(rule));
  };
  const auto weeks = [&](int days) { return std::abs(days - compiled.even_gap) / 7; };
  add(MakeRule<Gap>("spread", false, weights.spread, PriceGaps(span, weeks), span));
  add(MakeRule<Preference>("preferred_weekdays", false, weights.preferred_weekdays, unwanted));
  add(MakeRule<Travel>("travel", false, weights.travel));
  add(MakeRule<GroupVenues>("venue_stability", false, weights.venue_stability));
  add(MakeRule<Preference>("school_holidays", false, weights.school_holidays, holidays));
  add(MakeRule<SeriesLecturers>("lecturer_stability", false, weights.lecturer_stability));
  if (!problem.published.events.empty()) {
    add(MakeRule<Changes>("stay_published", false, weights.stay_published,
                          PublishedParts(problem, compiled, model.instance, 0)));
  }
}

}  // namespace

Model MunicipalModel(const Problem& problem, const CompiledProblem& compiled,
                     const std::vector<int>& events_per_series) {
  Model model;
  AddDays(compiled, model.instance);
  AddResources(problem, compiled, model.instance);
  AddEvents(problem, compiled, events_per_series, model.instance);
  AddHardRules(problem, compiled, model);
  AddSoftRules(problem, compiled, model);
  return model;
}

int LostParts(const Problem& problem, const Model& model) {
  return MatchPublished(problem, model.instance).unmatched_parts;
}

std::vector<const Event*> PublishedByEvent(const Problem& problem, const Instance& instance) {
  return MatchPublished(problem, instance).by_event;
}

Solution PublishedSolution(const Problem& problem, const CompiledProblem& compiled,
                           const Model& model) {
  const Published published = PublishedParts(problem, compiled, model.instance, 0);
  const auto or_none = [](int part) { return part < 0 ? kNone : part; };
  Solution solution;
  for (const Placement& was : published.placements) {
    solution.placements.push_back({or_none(was.period), or_none(was.venue), or_none(was.lecturer)});
  }
  for (size_t c = 0; c < published.choices.size(); ++c) {
    const int fixed = model.instance.choices[c].fixed_event;
    solution.choices.push_back(fixed != kNone ? fixed : published.choices[c]);
  }
  return solution;
}

Solution EvenSolution(const CompiledProblem& compiled, const Model& model) {
  const Instance& instance = model.instance;
  const int span = compiled.day_offset.back();
  const int slack = std::max(0, span - compiled.even_gap * (instance.series_count() - 1));
  const auto largest = std::max_element(compiled.venue_seats.begin(), compiled.venue_seats.end());
  Solution solution;
  for (int s = 0; s < instance.series_count(); ++s) {
    const int count = static_cast<int>(instance.series[s].events.size());
    for (int i = 0; i < count; ++i) {
      const int e = instance.series[s].events[i];
      const std::vector<int>& able = instance.events[e].lecturers;
      solution.placements.push_back({compiled.NearestDay(s * compiled.even_gap + slack * i / count),
                                     static_cast<int>(largest - compiled.venue_seats.begin()),
                                     able[e % able.size()]});
    }
  }
  return solution;
}

}  // namespace klynge::courses::timetable
