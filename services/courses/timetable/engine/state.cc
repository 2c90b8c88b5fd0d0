#include "services/courses/timetable/engine/state.h"

namespace klynge::courses::timetable {
namespace {

unsigned ChangedParts(const Placement& a, const Placement& b) {
  return (a.period != b.period) * kPeriod | (a.venue != b.venue) * kVenue |
         (a.lecturer != b.lecturer) * kLecturer;
}

}  // namespace

State::State(const Model& model, const Solution& solution)
    : model_(model), board_(model.instance), counts_(model.rules.size()) {
  for (size_t r = 0; r < model.rules.size(); ++r) {
    constraints_.push_back(model.rules[r].make(model.instance));
    counts_[r] = constraints_[r]->Initial();
    for (unsigned parts = 1; parts < watching_.size(); ++parts) {
      if (constraints_[r]->parts() & parts) watching_[parts].push_back(static_cast<int>(r));
    }
  }
  prices_.resize(model.rules.size());
  for (size_t c = 0; c < solution.choices.size(); ++c) {
    board_.Join(model.instance.choices[c].group, solution.choices[c]);
  }
  for (int e = 0; e < model.instance.event_count(); ++e) {
    Place(e, solution.placements[e], kPeriod | kVenue | kLecturer | kTeams);
  }
  set_penalty(1);
}

void State::set_penalty(int penalty) {
  penalty_ = penalty;
  price_ = 0;
  for (size_t r = 0; r < prices_.size(); ++r) {
    const Rule& rule = model_.rules[r];
    prices_[r] = int64_t{rule.weight} * (rule.hard ? penalty : 1);
    price_ += counts_[r] * prices_[r];
  }
  Sum();
}

void State::Sum() {
  broken_ = 0;
  for (size_t r = 0; r < counts_.size(); ++r) {
    if (model_.rules[r].hard) broken_ += counts_[r] * model_.rules[r].weight;
  }
  cost_ = price_ - broken_ * penalty_;
}

void State::Lift(int event, unsigned parts) {
  for (int rule : watching_[parts]) Count(rule, constraints_[rule]->Remove(board_, event));
  const Placement at = board_.at(event);
  board_.Vacate(event);
  board_.set_at(event, {parts & kPeriod ? kNone : at.period, parts & kVenue ? kNone : at.venue,
                        parts & kLecturer ? kNone : at.lecturer});
}

void State::Place(int event, const Placement& to, unsigned parts) {
  board_.Occupy(event, to);
  for (int rule : watching_[parts]) Count(rule, constraints_[rule]->Add(board_, event));
}

void State::Transfer(int group, int from, int to) {
  for (int rule : watching_[kTeams]) Count(rule, constraints_[rule]->Leave(board_, group, from));
  board_.Leave(group, from);
  board_.Join(group, to);
  for (int rule : watching_[kTeams]) Count(rule, constraints_[rule]->Join(board_, group, to));
}

int64_t State::Apply(const Move& move) {
  const int64_t before = price_;
  for (const Move::Transfer& each : move.transfers) Transfer(each.group, each.from, each.to);
  for (const Move::Shift& each : move.shifts) Lift(each.event, ChangedParts(each.from, each.to));
  for (const Move::Shift& each : move.shifts) {
    Place(each.event, each.to, ChangedParts(each.from, each.to));
  }
  Sum();
  return price_ - before;
}

void State::Revert(const Move& move) {
  for (const Move::Shift& each : move.shifts) Lift(each.event, ChangedParts(each.from, each.to));
  for (const Move::Shift& each : move.shifts) {
    Place(each.event, each.from, ChangedParts(each.from, each.to));
  }
  for (size_t t = move.transfers.size(); t-- > 0;) {
    const Move::Transfer& each = move.transfers[t];
    Transfer(each.group, each.to, each.from);
  }
  Sum();
}

std::vector<int64_t> State::PriceVenues(const std::vector<int>& events) {
  const int venues = instance().venue_count();
  std::vector<Placement> before;
  for (int event : events) before.push_back(board_.at(event));
  for (int event : events) Lift(event, kVenue);
  std::vector<int64_t> prices(events.size() * venues, -1);
  for (size_t i = 0; i < events.size(); ++i) {
    Placement to = before[i];
    for (to.venue = 0; to.venue < venues; ++to.venue) {
      if (!board_.Fits(events[i], to)) continue;
      const int64_t without = price_;
      Place(events[i], to, kVenue);
      prices[i * venues + to.venue] = price_ - without;
      Lift(events[i], kVenue);
    }
  }
  for (size_t i = 0; i < events.size(); ++i) Place(events[i], before[i], kVenue);
  Sum();
  return prices;
}

void State::Save(Solution& solution) const {
  const Instance& in = instance();
  solution.placements.resize(in.event_count());
  for (int e = 0; e < in.event_count(); ++e) solution.placements[e] = board_.at(e);
  solution.choices.resize(in.choices.size());
  for (size_t c = 0; c < in.choices.size(); ++c) {
    solution.choices[c] = board_.event_of(in.choices[c].group, in.choices[c].series);
  }
}

int64_t State::Recount(int rule) const {
  int64_t count = 0;
  constraints_[rule]->Explain(board_, [&](const Match& match) { count += match.count; });
  return count;
}

}  // namespace klynge::courses::timetable
