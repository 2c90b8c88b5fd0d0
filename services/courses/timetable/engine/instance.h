// What there is to timetable, as the engine reads it: everything by index, built once, never
// changed while it is searched. Rules that cost or are counted are in Model::rules; what no
// timetable may ever break is in the tables here, so that a search cannot even propose it.
//
// A published benchmark (ctt/) and the municipality's programme (municipal.h) are both built into
// this one shape.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_INSTANCE_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_INSTANCE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace klynge::courses::timetable {

constexpr int kNone = -1;  // no index

// Rows of bits.
class BitTable {
 public:
  BitTable() = default;
  BitTable(int rows, int columns, bool value = false)
      : words_((columns + 63) / 64),
        bits_(static_cast<size_t>(rows) * words_, value ? ~uint64_t{0} : 0) {}

  bool at(int row, int column) const { return Row(row)[column / 64] >> (column % 64) & 1; }
  void Set(int row, int column, bool value = true) {
    const uint64_t bit = uint64_t{1} << (column % 64);
    uint64_t& word = bits_[static_cast<size_t>(row) * words_ + column / 64];
    word = value ? word | bit : word & ~bit;
  }
  // Also of a table without columns.
  uint64_t* Row(int row) { return bits_.data() + static_cast<size_t>(row) * words_; }
  const uint64_t* Row(int row) const { return bits_.data() + static_cast<size_t>(row) * words_; }
  int words() const { return words_; }

 private:
  int words_ = 0;
  std::vector<uint64_t> bits_;
};

struct Instance {
  struct Venue {
    int seats = 0;
    int area = kNone;
  };
  // People who are together: a leadership team, or the students of a curriculum. In one place at a
  // time.
  struct Group {
    int heads = 0;
    int area = kNone;
  };
  struct Event {
    int series = 0;
    int duration = 1;            // periods, one after the other
    int heads = 0;               // beside those of the groups that attend
    std::vector<int> lecturers;  // who can hold it; empty: it needs nobody
  };
  struct Series {
    std::vector<int> events;
    std::vector<int> audience;  // groups that attend every event of it
  };
  // A group that attends one event of a series, which one the search decides.
  struct Choice {
    int group = 0;
    int series = 0;
    int fixed_event = kNone;  // the decision, if it is made already
  };

  int period_count() const { return static_cast<int>(day_of.size()); }
  int day_count() const { return static_cast<int>(day_number.size()); }
  int venue_count() const { return static_cast<int>(venues.size()); }
  int group_count() const { return static_cast<int>(groups.size()); }
  int series_count() const { return static_cast<int>(series.size()); }
  int event_count() const { return static_cast<int>(events.size()); }

  // Periods in the order of time, and the days they belong to.
  std::vector<int> day_of;      // [period]
  std::vector<int> slot_of;     // [period], within its day, from 0, below 64
  std::vector<int> day_number;  // [day], days since some first day: gaps are counted in these

  std::vector<Venue> venues;
  std::vector<Group> groups;
  int lecturer_count = 0;
  std::vector<Series> series;
  std::vector<Event> events;
  std::vector<Choice> choices;

  // What is possible at all: closed days, absences, pins, required features, and that an event
  // ends on the day it must.
  BitTable start_open;     // [event][period]: the event may begin
  BitTable venue_fits;     // [event][venue]
  BitTable venue_open;     // [venue][period]
  BitTable lecturer_open;  // [lecturer][period]
  BitTable group_open;     // [group][period]
};

class Constraint;

// A rule that is counted: hard, when a timetable that breaks it is none; else it costs `weight` for
// each unit that it counts.
struct Rule {
  std::string name;
  bool hard = false;
  int weight = 1;
  std::function<std::unique_ptr<Constraint>(const Instance&)> make;
};

struct Model {
  Instance instance;
  std::vector<Rule> rules;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_ENGINE_INSTANCE_H_
