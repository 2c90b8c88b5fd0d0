// Constraints on when events are.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_TIME_CONSTRAINTS_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_TIME_CONSTRAINTS_H_

#include <cstdint>
#include <vector>

#include "services/courses/timetable/engine/constraint.h"

namespace klynge::courses::timetable {

// Counts the days that each series misses of the number it is to be spread over.
class MinimumDays : public Constraint {
 public:
  // `wanted` is by series. An event counts on the day on which it begins.
  MinimumDays(const Instance& instance, std::vector<int> wanted);
  int64_t Initial() const override;
  int Add(const Board& board, int event) override;
  int Remove(const Board& board, int event) override;
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;

 private:
  const int days_;
  const std::vector<int> wanted_;
  std::vector<int> events_on_;  // [series][day]
  std::vector<int> used_;       // [series]
};

// Counts periods of a group that stand alone: it has nothing just before or after on that day.
class Compactness : public GroupConstraint<Compactness> {
 public:
  explicit Compactness(const Instance& instance);
  int Join(const Board& board, int group, int event) override { return Flip(board, group, event); }
  int Leave(const Board& board, int group, int event) override { return Flip(board, group, event); }
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;

 private:
  // Takes the slots of the event, or gives them free.
  int Flip(const Board& board, int group, int event);

  const int days_;
  std::vector<uint64_t> slots_;  // [group][day], a bit for each period of the day that is taken
};

// Counts what each period in which something takes place is set to cost.
class Preference : public Constraint {
 public:
  Preference(const Instance&, std::vector<int> cost)
      : Constraint(kPeriod), cost_(std::move(cost)) {}
  int Add(const Board& board, int event) override;
  int Remove(const Board& board, int event) override { return -Add(board, event); }
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;

 private:
  const std::vector<int> cost_;  // [period]
};

// Prices the days from a group's event of one series to its event of the next, for groups that
// attend by choice.
class Gap : public GroupConstraint<Gap> {
 public:
  // `price` is by days from the last day of the one to the first of the other, offset by `span`
  // (so `price[span + days]`; negative: the wrong way round), where `span` is at least the days
  // between the first and the last day there is.
  Gap(const Instance& instance, std::vector<int> price, int span);
  int Join(const Board& board, int group, int event) override;
  int Leave(const Board& board, int group, int event) override {
    return -Join(board, group, event);
  }
  void Explain(const Board& board, const std::function<void(const Match&)>& tell) const override;

 private:
  // Of the gap from the event of `series` to that of the next.
  int After(const Board& board, int group, int series) const;

  const std::vector<int> price_;
  const int span_;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_TIME_CONSTRAINTS_H_
