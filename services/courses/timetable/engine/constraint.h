// A rule that is counted. It keeps what it must know to tell what a change makes of its count,
// touching only what the change concerns, and can count anew from nothing, to be checked against.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_CONSTRAINT_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_CONSTRAINT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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

// A constraint that counts for each group by itself: an event's coming is that of its groups.
// `Made` derives from this; that it is named spares the inner loop a virtual call for each group.
template <class Made>
class GroupConstraint : public Constraint {
 public:
  using Constraint::Constraint;
  int Add(const Board& board, int event) final {
    int change = 0;
    for (int group : board.members(event)) change += made().Made::Join(board, group, event);
    return change;
  }
  int Remove(const Board& board, int event) final {
    int change = 0;
    for (int group : board.members(event)) change += made().Made::Leave(board, group, event);
    return change;
  }
  int Join(const Board& board, int group, int event) override = 0;
  int Leave(const Board& board, int group, int event) override = 0;

 private:
  Made& made() { return static_cast<Made&>(*this); }
};

// Counts, row by row, the columns that are used beyond the first: the venues of a series, say.
class BeyondFirst {
 public:
  BeyondFirst(int rows, int columns)
      : columns_(columns), uses_(static_cast<size_t>(rows) * columns), used_(rows) {}
  // What one use more, or one less, adds to the count.
  int More(int row, int column) {
    if (uses_[static_cast<size_t>(row) * columns_ + column]++ > 0) return 0;
    return used_[row]++ > 0 ? 1 : 0;
  }
  int Less(int row, int column) {
    if (--uses_[static_cast<size_t>(row) * columns_ + column] > 0) return 0;
    return --used_[row] > 0 ? -1 : 0;
  }

 private:
  const int columns_;
  std::vector<int> uses_;  // [row][column]
  std::vector<int> used_;  // [row]
};

// Tells of each series the events with which another venue, or lecturer (`use_of` an event; kNone:
// nothing), comes to its first.
template <class UseOf>
void TellBeyondFirst(const Board& board, const UseOf& use_of,
                     const std::function<void(const Match&)>& tell) {
  for (const Instance::Series& series : board.instance().series) {
    std::vector<int> seen;
    for (int event : series.events) {
      const int use = use_of(event);
      if (use == kNone || std::find(seen.begin(), seen.end(), use) != seen.end()) continue;
      if (!seen.empty()) tell({1, event, kNone});
      seen.push_back(use);
    }
  }
}

// A rule that a constraint of this class counts, made with `arguments`.
template <class Made, class... Arguments>
Rule MakeRule(std::string name, bool hard, int weight, const Arguments&... arguments) {
  return {std::move(name), hard, weight, [arguments...](const Instance& instance) {
            return std::make_unique<Made>(instance, arguments...);
          }};
}

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_CONSTRAINT_H_
