// Sentences on what rules count and on what is in the way, for operators.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_REASON_SENTENCES_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_REASON_SENTENCES_H_

#include <string>

#include "services/courses/timetable/compiled_problem.h"
#include "services/courses/timetable/engine/explain.h"
#include "services/courses/timetable/model.h"
#include "services/courses/timetable/planner.h"

namespace klynge::courses::timetable {

class ReasonSentences {
 public:
  // All must outlive this; sentences are on the board as it is when they are asked for.
  ReasonSentences(const Problem& problem, const CompiledProblem& compiled, const Model& model,
                  const Board& board)
      : problem_(problem), compiled_(compiled), model_(model), board_(board) {}

  // On what the rule counts.
  std::string Of(const Reason& reason) const;
  // On what is in the way of the event at `to`.
  Obstacle Of(const Obstruction& obstruction, int event, const Placement& to) const;

 private:
  std::string OnDays(const Match& match, bool holidays) const;
  std::string OnGap(const Match& match, bool hard) const;
  std::string OnTravel(const Match& match) const;
  std::string OnWorkload(const Match& match) const;
  std::string OnPublished(const Match& match) const;
  Obstacle OnStart(int event, int period) const;
  Obstacle OnVenue(int event, const Placement& to) const;
  Obstacle OnLecturer(int event, const Placement& to) const;

  const Series& SeriesOf(int event) const {
    return problem_.series[model_.instance.events[event].series];
  }
  std::string Day(int period) const;
  std::string Name(int event) const;  // "the event of series 'x' on 2022-09-06"
  std::string TeamName(int group) const;
  std::string VenueName(int event) const;
  std::string LecturerName(int event) const;

  const Problem& problem_;
  const CompiledProblem& compiled_;
  const Model& model_;
  const Board& board_;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_REASON_SENTENCES_H_
