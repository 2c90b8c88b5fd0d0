#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>

#include "services/organisation/row_checker.h"

namespace klynge::organisation {
namespace {

constexpr int kMostUnitKinds = 50;
constexpr int kMostNeeds = 20;

void CheckPercent(RowChecker& check, const char* field, int percent) {
  if (percent >= 1 && percent <= 100) return;
  check.Wrong(field,
              absl::StrCat("must be 1 to 100 percent of a full-time position, was ", percent));
}

std::vector<std::string> UnitKinds(RowChecker& check, const v1::Task& task) {
  if (task.unit_kinds().empty()) {
    check.Wrong("unit_kinds", "is required: the kinds of unit that have the task");
  }
  if (task.unit_kinds_size() > kMostUnitKinds) {
    check.Wrong("unit_kinds", absl::StrCat("has ", task.unit_kinds_size(), "; at most ",
                                           kMostUnitKinds, " are kept"));
    return {};
  }
  std::set<std::string> kinds;
  for (int i = 0; i < task.unit_kinds_size(); ++i) {
    check.Id(absl::StrCat("unit_kinds[", i, "]"), task.unit_kinds(i));
    kinds.insert(task.unit_kinds(i));
  }
  return {kinds.begin(), kinds.end()};
}

std::vector<NeededCompetence> Needs(RowChecker& check, const v1::Task& task) {
  if (task.needs_size() > kMostNeeds) {
    check.Wrong("needs",
                absl::StrCat("has ", task.needs_size(), "; at most ", kMostNeeds, " are kept"));
    return {};
  }
  std::vector<NeededCompetence> needs;
  for (int i = 0; i < task.needs_size(); ++i) {
    const v1::NeededCompetence& needed = task.needs(i);
    check.Id(absl::StrCat("needs[", i, "].competence"), needed.competence());
    needs.push_back({needed.competence(), needed.least_level()});
  }
  std::sort(needs.begin(), needs.end(), [](const NeededCompetence& a, const NeededCompetence& b) {
    return a.competence < b.competence;
  });
  const auto twice = std::adjacent_find(needs.begin(), needs.end(),
                                        [](const NeededCompetence& a, const NeededCompetence& b) {
                                          return a.competence == b.competence;
                                        });
  if (twice != needs.end()) {
    check.Wrong("needs", absl::StrCat("has \"", twice->competence, "\" twice; name it once"));
  }
  return needs;
}

}  // namespace

ImportRow ParseTask(const v1::Task& task) {
  RowChecker check("task.");
  check.Id("task", task.task());
  check.Text("label.da", task.label().da());
  check.Line("label.en", task.label().en());
  check.Id("leadership_kind", task.leadership_kind());
  CheckPercent(check, "expected_percent", task.expected_percent());
  std::vector<std::string> unit_kinds = UnitKinds(check, task);
  std::vector<NeededCompetence> needs = Needs(check, task);
  const DateRange valid = check.Dates(
      task.valid_from().empty() ? FormatDate(kOpenStart) : task.valid_from(), task.valid_to());
  return {Task{task.task(), task.label().da(), task.label().en(), task.leadership_kind(),
               std::move(unit_kinds), task.expected_percent(), task.may_be_shared(),
               std::move(needs), valid},
          check.TakeProblems()};
}

ImportRow ParseResponsibility(const v1::Responsibility& responsibility) {
  RowChecker check("responsibility.");
  check.Id("responsibility_id", responsibility.responsibility_id());
  check.Id("task", responsibility.task());
  check.Id("unit_id", responsibility.unit_id());
  check.Id("position_id", responsibility.position_id());
  CheckPercent(check, "percent", responsibility.percent());
  const DateRange valid = check.Dates(responsibility.valid_from(), responsibility.valid_to());
  return {Responsibility{responsibility.responsibility_id(), responsibility.task(),
                         responsibility.unit_id(), responsibility.position_id(),
                         responsibility.percent(), valid},
          check.TakeProblems()};
}

}  // namespace klynge::organisation
