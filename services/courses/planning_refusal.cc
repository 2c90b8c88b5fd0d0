// Why there is no plan, in the words of the request.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/planning.h"

namespace klynge::courses {
namespace {

using Obstacles = std::vector<timetable::Obstacle>;

// Messages are cut at 600 bytes. Where something would help, what is in the way leaves room for it.
constexpr size_t kRoom = 500;
constexpr size_t kRoomBesideHelp = 300;
constexpr size_t kMostAlternatives = 5;
constexpr size_t kMostRules = 10;

// "seats and venue: Team …". The planner names its own limits.
std::string Sentence(const timetable::Obstacle& obstacle) {
  return absl::StrCat(
      absl::StrReplaceAll(obstacle.rule, {{",", " and "}}), ": ",
      absl::StrReplaceAll(obstacle.sentence, {{"max_away_share", "max_area_share_away"},
                                              {"min_gap_days", "min_days_between"},
                                              {"max_gap_days", "max_days_between"}}));
}

// The first, and those after it that there is room for.
std::string Sentences(const Obstacles& obstacles, size_t room) {
  std::string text;
  for (const auto& obstacle : obstacles) {
    const std::string sentence = Sentence(obstacle);
    if (!text.empty() && text.size() + sentence.size() > room) continue;
    absl::StrAppend(&text, text.empty() ? "" : " ", sentence);
  }
  return text;
}

std::string Rules(const Obstacles& obstacles) {
  std::vector<std::string> rules;
  for (const auto& obstacle : obstacles) {
    if (rules.size() < kMostRules) rules.push_back(obstacle.rule);
  }
  return absl::StrJoin(rules, ",");
}

absl::Status Infeasible(const timetable::PlannerResult& result) {
  Metadata metadata = {{"rules", Rules(result.obstacles)}};
  std::vector<std::string> alternatives;
  for (const auto& each : result.give_up) {
    if (alternatives.size() == kMostAlternatives) break;
    alternatives.push_back(Sentence(each));
    metadata[absl::StrCat("give_up_", alternatives.size())] = alternatives.back();
  }
  std::string message =
      absl::StrCat("no timetable keeps all the rules: ",
                   Sentences(result.obstacles, alternatives.empty() ? kRoom : kRoomBesideHelp));
  if (!alternatives.empty()) {
    absl::StrAppend(&message, " It would do to give up ", absl::StrJoin(alternatives, " Or "));
  }
  return FailedPrecondition(v1::ERROR_REASON_TIMETABLE_INFEASIBLE, std::move(message), metadata);
}

}  // namespace

absl::Status WhyNoPlan(const timetable::PlannerResult& result) {
  if (result.outcome == timetable::Outcome::kCancelled) {
    return absl::CancelledError("the caller went away before there was a plan");
  }
  if (result.outcome == timetable::Outcome::kInvalid) {
    Violations violations;
    for (const auto& error : result.errors) violations.Add(error.field, error.description);
    return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS,
                               "the programme can't be planned as it is");
  }
  if (result.outcome == timetable::Outcome::kInfeasible) return Infeasible(result);
  return FailedPrecondition(
      v1::ERROR_REASON_TIMETABLE_INFEASIBLE,
      absl::StrCat("no timetable was found in the time given; what stood in the way: ",
                   Sentences(result.obstacles, kRoom)),
      {{"rules", Rules(result.obstacles)}});
}

}  // namespace klynge::courses
