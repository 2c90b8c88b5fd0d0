#include "services/courses/timetable/engine/moves.h"

#include <algorithm>
#include <cstdlib>

namespace klynge::courses::timetable {
namespace {

// How many periods a series is shifted at most.
constexpr int kFarthestShift = 10;

// Longer chains hardly ever pay.
constexpr size_t kLongestChain = 8;

// One in so many events is offered any venue, also one without seats for it.
constexpr int kAnyVenue = 8;

}  // namespace

Moves::Moves(Board& board)
    : board_(board),
      instance_(board.instance()),
      fixed_(instance_.group_count(), instance_.series_count()),
      in_chain_(instance_.event_count()) {
  bool several_events = false;
  starts_.resize(instance_.event_count());
  roomy_.resize(instance_.event_count());
  for (int e = 0; e < instance_.event_count(); ++e) {
    for (int p = 0; p < instance_.period_count(); ++p) {
      if (instance_.start_open.at(e, p)) starts_[e].push_back(p);
    }
    int heads = instance_.events[e].heads;
    for (int group : instance_.series[instance_.events[e].series].audience) {
      heads += instance_.groups[group].heads;
    }
    for (int v = 0; v < instance_.venue_count(); ++v) {
      if (instance_.venues[v].seats >= heads && instance_.venue_fits.at(e, v)) {
        roomy_[e].push_back(v);
      }
    }
  }
  for (int e = 0; e < instance_.event_count(); ++e) {
    if (instance_.events[e].duration != 1) one_period_each_ = false;
    if (instance_.events[e].lecturers.size() > 1) several_lecturers_.push_back(e);
  }
  for (const Instance::Series& each : instance_.series) several_events |= each.events.size() > 1;
  for (size_t c = 0; c < instance_.choices.size(); ++c) {
    const Instance::Choice& choice = instance_.choices[c];
    if (choice.fixed_event == kNone) open_choices_.push_back(static_cast<int>(c));
    if (choice.fixed_event != kNone) fixed_.Set(choice.group, choice.series);
  }
  there_.reserve(instance_.event_count());
  back_.reserve(instance_.event_count());
  const bool choices = !open_choices_.empty() && several_events;
  const auto share = [&](MoveKind kind, int value) { shares_[static_cast<int>(kind)] = value; };
  share(MoveKind::kSlot, 90);
  share(MoveKind::kKempe, one_period_each_ ? 10 : 0);
  share(MoveKind::kVenue, instance_.venue_count() > 1 ? 1 : 0);
  share(MoveKind::kLecturer, several_lecturers_.empty() ? 0 : 20);
  share(MoveKind::kTransfer, choices ? 40 : 0);
  share(MoveKind::kTrade, choices ? 60 : 0);
  share(MoveKind::kSeries, choices ? 10 : 0);
  for (int each : shares_) share_sum_ += each;
}

bool Moves::Propose(Random& random, Move& move) {
  int draw = random.Below(share_sum_);
  for (int kind = 0; kind < kMoveKinds; ++kind) {
    if (draw < shares_[kind]) return Propose(static_cast<MoveKind>(kind), random, move);
    draw -= shares_[kind];
  }
  return false;
}

bool Moves::Propose(MoveKind kind, Random& random, Move& move) {
  move.Clear();
  switch (kind) {
    case MoveKind::kSlot:
      return Slot(random, move);
    case MoveKind::kKempe:
      return Kempe(random, move);
    case MoveKind::kVenue:
      return Venue(random, move);
    case MoveKind::kLecturer:
      return Lecturer(random, move);
    case MoveKind::kTransfer:
      return TransferGroup(random, move);
    case MoveKind::kTrade:
      return Trade(random, move);
    case MoveKind::kSeries:
      return Series(random, move);
  }
  return false;
}

bool Moves::Fit(int event, Placement& to, int other, Random& random) const {
  if (board_.Fits(event, to, other)) return true;
  const std::vector<int>& able = instance_.events[event].lecturers;
  const int count = static_cast<int>(able.size());
  if (count < 2 || board_.LecturerFree(to.lecturer, event, to.period, other)) return false;
  const int start = random.Below(count);
  for (int i = 0; i < count; ++i) {
    to.lecturer = able[(start + i) % count];
    if (board_.LecturerFree(to.lecturer, event, to.period, other)) {
      return board_.Fits(event, to, other);
    }
  }
  return false;
}

int Moves::DrawVenue(int event, Random& random) const {
  const std::vector<int>& roomy = roomy_[event];
  if (roomy.empty() || random.Below(kAnyVenue) == 0) return random.Below(instance_.venue_count());
  return roomy[random.Below(static_cast<int>(roomy.size()))];
}

bool Moves::Slot(Random& random, Move& move) {
  const int event = random.Below(instance_.event_count());
  Placement to = board_.at(event);
  const Placement from = to;
  to.period = DrawStart(event, random);
  to.venue = DrawVenue(event, random);
  const int there = board_.occupant(to.period, to.venue);
  if (there == event) return false;
  if (there == kNone) {
    if (!Fit(event, to, kNone, random)) return false;
    Shift(move, event, to);
    return true;
  }
  if (there < 0) return false;
  Placement back = board_.at(there);
  if (!one_period_each_) {
    // Of different lengths, or on top of each other, they can't simply change places.
    const int length = instance_.events[event].duration;
    if (instance_.events[there].duration != length) return false;
    to.period = back.period;
    if (to.period != from.period && std::abs(to.period - from.period) < length) return false;
  }
  if (instance_.events[there].series == instance_.events[event].series &&
      instance_.choices.empty() && to.period != from.period) {
    return false;  // nothing would change but names
  }
  back.period = from.period;
  back.venue = from.venue;
  if (!Fit(event, to, there, random) || !Fit(there, back, event, random)) return false;
  if (to.period == back.period && to.lecturer != kNone && to.lecturer == back.lecturer)
    return false;
  Shift(move, event, to);
  Shift(move, there, back);
  return true;
}

bool Moves::Kempe(Random& random, Move& move) {
  const int event = random.Below(instance_.event_count());
  const int from = board_.at(event).period;
  const int to = DrawStart(event, random);
  if (from == to) return false;
  const bool grown = GrowChain(event, from, to);
  bool housed = false;
  if (grown) {
    housed = HouseChain(there_, to, random, move) && HouseChain(back_, from, random, move);
  }
  for (int e : there_) in_chain_[e] = 0;
  for (int e : back_) in_chain_[e] = 0;
  return housed;
}

bool Moves::GrowChain(int first, int from, int to) {
  there_.assign(1, first);
  back_.clear();
  in_chain_[first] = 1;
  const int venues = instance_.venue_count();
  // Looks in `period` for what can't stay beside `event` and has to go to `other`. False: somebody
  // can't come, or what has to go can't.
  const auto drive_out = [&](int event, int period, int other, std::vector<int>& out) {
    const int lecturer = board_.at(event).lecturer;
    if (board_.GroupsFree(event, period) &&
        (lecturer == kNone || board_.LecturerFree(lecturer, event, period))) {
      return true;
    }
    if (board_.Away(event, period)) return false;
    for (int v = 0; v < venues; ++v) {
      const int there = board_.occupant(period, v);
      if (there < 0 || in_chain_[there] || !board_.Clash(event, there)) continue;
      if (!instance_.start_open.at(there, other)) return false;
      in_chain_[there] = 1;
      out.push_back(there);
    }
    return true;
  };
  size_t t = 0, b = 0;
  while (t < there_.size() || b < back_.size()) {
    if (there_.size() + back_.size() > kLongestChain) return false;
    if (t < there_.size()) {
      if (!drive_out(there_[t++], to, from, back_)) return false;
    } else {
      if (!drive_out(back_[b++], from, to, there_)) return false;
    }
  }
  return true;
}

// Gives each event of the chain that goes to `to` a venue there that is free, or that the chain
// frees: its own if possible.
bool Moves::HouseChain(const std::vector<int>& chain, int to, Random& random, Move& move) {
  const int venues = instance_.venue_count();
  const size_t first_shift = move.shifts.size();
  for (int event : chain) {
    Placement place = board_.at(event);
    place.period = to;
    if (!Vacant(to, place.venue, first_shift, move)) {
      const int start = random.Below(venues);
      place.venue = kNone;
      // A free one with seats, else any free one.
      for (int i = 0; i < venues; ++i) {
        const int v = start + i < venues ? start + i : start + i - venues;
        const bool seats = instance_.venues[v].seats >= board_.heads(event);
        if (!seats && place.venue != kNone) continue;
        if (!instance_.venue_fits.at(event, v) || !Vacant(to, v, first_shift, move)) continue;
        place.venue = v;
        if (seats) break;
      }
      if (place.venue == kNone) return false;
    }
    Shift(move, event, place);
  }
  return true;
}

bool Moves::Vacant(int period, int venue, size_t first_shift, const Move& move) const {
  const int there = board_.occupant(period, venue);
  if (there != kNone && (there < 0 || !in_chain_[there])) return false;
  for (size_t i = first_shift; i < move.shifts.size(); ++i) {
    if (move.shifts[i].to.venue == venue) return false;
  }
  return true;
}

bool Moves::Venue(Random& random, Move& move) {
  const int first = random.Below(instance_.event_count());
  const int from = board_.at(first).venue;
  const int to = random.Below(instance_.venue_count());
  if (from == to) return false;
  for (int event : instance_.series[instance_.events[first].series].events) {
    Placement place = board_.at(event);
    if (place.venue != from) continue;
    if (!instance_.venue_fits.at(event, to)) return false;
    const int length = instance_.events[event].duration;
    const int there = board_.occupant(place.period, to);
    for (int p = place.period; p < place.period + length; ++p) {
      if (board_.occupant(p, to) != there) return false;
    }
    if (there != kNone) {
      if (there < 0 || board_.at(there).period != place.period ||
          instance_.events[there].duration != length || !instance_.venue_fits.at(there, from)) {
        return false;
      }
      Placement back = board_.at(there);
      back.venue = from;
      Shift(move, there, back);
    }
    place.venue = to;
    Shift(move, event, place);
  }
  return true;
}

bool Moves::Lecturer(Random& random, Move& move) {
  const int event = several_lecturers_[random.Below(static_cast<int>(several_lecturers_.size()))];
  const std::vector<int>& able = instance_.events[event].lecturers;
  Placement to = board_.at(event);
  to.lecturer = able[random.Below(static_cast<int>(able.size()))];
  if (to.lecturer == board_.at(event).lecturer ||
      !board_.LecturerFree(to.lecturer, event, to.period)) {
    return false;
  }
  Shift(move, event, to);
  return true;
}

bool Moves::TransferGroup(Random& random, Move& move) {
  const int open = open_choices_[random.Below(static_cast<int>(open_choices_.size()))];
  const Instance::Choice& choice = instance_.choices[open];
  const std::vector<int>& events = instance_.series[choice.series].events;
  const int from = board_.event_of(choice.group, choice.series);
  const int to = events[random.Below(static_cast<int>(events.size()))];
  if (to == from || !board_.CanJoin(choice.group, to, from)) return false;
  move.transfers.push_back({choice.group, from, to});
  return true;
}

bool Moves::Trade(Random& random, Move& move) {
  const int count = static_cast<int>(open_choices_.size());
  const Instance::Choice& a = instance_.choices[open_choices_[random.Below(count)]];
  const int from = board_.event_of(a.group, a.series);
  const std::vector<int>& events = instance_.series[a.series].events;
  const int to = events[random.Below(static_cast<int>(events.size()))];
  if (to == from || board_.members(to).empty()) return false;
  const int other = board_.members(to)[random.Below(static_cast<int>(board_.members(to).size()))];
  if (fixed_.at(other, a.series) || !board_.CanJoin(a.group, to, from) ||
      !board_.CanJoin(other, from, to)) {
    return false;
  }
  move.transfers.push_back({a.group, from, to});
  move.transfers.push_back({other, to, from});
  return true;
}

bool Moves::Series(Random& random, Move& move) {
  const int first = random.Below(instance_.series_count());
  const int last = random.Below(2) == 0 ? first : instance_.series_count() - 1;
  const int far = random.Below(2 * kFarthestShift + 1) - kFarthestShift;
  if (far == 0) return false;
  for (int s = first; s <= last; ++s) {
    for (int event : instance_.series[s].events) {
      Placement to = board_.at(event);
      to.period = std::clamp(to.period + far, 0, instance_.period_count() - 1);
      // What cannot go that far stays.
      if (to.period != board_.at(event).period && instance_.start_open.at(event, to.period)) {
        Shift(move, event, to);
      }
    }
  }
  if (move.shifts.empty()) return false;
  // Tried on the board itself, since the events get out of each other's way, and taken back.
  for (const Move::Shift& each : move.shifts) {
    board_.Vacate(each.event);
    board_.set_at(each.event, {});
  }
  size_t placed = 0;
  for (Move::Shift& each : move.shifts) {
    const std::vector<int>& able = instance_.events[each.event].lecturers;
    bool staffed =
        able.empty() || board_.LecturerFree(each.to.lecturer, each.event, each.to.period);
    for (size_t i = 0; i < able.size() && !staffed; ++i) {
      each.to.lecturer = able[i];
      staffed = board_.LecturerFree(able[i], each.event, each.to.period);
    }
    if (!staffed || !board_.Fits(each.event, each.to)) break;
    board_.Occupy(each.event, each.to);
    ++placed;
  }
  for (size_t i = 0; i < placed; ++i) board_.Vacate(move.shifts[i].event);
  for (const Move::Shift& each : move.shifts) board_.Occupy(each.event, each.from);
  return placed == move.shifts.size();
}

}  // namespace klynge::courses::timetable
