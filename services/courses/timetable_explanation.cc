#include "services/courses/timetable_explanation.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/enrolment.h"
#include "services/courses/planning.h"
#include "services/courses/timetable/checker.h"
#include "services/courses/timetable/explanation.h"
#include "services/platform/rpc/validation.h"

namespace klynge::courses {
namespace {

constexpr int kMostSuggestions = 100;

// What is stored, with the teams that are still enrolled: those are the ones that are planned for.
timetable::Timetable TimetableOf(const ProgrammeRecord& record) {
  timetable::Timetable timetable = PublishedIn(record);
  for (timetable::Event& event : timetable.events) {
    const auto left = [&](const std::string& team) { return FindActive(record, team) == nullptr; };
    event.team_ids.erase(std::remove_if(event.team_ids.begin(), event.team_ids.end(), left),
                         event.team_ids.end());
  }
  return timetable;
}

absl::StatusOr<timetable::Place> ReadRequest(const v1::ExplainTimetableRequest& request) {
  Violations violations;
  timetable::Place place;
  if (request.suggestions() < 0 || request.suggestions() > kMostSuggestions) {
    violations.Add("suggestions",
                   absl::StrCat(request.suggestions(), " is not between 0 and ", kMostSuggestions));
  }
  if (request.session_id().empty() && (request.has_place() || request.suggestions() > 0)) {
    violations.Add("session_id", "is empty; name the session whose place is asked about");
  }
  if (!request.place().date().empty()) {
    place.date = DateOr(violations, "place.date", request.place().date(), kOpenStart);
  }
  place.venue_id = request.place().venue_id();
  place.lecturer_id = request.place().lecturer_id();
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  return place;
}

absl::Status WhyUnexplained(const timetable::Problem& problem,
                            const timetable::Timetable& timetable) {
  std::string broken;
  for (const timetable::Violation& violation : CheckTimetable(problem, timetable)) {
    absl::StrAppend(&broken, broken.empty() ? "" : " ", violation.sentence);
    if (broken.size() > 1000) break;
  }
  return FailedPrecondition(
      v1::ERROR_REASON_TIMETABLE_INFEASIBLE,
      absl::StrCat("what is planned breaks rules and must be planned anew: ", broken));
}

v1::SessionPlace PlaceOf(const timetable::Event& event) {
  v1::SessionPlace place;
  place.set_date(FormatDate(event.date));
  place.set_venue_id(event.venue_id);
  place.set_lecturer_id(event.lecturer_id);
  return place;
}

template <class Message>
void TellChange(const std::vector<timetable::RuleDifference>& differences, int64_t cost,
                int64_t broken, Message* message) {
  for (const timetable::RuleDifference& each : differences) {
    v1::RuleDifference& difference = *message->add_differences();
    difference.set_rule(each.rule);
    difference.set_must_be_kept(each.hard);
    difference.set_count(each.count);
    difference.set_cost(each.cost);
  }
  message->set_cost(cost);
  message->set_broken(broken);
}

// Fills in the answer for one timetable.
class Answer {
 public:
  Answer(timetable::Explanation& explanation, const std::vector<const v1::Session*>& sessions,
         v1::ExplainTimetableResponse* response)
      : explanation_(explanation), sessions_(sessions), response_(*response) {}

  void TellCosts() {
    AddCosts(explanation_.CostByConstraint(), response_.mutable_costs());
    int64_t sum = 0;
    for (const v1::WishCost& each : response_.costs()) sum += each.cost();
    response_.set_cost(sum);
    const std::vector<int64_t> costs = explanation_.CostByEvent();
    for (size_t i = 0; i < costs.size(); ++i) {
      v1::SessionCost& session = *response_.add_sessions();
      session.set_session_id(sessions_[i]->session_id());
      session.set_cost(costs[i]);
    }
    std::stable_sort(response_.mutable_sessions()->begin(), response_.mutable_sessions()->end(),
                     [](const auto& a, const auto& b) { return a.cost() > b.cost(); });
  }

  void TellReasons(size_t event) {
    for (const timetable::EventReason& each : explanation_.WhyEvent(event)) {
      v1::SessionReason& reason = *response_.add_reasons();
      reason.set_rule(each.rule);
      reason.set_must_be_kept(each.hard);
      reason.set_count(each.count);
      reason.set_cost(each.cost);
      reason.set_cluster_id(each.team_id);
      reason.set_sentence(each.sentence);
    }
  }

  void TellEffect(size_t event, const timetable::Place& place) {
    const timetable::PlaceEffect found = explanation_.WhyNotThere(event, place);
    v1::PlaceEffect& effect = *response_.mutable_place();
    for (const timetable::Obstacle& each : found.obstacles) {
      v1::PlaceObstacle& obstacle = *effect.add_obstacles();
      obstacle.set_rule(each.rule);
      obstacle.set_sentence(each.sentence);
    }
    TellChange(found.differences, found.cost, found.broken, &effect);
  }

  void TellSuggestions(size_t event, int count) {
    for (const timetable::PlaceSuggestion& each : explanation_.SuggestPlaces(event, count)) {
      v1::PlaceSuggestion& suggestion = *response_.add_suggestions();
      *suggestion.mutable_place() = PlaceOf(each.event);
      if (each.other) {
        suggestion.set_other_session_id(sessions_[*each.other]->session_id());
        *suggestion.mutable_other_place() = PlaceOf(*each.other_event);
      }
      TellChange(each.differences, each.cost, each.broken, &suggestion);
    }
  }

 private:
  timetable::Explanation& explanation_;
  const std::vector<const v1::Session*>& sessions_;
  v1::ExplainTimetableResponse& response_;
};

}  // namespace

absl::Status ExplainTimetable(const CoursesModel& model, const ProgrammeRecord& record,
                              const v1::ExplainTimetableRequest& request,
                              v1::ExplainTimetableResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(const timetable::Place place, ReadRequest(request));
  KLYNGE_ASSIGN_OR_RETURN(const timetable::Problem problem,
                          MakeProblem(model, record, request.rules()));
  const std::vector<const v1::Session*> sessions = SeminarSessions(record);
  if (sessions.empty()) {
    return FailedPrecondition(v1::ERROR_REASON_TIMETABLE_INFEASIBLE,
                              "no seminar day is planned yet (PlanTimetable)");
  }
  const auto session = std::find_if(sessions.begin(), sessions.end(), [&](const auto* each) {
    return each->session_id() == request.session_id();
  });
  if (session == sessions.end() && !request.session_id().empty()) {
    return NotFound(v1::ERROR_REASON_SESSION_NOT_FOUND,
                    absl::StrCat("no planned seminar session is \"", request.session_id(), "\""),
                    {{"session_id", request.session_id()}});
  }
  const timetable::Timetable timetable = TimetableOf(record);
  const auto explanation = timetable::Explanation::Of(problem, timetable);
  if (explanation == nullptr) return WhyUnexplained(problem, timetable);
  Answer answer(*explanation, sessions, response);
  answer.TellCosts();
  if (session == sessions.end()) return absl::OkStatus();
  const auto event = static_cast<size_t>(session - sessions.begin());
  answer.TellReasons(event);
  if (request.has_place()) answer.TellEffect(event, place);
  if (request.suggestions() > 0) answer.TellSuggestions(event, request.suggestions());
  return absl::OkStatus();
}

}  // namespace klynge::courses
