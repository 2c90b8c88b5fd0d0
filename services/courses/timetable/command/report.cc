#include "services/courses/timetable/command/report.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "services/courses/timetable/command/disruption.h"
#include "services/courses/timetable/ctt/ctt_changes.h"

namespace klynge::courses::timetable {

namespace {

void AppendRow(std::string& text, absl::string_view name, int64_t number) {
  absl::StrAppendFormat(&text, "%-23s %7d\n", name, number);
}

void AppendPlaces(std::string& text, const CttInstance& instance, const CttScore& score,
                  CttRule rule) {
  std::vector<CttMatch> places;
  std::copy_if(score.matches.begin(), score.matches.end(), std::back_inserter(places),
               [rule](const CttMatch& match) { return match.rule == rule; });
  std::stable_sort(places.begin(), places.end(), [](auto& a, auto& b) { return a.cost > b.cost; });
  for (const CttMatch& match : places) {
    absl::StrAppendFormat(&text, "%31d  %s\n", match.cost, DescribeCttMatch(instance, match));
  }
}

// The lecture, or its course as a whole.
std::string NameOf(const CttInstance& instance, const CttMatch& match) {
  const std::string& course = instance.courses[match.course].id;
  if (match.day < 0) return absl::StrCat(course, " as a whole");
  return absl::StrCat(course, "@", match.day, "/", match.period);
}

bool Concerns(const CttMatch& match, const CttLecture& lecture) {
  const bool then = match.day < 0 || (match.day == lecture.day && match.period == lecture.period);
  const bool there = match.course < 0 && match.room == lecture.room;
  return then && (match.course == lecture.course || match.other_course == lecture.course || there);
}

std::string Signed(const std::vector<CttCostChange>& costs) {
  return absl::StrJoin(costs, ", ", [](std::string* out, const CttCostChange& change) {
    absl::StrAppendFormat(out, "%s %+d", change.rule, change.cost);
  });
}

}  // namespace

std::string ScoreTable(const CttInstance& instance, const CttScore& score, bool explain) {
  std::string text;
  for (size_t i = 0; i < kCttRules; ++i) {
    const auto rule = static_cast<CttRule>(i);
    AppendRow(text, CttRuleName(rule), score.Of(rule));
    if (explain) AppendPlaces(text, instance, score, rule);
  }
  if (explain && score.matches.size() == kMaxCttMatches) {
    absl::StrAppend(&text, "Only the first ", kMaxCttMatches, " places are listed.\n");
  }
  AppendRow(text, "violations", score.violations);
  AppendRow(text, "cost", score.cost);
  return text;
}

std::string CostTable(const CttInstance& instance, const CttScore& score) {
  std::map<std::string, int64_t> costs;
  for (const CttMatch& match : score.matches) {
    if (!IsHard(match.rule)) costs[NameOf(instance, match)] += match.cost;
  }
  std::vector<std::pair<std::string, int64_t>> rows(costs.begin(), costs.end());
  std::stable_sort(rows.begin(), rows.end(), [](auto& a, auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [name, cost] : rows) AppendRow(text, name, cost);
  AppendRow(text, "cost", score.cost);
  return text;
}

std::string WhyTable(const CttInstance& instance, const CttScore& score,
                     const CttLecture& lecture) {
  std::string text = absl::StrCat(instance.courses[lecture.course].id, ": ",
                                  DescribeCttPlace(instance, lecture), "\n");
  int64_t cost = 0;
  for (size_t i = 0; i < kCttRules; ++i) {
    const auto rule = static_cast<CttRule>(i);
    CttScore here;
    for (const CttMatch& match : score.matches) {
      if (match.rule != rule || !Concerns(match, lecture)) continue;
      here.costs[i] += match.cost;
      here.matches.push_back(match);
    }
    if (here.matches.empty()) continue;
    if (!IsHard(rule)) cost += here.costs[i];
    AppendRow(text, CttRuleName(rule), here.costs[i]);
    AppendPlaces(text, instance, here, rule);
  }
  AppendRow(text, "cost", cost);
  return text;
}

std::string WhyNotTable(const CttInstance& instance, const CttChange& change,
                        const CttConsequence& consequence) {
  std::string text = absl::StrCat(DescribeCttChange(instance, change), "\n");
  for (const std::string& obstacle : consequence.obstacles) {
    absl::StrAppend(&text, "  impossible: ", obstacle, "\n");
  }
  if (!consequence.obstacles.empty()) return text;
  for (const CttCostChange& each : consequence.costs) {
    absl::StrAppendFormat(&text, "%-23s %+7d\n", each.rule, each.cost);
  }
  absl::StrAppendFormat(&text, "%-23s %+7d\n", "cost", consequence.cost);
  return text;
}

std::string SuggestionTable(const CttInstance& instance,
                            const std::vector<CttSuggestion>& suggestions) {
  std::string text = "   cost\n";
  for (const CttSuggestion& each : suggestions) {
    const std::string moves =
        absl::StrJoin(each.changes, "; ", [&](std::string* out, const CttChange& change) {
          out->append(DescribeCttChange(instance, change));
        });
    absl::StrAppendFormat(&text, "%+7d  %s%s\n", each.cost, moves,
                          each.costs.empty() ? "" : absl::StrCat("  (", Signed(each.costs), ")"));
  }
  return text;
}

std::string DiffTable(const CttInstance& instance, const CttTimetable& before,
                      const CttTimetable& after) {
  std::string text;
  const std::vector<CttChange> changes = CttChanges(instance, before, after);
  for (const CttChange& change : changes) {
    absl::StrAppend(&text, DescribeCttChange(instance, change), "\n");
  }
  const CttScore was = ScoreCtt(instance, before), is = ScoreCtt(instance, after);
  const auto row = [&](absl::string_view name, int64_t from, int64_t to) {
    absl::StrAppendFormat(&text, "%-23s %7d %7d %+7d\n", name, from, to, to - from);
  };
  AppendRow(text, "changes", static_cast<int64_t>(changes.size()));
  absl::StrAppendFormat(&text, "%-23s %7s %7s\n", "", "before", "after");
  for (size_t i = 0; i < kCttRules; ++i) {
    row(CttRuleName(static_cast<CttRule>(i)), was.costs[i], is.costs[i]);
  }
  row("violations", was.violations, is.violations);
  row("cost", was.cost, is.cost);
  return text;
}

std::vector<Repair> SoundRepairs(const CttInstance& instance, const CttTimetable& published,
                                 const CttDisruption& disruption, const CttReplan& replan,
                                 size_t max_changes) {
  std::map<size_t, Repair> by_changes;
  for (const CttResult& result : replan.curve) {
    const CttScore score = ScoreCtt(instance, result.timetable);
    const size_t changes = CttChanges(instance, published, result.timetable).size();
    if (!score.feasible() || changes > max_changes ||
        !LecturesHit(instance, result.timetable, disruption).empty()) {
      continue;
    }
    const auto [known, is_new] =
        by_changes.try_emplace(changes, Repair{changes, score.cost, result.timetable});
    if (!is_new && score.cost < known->second.cost) {
      known->second = {changes, score.cost, result.timetable};
    }
  }
  std::vector<Repair> repairs;
  for (auto& [changes, repair] : by_changes) repairs.push_back(std::move(repair));
  return repairs;
}

const Repair& Choose(const std::vector<Repair>& repairs, bool prefer_cost) {
  if (!prefer_cost) return repairs.front();
  return *std::min_element(repairs.begin(), repairs.end(),
                           [](auto& a, auto& b) { return a.cost < b.cost; });
}

std::string RepairTable(const CttInstance& instance, const CttTimetable& published,
                        const std::vector<Repair>& repairs, const Repair& chosen) {
  std::string text = "changes     cost\n";
  for (const Repair& repair : repairs) {
    absl::StrAppendFormat(&text, "%7d  %7d%s\n", repair.changes, repair.cost,
                          &repair == &chosen ? "  written" : "");
  }
  for (const CttChange& change : CttChanges(instance, published, chosen.timetable)) {
    absl::StrAppend(&text, "  ", DescribeCttChange(instance, change), "\n");
  }
  return text;
}

}  // namespace klynge::courses::timetable
