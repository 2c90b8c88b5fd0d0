// A rule that is counted. It keeps what it must know to tell what a change makes of its count,
// touching only what the change concerns, and can count anew from nothing, to be checked against.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_CONSTRAINT_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_CONSTRAINT_H_

#include <cstdint>
#include <functional>

#include "services/courses/timetable/engine/board.h"

namespace klynge::courses::timetable {

// Parts of a timetable that a move may change; a constraint hears only of those it depends on.
enum Part : unsigned {
  kPeriod = 1,
  kVenue = 2,
  kLecturer = 4,
  kTeams = 8,  // which groups attend which event
};

// A place where a rule counts something: `count` units at an event, a group, or both (else kNone).
struct Match {
  int count = 0;
  int event = kNone;
  int group = kNone;
};

// Made for a board on which nothing is placed.
class Constraint {
 public:
  explicit Constraint(unsigned parts) : parts_(parts) {}
  virtual ~Constraint() = default;

  unsigned parts() const { return parts_; }

  // The count while nothing is placed.
  virtual int64_t Initial() const { return 0; }
  // The event stands on the board now, or is about to be taken off: what that adds to the count.
  virtual int Add(const Board& board, int event) = 0;
  virtual int Remove(const Board& board, int event) = 0;
  // The group attends the event (which stands on the board) now, or is about to leave it. Only for
  // constraints with kTeams.
  virtual int Join(const Board&, int /*group*/, int /*event*/) { return 0; }
  virtual int Leave(const Board&, int /*group*/, int /*event*/) { return 0; }

  // Tells every place where something is counted, worked out anew from a board on which everything
  // is placed. The sum of their counts is what Initial, Add and the others have added up to.
  virtual void Explain(const Board& board, const std::function<void(const Match&)>& tell) const = 0;

 private:
  const unsigned parts_;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_CONSTRAINT_H_
