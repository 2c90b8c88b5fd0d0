// Constraints on whom events take away, how often, and who holds them.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_PEOPLE_CONSTRAINTS_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_PEOPLE_CONSTRAINTS_H_

#include <vector>

#include "services/courses/timetable/engine/constraint.h"

namespace klynge::courses::timetable {

// Sets of groups of which only so much may be away on one day: the teams of an area, or the leaders
// of a cluster.
struct CoverSets {
  std::vector<int> set_of;   // [group], or kNone
  std::vector<int> weight;   // [group]: what it counts, 1 or its heads
  std::vector<int> allowed;  // [set]: how much of that weight may be away
  bool one_may_go = false;   // a single group, whatever its weight
};

// Counts what is away beyond what is allowed, by set and day.
class Coverage : public GroupConstraint<Coverage> {
 public:
  Coverage(const Instance& instance, CoverSets sets);
  int Join(const Board& board, int group, int event) override {
    return Change(board, group, event, 1);
  }
  int Leave(const Board& board, int group, int event) override {
    return Change(board, group, event, -1);
  }
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;

 private:
  struct Away {
    int groups = 0;
    int weight = 0;
  };
  int Excess(int set, const Away& away) const;
  int Change(const Board& board, int group, int event, int sign);

  const CoverSets sets_;
  const int days_;
  std::vector<Away> away_;  // [set][day]
};

// Counts events that nobody attends.
class Attended : public Constraint {
 public:
  explicit Attended(const Instance&) : Constraint(kTeams) {}
  int Add(const Board& board, int event) override { return board.members(event).empty() ? 1 : 0; }
  int Remove(const Board& board, int event) override { return -Add(board, event); }
  int Join(const Board& board, int, int event) override {
    return board.members(event).size() == 1 ? -1 : 0;
  }
  int Leave(const Board& board, int group, int event) override {
    return -Join(board, group, event);
  }
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;
};

// Spans of time in which someone may be busy in `limit` periods at most: days, or months.
struct Spans {
  std::vector<int> span_of;  // [period]
  int count = 0;
  int limit = 0;
};

// Counts periods that a lecturer has too many.
class LecturerWorkload : public Constraint {
 public:
  LecturerWorkload(const Instance& instance, Spans spans);
  int Add(const Board& board, int event) override { return Change(board, event, 1); }
  int Remove(const Board& board, int event) override { return Change(board, event, -1); }
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;

 private:
  int Change(const Board& board, int event, int sign);

  const Spans spans_;
  std::vector<int> busy_;  // [lecturer][span]
};

// Counts periods that a group has too many.
class GroupWorkload : public GroupConstraint<GroupWorkload> {
 public:
  GroupWorkload(const Instance& instance, Spans spans);
  int Join(const Board& board, int group, int event) override {
    return Change(board, group, event, 1);
  }
  int Leave(const Board& board, int group, int event) override {
    return Change(board, group, event, -1);
  }
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;

 private:
  int Change(const Board& board, int group, int event, int sign);

  const Spans spans_;
  std::vector<int> busy_;  // [group][span]
};

// Counts the lecturers of each series beyond its first.
class SeriesLecturers : public Constraint {
 public:
  explicit SeriesLecturers(const Instance& instance);
  int Add(const Board& board, int event) override;
  int Remove(const Board& board, int event) override;
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;

 private:
  BeyondFirst lecturers_;
};

// What was published, for a timetable that should stay as it was.
struct Published {
  std::vector<Placement> placements;  // [event]; parts that are kNone were not published
  // [choice], the event that the group attends; kNone: not published.
  std::vector<int> choices;
  // An event that is elsewhere is one change, however many of its parts are; else one for each.
  bool by_event = false;
  int allowed = 0;  // so many changes count nothing
};

// Counts changes of what was published.
class Changes : public Constraint {
 public:
  Changes(const Instance& instance, Published published);
  int Add(const Board& board, int event) override;
  int Remove(const Board& board, int event) override;
  int Join(const Board& board, int group, int event) override;
  int Leave(const Board& board, int group, int event) override;
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;

 private:
  int OfEvent(const Board& board, int event) const;
  int OfGroup(const Board& board, int group, int event) const;
  int Change(int changes);

  const Published published_;
  std::vector<int> event_of_;  // [group][series], as published
  int changes_ = 0;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_PEOPLE_CONSTRAINTS_H_
