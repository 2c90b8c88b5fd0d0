// Constraints on where events are.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_VENUE_CONSTRAINTS_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_VENUE_CONSTRAINTS_H_

#include <vector>

#include "services/courses/timetable/engine/constraint.h"

namespace klynge::courses::timetable {

// Counts persons without a seat.
class Capacity : public Constraint {
 public:
  explicit Capacity(const Instance&) : Constraint(kVenue | kTeams) {}
  int Add(const Board& board, int event) override { return Missing(board, event); }
  int Remove(const Board& board, int event) override { return -Missing(board, event); }
  int Join(const Board& board, int group, int event) override;
  int Leave(const Board& board, int group, int event) override {
    return -Join(board, group, event);
  }
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;

 private:
  static int Missing(const Board& board, int event);
};

// Counts the venues of each series beyond its first.
class SeriesVenues : public Constraint {
 public:
  explicit SeriesVenues(const Instance& instance);
  int Add(const Board& board, int event) override;
  int Remove(const Board& board, int event) override;
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;

 private:
  BeyondFirst venues_;
};

// Counts the venues that each group has to find, beyond its first.
class GroupVenues : public GroupConstraint<GroupVenues> {
 public:
  explicit GroupVenues(const Instance& instance);
  int Join(const Board& board, int group, int event) override;
  int Leave(const Board& board, int group, int event) override;
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;

 private:
  BeyondFirst venues_;
};

// Counts groups at a venue outside their area, once for each event.
class Travel : public GroupConstraint<Travel> {
 public:
  explicit Travel(const Instance&) : GroupConstraint(kVenue | kTeams) {}
  int Join(const Board& board, int group, int event) override;
  int Leave(const Board& board, int group, int event) override {
    return -Join(board, group, event);
  }
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_VENUE_CONSTRAINTS_H_
