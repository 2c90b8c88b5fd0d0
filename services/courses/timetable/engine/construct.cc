#include "services/courses/timetable/engine/construct.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace klynge::courses::timetable {
namespace {

// A price of a place beside what has to go from it: each earlier try of the same event.
constexpr int kPriceOfTry = 3;
constexpr int kPriceOfEviction = 10;
constexpr int kPriceOfMissingSeats = 1;

class Construction {
 public:
  Construction(const Instance& instance, Random& random)
      : instance_(instance),
        random_(random),
        board_(instance),
        tries_(static_cast<size_t>(instance.event_count()) * instance.period_count()) {}

  Board& board() { return board_; }
  bool waiting() const { return !waiting_.empty(); }
  // How many events are nowhere.
  size_t left_out() const { return waiting_.size() + homeless_.size(); }

  void Deal(Solution& solution);
  void PlaceOrWait(int event, const Placement& place);
  // Places one of the waiting events, or finds that there is no place it could ever have.
  void PlaceNext();

 private:
  // What is in the way of the event there, in `in_the_way_`; false: something that can't go.
  bool FindObstacles(int event, const Placement& to);
  void Evict(int event);

  const Instance& instance_;
  Random& random_;
  Board board_;
  std::vector<int> tries_;  // [event][period]
  std::vector<int> waiting_;
  std::vector<int> homeless_;
  std::vector<int> in_the_way_;
};

void Construction::Deal(Solution& solution) {
  solution.choices.resize(instance_.choices.size(), kNone);
  std::vector<int> dealt(instance_.event_count());
  for (size_t c = 0; c < instance_.choices.size(); ++c) {
    const Instance::Choice& choice = instance_.choices[c];
    int& event = solution.choices[c];
    if (choice.fixed_event != kNone) event = choice.fixed_event;
    if (event != kNone) dealt[event] += instance_.groups[choice.group].heads;
  }
  std::vector<int> order(instance_.choices.size());
  for (size_t i = 0; i < order.size(); ++i) {
    order[i] = static_cast<int>(i);
    std::swap(order[i], order[random_.Below(static_cast<int>(i) + 1)]);
  }
  for (int c : order) {
    const Instance::Choice& choice = instance_.choices[c];
    int& event = solution.choices[c];
    if (event == kNone) {
      for (int e : instance_.series[choice.series].events) {
        if (event == kNone || dealt[e] < dealt[event]) event = e;
      }
      dealt[event] += instance_.groups[choice.group].heads;
    }
  }
  for (size_t c = 0; c < order.size(); ++c) {
    board_.Join(instance_.choices[c].group, solution.choices[c]);
  }
}

void Construction::PlaceOrWait(int event, const Placement& place) {
  const std::vector<int>& able = instance_.events[event].lecturers;
  const bool staffed = able.empty()
                           ? place.lecturer == kNone
                           : std::find(able.begin(), able.end(), place.lecturer) != able.end();
  if (place.period != kNone && place.venue != kNone && staffed && board_.Fits(event, place)) {
    board_.Occupy(event, place);
  } else {
    waiting_.push_back(event);
  }
}

bool Construction::FindObstacles(int event, const Placement& to) {
  in_the_way_.clear();
  for (int p = to.period; p < to.period + instance_.events[event].duration; ++p) {
    const int there = board_.occupant(p, to.venue);
    if (there < kNone) return false;
    if (there != kNone) in_the_way_.push_back(there);
    for (int v = 0; v < instance_.venue_count(); ++v) {
      const int other = board_.occupant(p, v);
      if (other < 0 || other == there) continue;
      if (board_.Clash(event, other) ||
          (to.lecturer != kNone && board_.at(other).lecturer == to.lecturer)) {
        in_the_way_.push_back(other);
      }
    }
  }
  std::sort(in_the_way_.begin(), in_the_way_.end());
  in_the_way_.erase(std::unique(in_the_way_.begin(), in_the_way_.end()), in_the_way_.end());
  return true;
}

void Construction::Evict(int event) {
  board_.Vacate(event);
  board_.set_at(event, {});
  waiting_.push_back(event);
}

void Construction::PlaceNext() {
  const int count = static_cast<int>(waiting_.size());
  std::swap(waiting_[random_.Below(count)], waiting_.back());
  const int event = waiting_.back();
  waiting_.pop_back();
  const std::vector<int>& able = instance_.events[event].lecturers;
  Placement best;
  int64_t best_price = std::numeric_limits<int64_t>::max();
  int alike = 0;
  for (int p = 0; p < instance_.period_count(); ++p) {
    if (!instance_.start_open.at(event, p)) continue;
    for (int v = 0; v < instance_.venue_count(); ++v) {
      if (!instance_.venue_fits.at(event, v)) continue;
      for (size_t l = 0; l < std::max<size_t>(able.size(), 1); ++l) {
        const Placement to{p, v, able.empty() ? kNone : able[l]};
        if (!FindObstacles(event, to)) continue;
        // Somebody is away: nobody to be driven out.
        if (in_the_way_.empty() && !board_.Fits(event, to)) continue;
        const bool seats = board_.heads(event) <= instance_.venues[v].seats;
        const int64_t price = int64_t{kPriceOfTry} * tries_[event * instance_.period_count() + p] +
                              kPriceOfEviction * static_cast<int64_t>(in_the_way_.size()) +
                              (seats ? 0 : kPriceOfMissingSeats);
        if (price < best_price) alike = 0;
        if (price <= best_price && random_.Below(++alike) == 0) best = to;
        best_price = std::min(best_price, price);
      }
    }
  }
  if (best.period == kNone) {
    homeless_.push_back(event);
    return;
  }
  ++tries_[event * instance_.period_count() + best.period];
  FindObstacles(event, best);
  const std::vector<int> out = in_the_way_;
  for (int each : out) Evict(each);
  if (board_.Fits(event, best)) {
    board_.Occupy(event, best);
  } else {
    waiting_.push_back(event);  // someone of the others is away as well
  }
}

}  // namespace

bool Complete(const Instance& instance, Random& random, const std::function<bool()>& step,
              Solution& solution) {
  Construction construction(instance, random);
  construction.Deal(solution);
  solution.placements.resize(instance.event_count());
  for (int e = 0; e < instance.event_count(); ++e) {
    construction.PlaceOrWait(e, solution.placements[e]);
  }
  // Where not everything has a place, the most that had one are kept.
  size_t fewest = std::numeric_limits<size_t>::max();
  for (bool going = true; going;) {
    if (construction.left_out() < fewest) {
      fewest = construction.left_out();
      for (int e = 0; e < instance.event_count(); ++e) {
        solution.placements[e] = construction.board().at(e);
      }
    }
    going = construction.waiting() && step();
    if (going) construction.PlaceNext();
  }
  return fewest == 0;
}

}  // namespace klynge::courses::timetable
