#include "services/courses/timetable/ctt/ctt_what_if.h"

#include "absl/strings/str_cat.h"
#include "services/courses/timetable/ctt/ctt_model.h"

namespace klynge::courses::timetable {

CttWhatIf::CttWhatIf(const CttInstance& instance, const CttTimetable& timetable)
    : ctt_(instance),
      model_(CttModel(instance)),
      state_(model_, CttSolution(instance, timetable)) {}

Placement CttWhatIf::PlacementOf(int event, const CttLecture& lecture) const {
  return {lecture.day * ctt_.periods_per_day + lecture.period, lecture.room,
          state_.board().at(event).lecturer};
}

CttLecture CttWhatIf::LectureOf(int event, const Placement& at) const {
  return {model_.instance.events[event].series, at.venue, at.period / ctt_.periods_per_day,
          at.period % ctt_.periods_per_day};
}

int CttWhatIf::EventOf(const CttLecture& lecture) const {
  const std::vector<int>& events = model_.instance.series[lecture.course].events;
  for (int event : events) {
    if (state_.board().at(event) == PlacementOf(event, lecture)) return event;
  }
  return kNone;
}

std::vector<CttCostChange> CttWhatIf::CostsOf(const std::vector<RuleChange>& changes) const {
  std::vector<CttCostChange> costs;
  for (const RuleChange& change : changes) {
    const Rule& rule = model_.rules[change.rule];
    costs.push_back({rule.name, change.count * rule.weight});
  }
  return costs;
}

// Rooms, teachers and curricula are always there in an instance: only others can be in the way.
std::string CttWhatIf::Describe(const Obstruction& obstruction, int event,
                                const Placement& to) const {
  using Kind = Obstruction::Kind;
  const auto course = [&](int of) -> const CttCourse& {
    return ctt_.courses[model_.instance.events[of].series];
  };
  const CttLecture there = LectureOf(event, to);
  const std::string when = absl::StrCat(" on day ", there.day, ", period ", there.period);
  if (obstruction.kind == Kind::kNoStart) {
    return absl::StrCat(course(event).id, " is not available", when);
  }
  const std::string& other = course(obstruction.other).id;
  switch (obstruction.kind) {
    case Kind::kVenueTaken:
      return absl::StrCat(ctt_.rooms[to.venue].id, " has ", other, when);
    case Kind::kGroupBusy:
      return absl::StrCat("curriculum ", ctt_.curricula[obstruction.group].id, " has ", other,
                          when);
    default:
      return absl::StrCat("teacher ", course(event).teacher, " has ", other, when);
  }
}

CttConsequence CttWhatIf::WhyNot(const CttLecture& lecture, const CttLecture& to) {
  const int event = EventOf(lecture);
  const Placement there = PlacementOf(event, to);
  const Consequence found = timetable::WhyNot(state_, event, there);
  CttConsequence consequence;
  for (const Obstruction& each : found.obstructions) {
    consequence.obstacles.push_back(Describe(each, event, there));
  }
  consequence.costs = CostsOf(found.changes);
  consequence.cost = found.cost;
  return consequence;
}

std::vector<CttSuggestion> CttWhatIf::Suggest(const CttLecture& lecture, int count) {
  std::vector<CttSuggestion> suggestions;
  // Lectures of one course are alike: to exchange them changes nothing.
  const int alike = ctt_.courses[lecture.course].lectures - 1;
  for (const Suggestion& found : timetable::Suggest(state_, EventOf(lecture), count + alike)) {
    const std::vector<Move::Shift>& shifts = found.move.shifts;
    const auto series = [&](size_t i) { return model_.instance.events[shifts[i].event].series; };
    if (shifts.size() > 1 && series(0) == series(1)) continue;
    if (static_cast<int>(suggestions.size()) == count) break;
    CttSuggestion& suggestion = suggestions.emplace_back();
    for (const Move::Shift& shift : shifts) {
      const CttLecture from = LectureOf(shift.event, shift.from);
      suggestion.changes.push_back({from.course, from, LectureOf(shift.event, shift.to)});
    }
    suggestion.costs = CostsOf(found.changes);
    suggestion.cost = found.cost;
  }
  return suggestions;
}

}  // namespace klynge::courses::timetable
