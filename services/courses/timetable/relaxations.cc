#include "services/courses/timetable/relaxations.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/courses/timetable/obstacles.h"

namespace klynge::courses::timetable {
namespace {

struct Relaxation {
  std::string rule;
  std::string what;  // completes "there is one …"
  Problem problem;   // without the rule
};

template <class Items>
size_t UnavailableDates(const Items& items) {
  size_t dates = 0;
  for (const auto& item : items) dates += item.unavailable.size();
  return dates;
}

void RelaxResources(const Problem& problem, std::vector<Relaxation>& relaxations) {
  int heads = 0;
  for (const Team& team : problem.teams) heads += team.heads;
  Problem wide = problem;
  for (Venue& venue : wide.venues) venue.seats = heads;
  relaxations.push_back(
      {"seats", absl::StrCat("with larger venues (up to ", heads, " seats)"), wide});
  Problem open = problem;
  for (Venue& venue : open.venues) venue.unavailable.clear();
  relaxations.push_back({"venue",
                         absl::StrCat("if every venue is available every day (",
                                      UnavailableDates(problem.venues), " dates are not)"),
                         open});
  Problem staffed = problem;
  for (Lecturer& lecturer : staffed.lecturers) lecturer.unavailable.clear();
  relaxations.push_back({"lecturer",
                         absl::StrCat("if every lecturer is available every day (",
                                      UnavailableDates(problem.lecturers), " dates are not)"),
                         staffed});
}

void RelaxLimits(const Problem& problem, std::vector<Relaxation>& relaxations) {
  Problem close = problem;
  close.limits.min_gap_days = 1;
  relaxations.push_back(
      {"gap", absl::StrCat("with fewer than ", problem.limits.min_gap_days, " days (min_gap_days)"),
       close});
  Problem apart = problem;
  apart.limits.max_gap_days = 1 + static_cast<int>(problem.until - problem.from);
  apart.limits.max_gap_days = std::max(apart.limits.max_gap_days, problem.limits.max_gap_days);
  relaxations.push_back(
      {"gap", absl::StrCat("with more than ", problem.limits.max_gap_days, " days (max_gap_days)"),
       apart});
  Problem uncovered = problem;
  uncovered.limits.max_away_share = 1;
  relaxations.push_back({"coverage",
                         absl::StrCat("with more than a share of ", problem.limits.max_away_share,
                                      " away at once (max_away_share)"),
                         uncovered});
}

void RelaxWishes(const Problem& problem, std::vector<Relaxation>& relaxations) {
  Problem open = problem;
  open.calendar = CalendarRules{DayUse::kOpen, DayUse::kOpen, DayUse::kOpen, DayUse::kOpen, {}};
  relaxations.push_back(
      {"calendar", "if school holidays, closing days and closed dates are used", open});
  Problem any_number = problem;
  for (Series& series : any_number.series) series.events = 0;
  relaxations.push_back(
      {"events", "if the planner chooses how often each series is held", any_number});
  if (problem.pins.empty()) return;
  Problem unpinned = problem;
  unpinned.pins.clear();
  relaxations.push_back(
      {"pin", absl::StrCat("without the ", problem.pins.size(), " pins"), unpinned});
}

bool HasTimetable(const Problem& problem, Budget& budget) {
  const CompiledProblem compiled(problem);
  if (!ProveInfeasible(problem, compiled).empty()) return false;
  Draft draft;
  return FindFeasible(problem, compiled, budget, draft);
}

}  // namespace

std::vector<Obstacle> BindingRules(const Problem& problem, Budget& budget) {
  std::vector<Relaxation> relaxations;
  RelaxLimits(problem, relaxations);
  RelaxResources(problem, relaxations);
  RelaxWishes(problem, relaxations);
  std::vector<Obstacle> binding;
  // The budget has used up half of itself before; each relaxation gets an equal part of the other
  // half.
  for (size_t i = 0; i < relaxations.size(); ++i) {
    const double done = static_cast<double>(i + 1) / static_cast<double>(relaxations.size());
    budget.UseUpTo(0.5 + 0.5 * done);
    const Relaxation& relaxation = relaxations[i];
    if (!HasTimetable(relaxation.problem, budget)) continue;
    binding.push_back({relaxation.rule, absl::StrCat("No timetable was found, but there is one ",
                                                     relaxation.what, ".")});
  }
  return binding;
}

}  // namespace klynge::courses::timetable
