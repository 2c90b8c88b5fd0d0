#include "services/courses/timetable/relaxations.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/courses/timetable/minimal_sets.h"
#include "services/courses/timetable/obstacles.h"

namespace klynge::courses::timetable {
namespace {

// More alternatives than anybody reads.
constexpr size_t kMostAlternatives = 12;

int TotalHeads(const Problem& problem) {
  int heads = 0;
  for (const Team& team : problem.teams) heads += team.heads;
  return heads;
}

bool Same(const Pin& a, const Pin& b) {
  return std::tie(a.series_id, a.date, a.venue_id, a.lecturer_id, a.team_ids) ==
         std::tie(b.series_id, b.date, b.venue_id, b.lecturer_id, b.team_ids);
}

class Collector {
 public:
  explicit Collector(const Problem& problem) : problem_(problem) {}

  std::vector<Relaxation> Take() { return std::move(relaxations_); }

  void Add(std::string rule, std::string what, std::function<void(Problem&)> give_up) {
    relaxations_.push_back({std::move(rule), std::move(what), std::move(give_up), {}});
  }

  // A rule that consists of a part for each member of a list of the problem that `concerns` says.
  // `give_up` gets the problem and the index.
  template <class Item>
  void AddParts(const std::string& rule, const std::vector<Item>& items,
                const std::function<bool(const Item&)>& concerns,
                const std::function<std::string(const Item&)>& what,
                const std::function<void(Problem&, size_t)>& give_up) {
    std::vector<Relaxation> parts;
    for (size_t i = 0; i < items.size(); ++i) {
      if (!concerns(items[i])) continue;
      parts.push_back({rule, what(items[i]), [give_up, i](Problem& p) { give_up(p, i); }, {}});
    }
    if (parts.empty()) return;
    const auto all = [parts](Problem& p) {
      for (const Relaxation& part : parts) part.give_up(p);
    };
    relaxations_.push_back({rule, "", all, parts});
  }

  void Period();
  void Gaps();
  void Away();
  void Workload();
  void Venues();
  void Lecturers();
  void Series();
  void Announced();

 private:
  // The days on which members of `list` are unavailable.
  template <class Item>
  void AddUnavailable(const std::string& rule, std::vector<Item> Problem::*list) {
    AddParts<Item>(
        rule, problem_.*list, [](const Item& item) { return !item.unavailable.empty(); },
        [rule](const Item& item) {
          return absl::StrCat("if ", rule, " '", item.id, "' is available every day (",
                              item.unavailable.size(),
                              item.unavailable.size() == 1 ? " date is not)" : " dates are not)");
        },
        [list](Problem& p, size_t i) { (p.*list)[i].unavailable.clear(); });
  }

  const Problem& problem_;
  std::vector<Relaxation> relaxations_;
};

void Collector::Period() {
  const Date until = problem_.until + (problem_.until - problem_.from + 1);
  Add("period", absl::StrCat("if the period ends later, on ", absl::FormatCivilTime(until)),
      [until](Problem& p) { p.until = until; });
  const CalendarRules open{DayUse::kOpen, DayUse::kOpen, DayUse::kOpen, DayUse::kOpen, {}};
  Add("calendar", "if school holidays, closing days and closed dates are used",
      [open](Problem& p) { p.calendar = open; });
}

void Collector::Gaps() {
  const Limits& limits = problem_.limits;
  Add("gap", absl::StrCat("with fewer than ", limits.min_gap_days, " days (min_gap_days)"),
      [](Problem& p) { p.limits.min_gap_days = 1; });
  Add("gap", absl::StrCat("with more than ", limits.max_gap_days, " days (max_gap_days)"),
      [](Problem& p) {
        const int period = 1 + static_cast<int>(p.until - p.from);
        p.limits.max_gap_days = std::max(p.limits.max_gap_days, period);
      });
}

void Collector::Away() {
  Add("coverage",
      absl::StrCat("with more than a share of ", problem_.limits.max_away_share,
                   " away at once (max_away_share)"),
      [](Problem& p) { p.limits.max_away_share = 1; });
  std::set<std::string> clusters;
  const bool shared = std::any_of(problem_.teams.begin(), problem_.teams.end(), [&](const Team& t) {
    return !t.cluster_id.empty() && !clusters.insert(t.cluster_id).second;
  });
  if (!shared) return;
  Add("cluster",
      absl::StrCat("with more than a share of ", problem_.limits.max_cluster_away_share,
                   " of a cluster's leaders away at once (max_cluster_away_share)"),
      [](Problem& p) { p.limits.max_cluster_away_share = 1; });
}

void Collector::Workload() {
  const auto add = [&](const char* whose, const char* field, int Limits::*limit) {
    if (problem_.limits.*limit == 0) return;
    Add("workload",
        absl::StrCat("with more than ", problem_.limits.*limit, " days a month for a ", whose, " (",
                     field, ")"),
        [limit](Problem& p) { p.limits.*limit = 0; });
  };
  add("lecturer", "max_lecturer_days_per_month", &Limits::max_lecturer_days_per_month);
  add("team", "max_team_days_per_month", &Limits::max_team_days_per_month);
  AddUnavailable("team", &Problem::teams);
}

void Collector::Venues() {
  const int heads = TotalHeads(problem_);
  AddParts<Venue>(
      "seats", problem_.venues, [heads](const Venue& venue) { return venue.seats < heads; },
      [heads](const Venue& venue) {
        return absl::StrCat("with up to ", heads, " seats in venue '", venue.id, "'");
      },
      [heads](Problem& p, size_t v) { p.venues[v].seats = heads; });
  AddUnavailable("venue", &Problem::venues);
}

void Collector::Lecturers() {
  AddUnavailable("lecturer", &Problem::lecturers);
  std::set<std::string> themes;
  for (const auto& series : problem_.series) themes.insert(series.theme);
  AddParts<Lecturer>(
      "lecturer", problem_.lecturers,
      [&themes](const Lecturer& lecturer) {
        return !std::includes(lecturer.themes.begin(), lecturer.themes.end(), themes.begin(),
                              themes.end());
      },
      [](const Lecturer& lecturer) {
        return absl::StrCat("if lecturer '", lecturer.id, "' teaches every theme");
      },
      [themes](Problem& p, size_t l) {
        p.lecturers[l].themes.insert(themes.begin(), themes.end());
      });
}

void Collector::Series() {
  using timetable::Series;
  AddParts<Series>(
      "features", problem_.series,
      [](const Series& series) { return !series.required_features.empty(); },
      [](const Series& series) {
        return absl::StrCat("without ", absl::StrJoin(series.required_features, ", "),
                            " for series '", series.id, "'");
      },
      [](Problem& p, size_t s) { p.series[s].required_features.clear(); });
  AddParts<Series>(
      "events", problem_.series, [](const Series& series) { return series.events > 0; },
      [](const Series& series) {
        return absl::StrCat("if series '", series.id, "' is not held exactly ", series.events,
                            " times");
      },
      [](Problem& p, size_t s) { p.series[s].events = 0; });
}

void Collector::Announced() {
  AddParts<Pin>(
      "pin", problem_.pins, [](const Pin&) { return true; },
      [](const Pin& pin) {
        return absl::StrCat("without the pinned event of series '", pin.series_id, "'",
                            pin.date ? absl::StrCat(" on ", absl::FormatCivilTime(*pin.date)) : "");
      },
      [pins = problem_.pins](Problem& p, size_t i) {
        // Found by what it says: when others are gone, it has another place.
        p.pins.erase(std::find_if(p.pins.begin(), p.pins.end(),
                                  [&](const Pin& pin) { return Same(pin, pins[i]); }));
      });
  if (problem_.max_changes < 0) return;
  Add("changes",
      absl::StrCat("with more than ", problem_.max_changes,
                   " changes of the published timetable (max_changes)"),
      [](Problem& p) { p.max_changes = -1; });
}

std::vector<Relaxation> Chosen(const std::vector<Relaxation>& all, const IndexSet& indexes) {
  std::vector<Relaxation> chosen;
  for (int i : indexes) chosen.push_back(all[static_cast<size_t>(i)]);
  return chosen;
}

std::vector<Relaxation> PartsOf(const std::vector<Relaxation>& rules) {
  std::vector<Relaxation> parts;
  for (const Relaxation& rule : rules) {
    if (rule.parts.empty()) parts.push_back(rule);
    parts.insert(parts.end(), rule.parts.begin(), rule.parts.end());
  }
  return parts;
}

}  // namespace

std::vector<Relaxation> RelaxationsOf(const Problem& problem) {
  Collector collector(problem);
  collector.Period();
  collector.Gaps();
  collector.Away();
  collector.Workload();
  collector.Venues();
  collector.Lecturers();
  collector.Series();
  collector.Announced();
  return collector.Take();
}

Problem Without(Problem problem, const std::vector<Relaxation>& relaxations) {
  for (const Relaxation& relaxation : relaxations) relaxation.give_up(problem);
  return problem;
}

std::vector<std::vector<Relaxation>> LeastToGiveUp(
    const Problem& problem, const std::function<bool(const Problem&)>& has_timetable) {
  const auto helps = [&](const std::vector<Relaxation>& given_up) {
    return has_timetable(Without(problem, given_up));
  };
  const std::vector<Relaxation> all = RelaxationsOf(problem);
  const auto chosen_help = [&](const std::vector<Relaxation>& from) {
    return [&](const IndexSet& indexes) { return helps(Chosen(from, indexes)); };
  };
  std::vector<std::vector<Relaxation>> least;
  for (const IndexSet& rules :
       SmallestEnough(static_cast<int>(all.size()), kMostAlternatives, chosen_help(all))) {
    const std::vector<Relaxation> parts = PartsOf(Chosen(all, rules));
    const IndexSet needed = MinimalEnough(static_cast<int>(parts.size()), chosen_help(parts));
    least.push_back(Chosen(parts, needed));
    // A search that overlooks timetables may have left too little.
    if (!helps(least.back())) least.back() = parts;
  }
  return least;
}

std::vector<Obstacle> BindingRules(const Problem& problem,
                                   const std::function<bool(const Problem&)>& has_timetable) {
  std::vector<Obstacle> binding;
  for (const std::vector<Relaxation>& given_up : LeastToGiveUp(problem, has_timetable)) {
    if (given_up.empty()) return {};
    std::vector<std::string> rules, whats;
    for (const Relaxation& relaxation : given_up) {
      if (std::count(rules.begin(), rules.end(), relaxation.rule) == 0) {
        rules.push_back(relaxation.rule);
      }
      whats.push_back(relaxation.what);
    }
    binding.push_back({absl::StrJoin(rules, ","),
                       absl::StrCat("There is a timetable ", absl::StrJoin(whats, " and "), ".")});
  }
  return binding;
}

std::vector<Obstacle> BindingRules(const Problem& problem, Budget& budget, double from) {
  // Each search gets an equal part, enough of them to try every rule once and a few together.
  const double searches = 2.0 * static_cast<double>(RelaxationsOf(problem).size());
  int searched = 0;
  return BindingRules(problem, [&](const Problem& relaxed) {
    budget.UseUpTo(std::min(1.0, from + (1 - from) * ++searched / searches));
    if (budget.spent()) return false;
    const CompiledProblem compiled(relaxed);
    if (!ProveInfeasible(relaxed, compiled).empty()) return false;
    Draft draft;
    return FindFeasible(relaxed, compiled, budget, draft);
  });
}

}  // namespace klynge::courses::timetable
