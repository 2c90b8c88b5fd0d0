#include "services/courses/timetable/explanation.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/courses/timetable/checker.h"
#include "services/courses/timetable/engine/explain.h"
#include "services/courses/timetable/municipal.h"
#include "services/courses/timetable/problem_index.h"
#include "services/courses/timetable/reason_sentences.h"

namespace klynge::courses::timetable {
namespace {

class ModelExplanation : public Explanation {
 public:
  ModelExplanation(Problem problem, Timetable timetable)
      : problem_(std::move(problem)),
        timetable_(std::move(timetable)),
        compiled_(problem_),
        model_(MunicipalModel(problem_, compiled_, CountEvents(problem_, timetable_))) {}

  // False: the timetable is none of the model's. Nothing else may be asked then.
  bool Start() {
    absl::optional<KnownTimetable> known = ToSolution(problem_, compiled_, model_, timetable_);
    if (!known) return false;
    event_of_ = std::move(known->event_of);
    state_ = std::make_unique<State>(model_, known->solution);
    sentences_ = std::make_unique<ReasonSentences>(problem_, compiled_, model_, state_->board());
    return true;
  }

  std::vector<ConstraintCost> CostByConstraint() const override {
    return CostTimetable(problem_, timetable_);
  }

  std::vector<int64_t> CostByEvent() const override {
    const std::vector<int64_t> costs = timetable::CostByEvent(*state_);
    std::vector<int64_t> by_event;
    for (int event : event_of_) by_event.push_back(costs[event]);
    return by_event;
  }

  std::vector<EventReason> WhyEvent(size_t event) const override;
  PlaceEffect WhyNotThere(size_t event, const Place& place) override;
  std::vector<PlaceSuggestion> SuggestPlaces(size_t event, int count) override;

 private:
  // Several rules of the model may have one name.
  std::vector<RuleDifference> ToDifferences(const std::vector<RuleChange>& changes) const;
  // Reads `place`; tells what of it the model doesn't have.
  std::vector<Obstacle> Find(const Place& place, Placement& to) const;
  Event At(size_t event, const Placement& to) const;

  const Problem problem_;
  const Timetable timetable_;
  const CompiledProblem compiled_;
  const Model model_;
  std::vector<int> event_of_;  // of each event of the timetable, the event of the model
  std::unique_ptr<State> state_;
  std::unique_ptr<ReasonSentences> sentences_;
};

std::vector<RuleDifference> ModelExplanation::ToDifferences(
    const std::vector<RuleChange>& changes) const {
  std::vector<RuleDifference> differences;
  for (const RuleChange& change : changes) {
    const Rule& rule = model_.rules[change.rule];
    const auto known = std::find_if(differences.begin(), differences.end(),
                                    [&](const auto& each) { return each.rule == rule.name; });
    RuleDifference& difference = known != differences.end() ? *known : differences.emplace_back();
    difference.rule = rule.name;
    difference.hard = rule.hard;
    difference.count += change.count;
    difference.cost += rule.hard ? 0 : change.count * rule.weight;
  }
  return differences;
}

std::vector<EventReason> ModelExplanation::WhyEvent(size_t event) const {
  std::vector<EventReason> reasons;
  for (const Reason& reason : Why(*state_, event_of_[event])) {
    const Rule& rule = model_.rules[reason.rule];
    const int team = reason.match.group;
    reasons.push_back({rule.name, rule.hard, reason.match.count,
                       rule.hard ? 0 : int64_t{rule.weight} * reason.match.count,
                       team == kNone ? "" : problem_.teams[team].id, sentences_->Of(reason)});
  }
  return reasons;
}

std::vector<Obstacle> ModelExplanation::Find(const Place& place, Placement& to) const {
  std::vector<Obstacle> obstacles;
  if (place.date && (to.period = DayOf(compiled_, *place.date)) == kNone) {
    const std::string day = absl::FormatCivilTime(*place.date);
    if (*place.date < problem_.from || *place.date > problem_.until) {
      obstacles.push_back({"period", absl::StrCat(day, " is outside the period.")});
    } else {
      obstacles.push_back(
          {"calendar", absl::StrCat(day, " is a closed day (",
                                    ReasonAgainst(*place.date, problem_.calendar), ").")});
    }
  }
  if (!place.venue_id.empty() && (to.venue = IndexOf(problem_.venues, place.venue_id)) == kNone) {
    obstacles.push_back({"reference", absl::StrCat("Venue '", place.venue_id, "' is unknown.")});
  }
  if (!place.lecturer_id.empty() &&
      (to.lecturer = IndexOf(problem_.lecturers, place.lecturer_id)) == kNone) {
    obstacles.push_back(
        {"reference", absl::StrCat("Lecturer '", place.lecturer_id, "' is unknown.")});
  }
  return obstacles;
}

PlaceEffect ModelExplanation::WhyNotThere(size_t event, const Place& place) {
  PlaceEffect effect;
  Placement to = state_->board().at(event_of_[event]);
  effect.obstacles = Find(place, to);
  if (!effect.obstacles.empty()) return effect;
  const Consequence consequence = WhyNot(*state_, event_of_[event], to);
  for (const Obstruction& each : consequence.obstructions) {
    Obstacle obstacle = sentences_->Of(each, event_of_[event], to);
    // An event of several days is in the way once.
    const bool told =
        std::any_of(effect.obstacles.begin(), effect.obstacles.end(),
                    [&](const Obstacle& other) { return other.sentence == obstacle.sentence; });
    if (!told) effect.obstacles.push_back(std::move(obstacle));
  }
  effect.differences = ToDifferences(consequence.changes);
  effect.cost = consequence.cost;
  effect.broken = consequence.broken;
  return effect;
}

Event ModelExplanation::At(size_t event, const Placement& to) const {
  Event moved = timetable_.events[event];
  moved.date = compiled_.dates[to.period];
  moved.venue_id = problem_.venues[to.venue].id;
  moved.lecturer_id = problem_.lecturers[to.lecturer].id;
  return moved;
}

std::vector<PlaceSuggestion> ModelExplanation::SuggestPlaces(size_t event, int count) {
  std::vector<PlaceSuggestion> suggestions;
  for (const Suggestion& each : Suggest(*state_, event_of_[event], count)) {
    PlaceSuggestion& suggestion = suggestions.emplace_back();
    suggestion.event = At(event, each.move.shifts[0].to);
    if (each.move.shifts.size() > 1) {
      const Move::Shift& shift = each.move.shifts[1];
      suggestion.other =
          std::find(event_of_.begin(), event_of_.end(), shift.event) - event_of_.begin();
      suggestion.other_event = At(*suggestion.other, shift.to);
    }
    suggestion.differences = ToDifferences(each.changes);
    suggestion.cost = each.cost;
    suggestion.broken = each.broken;
  }
  return suggestions;
}

}  // namespace

std::unique_ptr<Explanation> Explanation::Of(Problem problem, Timetable timetable) {
  auto explanation = std::make_unique<ModelExplanation>(std::move(problem), std::move(timetable));
  if (!explanation->Start()) return nullptr;
  return explanation;
}

}  // namespace klynge::courses::timetable
