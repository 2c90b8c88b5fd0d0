#include "services/courses/timetable/command/report.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
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
