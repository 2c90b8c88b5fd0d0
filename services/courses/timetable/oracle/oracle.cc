#include "services/courses/timetable/oracle/oracle.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <gecode/int.hh>
#include <gecode/minimodel.hh>
#include <gecode/search.hh>
#include <map>
#include <memory>

#include "services/courses/timetable/oracle/places.h"
#include "services/courses/timetable/problem_index.h"

namespace klynge::courses::timetable {
namespace {

using Gecode::BoolVar;
using Gecode::BoolVarArgs;
using Gecode::expr;
using Gecode::IntArgs;
using Gecode::IntSet;
using Gecode::IntVar;
using Gecode::IntVarArgs;

// What does not change while the solver searches.
struct Given {
  explicit Given(const Problem& of)
      : problem(of), last_day(static_cast<int>(of.until - of.from)), teams(Size(of.teams)) {
    for (const Series& series : of.series) {
      places.push_back(PlacesOf(of, series));
      first_slot.push_back(slots);
      held_at_most.push_back(series.events > 0 ? series.events : teams);
      slots += held_at_most.back();
    }
  }

  template <class Items>
  static int Size(const Items& items) {
    return static_cast<int>(items.size());
  }
  int series_count() const { return Size(problem.series); }

  const Problem& problem;
  const int last_day;
  const int teams;
  std::vector<std::vector<Place>> places;  // by series
  // A series has as many slots as it can have events; a slot may stay empty where the number of
  // events is free.
  std::vector<int> held_at_most;
  std::vector<int> first_slot;
  int slots = 0;
};

class Programme : public Gecode::IntMinimizeSpace {
 public:
  Programme(const Given& given, bool priced)
      : given_(given),
        problem_(given.problem),
        place_(*this, given.slots),
        attends_(*this, given.series_count() * given.teams),
        cost_(*this, 0, Gecode::Int::Limits::max / 4) {
    for (int s = 0; s < given_.series_count(); ++s) {
      MakeSlots(s);
      MakeAttendance(s);
    }
    for (int s = 0; s < given_.series_count(); ++s) Pins(s);
    VenuesAndLecturers();
    Gaps();
    Away();
    Changes();
    if (priced) {
      PriceTeams();
      PriceLecturers();
      cost_terms_ << Expression(changes_, problem_.weights.stay_published);
      IntVar rest(*this, 0, Gecode::Int::Limits::max / 4);
      Gecode::linear(*this, cost_terms_, Gecode::IRT_EQ, rest);
      Gecode::rel(*this, cost_ == rest);
    } else {
      Gecode::rel(*this, cost_ == 0);
    }
    Branch();
  }

  Programme(Programme& other)
      : IntMinimizeSpace(other), given_(other.given_), problem_(other.problem_) {
    place_.update(*this, other.place_);
    attends_.update(*this, other.attends_);
    cost_.update(*this, other.cost_);
  }

  Gecode::Space* copy() override { return new Programme(*this); }
  IntVar cost() const override { return cost_; }

  // Of a solution.
  Timetable ToTimetable() const {
    Timetable timetable;
    for (int s = 0; s < given_.series_count(); ++s) {
      for (int k = 0; k < given_.held_at_most[s]; ++k) {
        if (Slot(s, k).val() == 0) continue;
        const Place& place = given_.places[s][Slot(s, k).val()];
        Event event{problem_.series[s].id,
                    problem_.from + place.day,
                    problem_.venues[place.venue].id,
                    problem_.lecturers[place.lecturer].id,
                    {}};
        for (int t = 0; t < given_.teams; ++t) {
          if (Attends(s, t).val() == k) event.team_ids.push_back(problem_.teams[t].id);
        }
        timetable.events.push_back(std::move(event));
      }
    }
    return timetable;
  }

 private:
  const IntVar& Slot(int s, int k) const { return place_[given_.first_slot[s] + k]; }
  const IntVar& Attends(int s, int t) const { return attends_[s * given_.teams + t]; }

  IntVarArgs SlotsOf(int s) const {
    IntVarArgs slots;
    for (int k = 0; k < given_.held_at_most[s]; ++k) slots << Slot(s, k);
    return slots;
  }

  // A variable that is `value` of the place that `where` is.
  IntVar OfPlace(int s, const IntVar& where, const std::function<int(const Place&)>& value) {
    IntArgs values;
    int most = 0;
    for (const Place& place : given_.places[s]) {
      values << value(place);
      most = std::max(most, value(place));
    }
    IntVar result(*this, 0, most);
    Gecode::element(*this, values, where, result);
    return result;
  }

  // Whether the place that `where` is, is one of those that `holds` is true of.
  BoolVar IsAt(int s, const IntVar& where, const std::function<bool(const Place&)>& holds) {
    std::vector<int> those;
    for (size_t p = 1; p < given_.places[s].size(); ++p) {
      if (holds(given_.places[s][p])) those.push_back(static_cast<int>(p));
    }
    BoolVar result(*this, 0, 1);
    Gecode::dom(*this, where, IntSet(those.data(), static_cast<int>(those.size())), result);
    return result;
  }

  // Whether the event at `where` takes `day`.
  BoolVar Takes(int s, const IntVar& where, int day) {
    const int days = problem_.series[s].days;
    return IsAt(s, where, [=](const Place& p) { return p.day <= day && day < p.day + days; });
  }

  IntVar Expression(const IntVar& variable, int weight) { return expr(*this, variable * weight); }

  void MakeSlots(int s) {
    const bool free = problem_.series[s].events == 0;
    for (int k = 0; k < given_.held_at_most[s]; ++k) {
      IntVar& slot = place_[given_.first_slot[s] + k];
      const int last = static_cast<int>(given_.places[s].size()) - 1;
      if (last == 0 && !free) {
        fail();  // there is no place at all
        slot = IntVar(*this, 0, 0);
        continue;
      }
      slot = IntVar(*this, free ? 0 : 1, last);
      cost_terms_ << OfPlace(s, slot, [](const Place& place) { return place.cost; });
    }
  }

  void MakeAttendance(int s) {
    const int slots = given_.held_at_most[s];
    IntVarArgs attends;
    for (int t = 0; t < given_.teams; ++t) {
      attends_[s * given_.teams + t] = IntVar(*this, 0, slots - 1);
      attends << Attends(s, t);
    }
    // The first team attends slot 0, and each other one a slot in use or the next: slots have no
    // names, so this loses nothing.
    Gecode::rel(*this, Attends(s, 0) == 0);
    Gecode::precede(*this, attends, IntArgs::create(slots, 0));
    IntArgs heads;
    for (const Team& team : problem_.teams) heads << team.heads;
    for (int k = 0; k < slots; ++k) {
      BoolVarArgs here;
      for (int t = 0; t < given_.teams; ++t) here << expr(*this, Attends(s, t) == k);
      BoolVar held(*this, 0, 1);
      Gecode::rel(*this, Gecode::BOT_OR, here, held);
      Gecode::rel(*this, held == (Slot(s, k) != 0));
      const IntVar seats =
          OfPlace(s, Slot(s, k), [this](const Place& p) { return problem_.venues[p.venue].seats; });
      Gecode::linear(*this, heads, here, Gecode::IRT_LQ, seats);
    }
    for (int t = 0; t < given_.teams; ++t) {
      IntVar where(*this, 1, std::max<int>(1, static_cast<int>(given_.places[s].size()) - 1));
      Gecode::element(*this, SlotsOf(s), Attends(s, t), where);
      where_.push_back(where);
      for (Date date : problem_.teams[t].unavailable) {
        const int day = static_cast<int>(date - problem_.from);
        if (day >= 0 && day <= given_.last_day) Gecode::rel(*this, !Takes(s, where, day));
      }
    }
  }

  // The place where team `t` attends series `s`.
  const IntVar& Where(int s, int t) const { return where_[s * given_.teams + t]; }

  void Pins(int s) {
    IntVarArgs pinned;
    for (const Pin& pin : problem_.pins) {
      if (pin.series_id != problem_.series[s].id) continue;
      IntVar slot(*this, 0, given_.held_at_most[s] - 1);
      IntVar where(*this, 1, std::max<int>(1, static_cast<int>(given_.places[s].size()) - 1));
      Gecode::element(*this, SlotsOf(s), slot, where);
      Gecode::rel(*this, IsAt(s, where, [&](const Place& place) {
        return (!pin.date || *pin.date == problem_.from + place.day) &&
               (pin.venue_id.empty() || pin.venue_id == problem_.venues[place.venue].id) &&
               (pin.lecturer_id.empty() ||
                pin.lecturer_id == problem_.lecturers[place.lecturer].id);
      }));
      for (const std::string& team : pin.team_ids) {
        Gecode::rel(*this, Attends(s, IndexOf(problem_.teams, team)) == slot);
      }
      pinned << slot;
    }
    if (pinned.size() == 0) return;
    Gecode::distinct(*this, pinned);
    others_ << pinned;
  }

  // Calls `each` for every slot.
  void ForEachSlot(const std::function<void(int, const IntVar&)>& each) {
    for (int s = 0; s < given_.series_count(); ++s) {
      for (int k = 0; k < given_.held_at_most[s]; ++k) each(s, Slot(s, k));
    }
  }

  // Adds up `days` by calendar month; each sum is at most `limit`, where 0 is no limit.
  IntVarArgs LimitMonths(const std::vector<BoolVar>& days, int limit) {
    std::map<absl::CivilMonth, BoolVarArgs> months;
    for (size_t day = 0; day < days.size(); ++day) {
      months[absl::CivilMonth(problem_.from + static_cast<int>(day))] << days[day];
    }
    IntVarArgs sums;
    for (const auto& [month, taken] : months) {
      IntVar sum(*this, 0, limit == 0 ? taken.size() : limit);
      Gecode::linear(*this, taken, Gecode::IRT_EQ, sum);
      sums << sum;
    }
    return sums;
  }

  // Whether each day is taken, when at most one of the slots that satisfy `mine` may take it.
  std::vector<BoolVar> AtMostOneEachDay(const std::function<bool(const Place&)>& mine) {
    std::vector<BoolVar> days;
    for (int day = 0; day <= given_.last_day; ++day) {
      BoolVarArgs taken;
      ForEachSlot([&](int s, const IntVar& slot) {
        const int length = problem_.series[s].days;
        taken << IsAt(s, slot, [&](const Place& p) {
          return mine(p) && p.day <= day && day < p.day + length;
        });
      });
      IntVar events(*this, 0, 1);
      Gecode::linear(*this, taken, Gecode::IRT_EQ, events);
      days.push_back(Gecode::channel(*this, events));
    }
    return days;
  }

  void VenuesAndLecturers() {
    for (int v = 0; v < Given::Size(problem_.venues); ++v) {
      AtMostOneEachDay([v](const Place& place) { return place.venue == v; });
    }
    IntVarArgs taught;
    for (int l = 0; l < Given::Size(problem_.lecturers); ++l) {
      taught << LimitMonths(
          AtMostOneEachDay([l](const Place& place) { return place.lecturer == l; }),
          problem_.limits.max_lecturer_days_per_month);
    }
    // Every day of every event is taught: this follows, but shows at once when lecturers are short.
    BoolVarArgs held;
    IntArgs days;
    ForEachSlot([&](int s, const IntVar& slot) {
      held << expr(*this, slot != 0);
      days << problem_.series[s].days;
    });
    IntVar all(*this, 0, Gecode::Int::Limits::max / 4000);
    Gecode::linear(*this, days, held, Gecode::IRT_EQ, all);
    Gecode::linear(*this, taught, Gecode::IRT_EQ, all);
  }

  // The days between the events of series `s` and the next that team `t` attends.
  void Gaps() {
    const Limits& limits = problem_.limits;
    for (int s = 0; s + 1 < given_.series_count(); ++s) {
      for (int t = 0; t < given_.teams; ++t) {
        const auto day = [](const Place& place) { return place.day; };
        const IntVar before = OfPlace(s, Where(s, t), day);
        const IntVar after = OfPlace(s + 1, Where(s + 1, t), day);
        IntVar gap(*this, limits.min_gap_days, std::min(limits.max_gap_days, given_.last_day + 1));
        Gecode::rel(*this, after - before - (problem_.series[s].days - 1) == gap);
        gaps_.push_back(gap);
      }
    }
  }

  // Who is away on a day, whether at one event or another: presence[t] of each team.
  using Presence = std::vector<BoolVar>;

  void Away() {
    // A team is at no two events at once, since gaps are at least a day.
    std::vector<std::vector<BoolVar>> away(given_.teams);
    for (int t = 0; t < given_.teams; ++t) {
      for (int day = 0; day <= given_.last_day; ++day) {
        BoolVarArgs taken;
        for (int s = 0; s < given_.series_count(); ++s) taken << Takes(s, Where(s, t), day);
        BoolVar any(*this, 0, 1);
        Gecode::rel(*this, Gecode::BOT_OR, taken, any);
        away[t].push_back(any);
      }
      Gecode::linear(*this, LimitMonths(away[t], problem_.limits.max_team_days_per_month),
                     Gecode::IRT_EQ, TeamDays());
    }
    IntVarArgs away_on_day;
    for (int day = 0; day <= given_.last_day; ++day) {
      Presence presence;
      for (const auto& days : away) presence.push_back(days[day]);
      away_on_day << LimitAway(presence);
    }
    // These follow, but show dead ends much sooner: every team is away for all its events, and
    // those at one event are away on one day.
    Gecode::linear(*this, away_on_day, Gecode::IRT_EQ, TeamDays() * given_.teams);
    for (int s = 0; s < given_.series_count(); ++s) {
      for (int k = 0; k < given_.held_at_most[s]; ++k) {
        Presence presence;
        for (int t = 0; t < given_.teams; ++t) {
          presence.push_back(expr(*this, Attends(s, t) == k));
        }
        LimitAway(presence);
      }
    }
  }

  // For how many days each team is away in all.
  int TeamDays() const {
    int days = 0;
    for (const Series& series : problem_.series) days += series.days;
    return days;
  }

  // The number of teams away, by area.
  IntVarArgs LimitAway(const Presence& presence) {
    std::map<std::string, std::vector<int>> areas, clusters;
    for (int t = 0; t < given_.teams; ++t) {
      const Team& team = problem_.teams[t];
      areas[team.area_id].push_back(t);
      if (!team.cluster_id.empty()) clusters[team.cluster_id].push_back(t);
    }
    for (const auto& cluster : clusters) LimitCluster(cluster.second, presence);
    IntVarArgs away;
    for (const auto& area : areas) away << LimitArea(area.second, presence);
    return away;
  }

  IntVar LimitArea(const std::vector<int>& teams, const Presence& presence) {
    const double share = problem_.limits.max_away_share * static_cast<double>(teams.size());
    const int allowed =
        std::max(static_cast<int>(std::floor(share + 1e-9)), problem_.limits.always_allowed_away);
    BoolVarArgs away;
    for (int t : teams) away << presence[t];
    IntVar sum(*this, 0, allowed);
    Gecode::linear(*this, away, Gecode::IRT_EQ, sum);
    return sum;
  }

  void LimitCluster(const std::vector<int>& teams, const Presence& presence) {
    BoolVarArgs away;
    IntArgs heads;
    int all = 0;
    for (int t : teams) {
      away << presence[t];
      heads << problem_.teams[t].heads;
      all += problem_.teams[t].heads;
    }
    const int allowed =
        static_cast<int>(std::floor(problem_.limits.max_cluster_away_share * all + 1e-9));
    BoolVar one_team(*this, 0, 1), few_persons(*this, 0, 1);
    Gecode::linear(*this, away, Gecode::IRT_LQ, 1, one_team);
    Gecode::linear(*this, heads, away, Gecode::IRT_LQ, allowed, few_persons);
    Gecode::rel(*this, one_team || few_persons);
  }

  // The parts of `event` that place `where` changes.
  IntVar PartsChanged(int s, const IntVar& where, const Event& event) {
    IntArgs changed;
    changed << 3;
    for (size_t p = 1; p < given_.places[s].size(); ++p) {
      const Place& place = given_.places[s][p];
      changed << (problem_.from + place.day != event.date) +
                     (problem_.venues[place.venue].id != event.venue_id) +
                     (problem_.lecturers[place.lecturer].id != event.lecturer_id);
    }
    IntVar parts(*this, 0, 3);
    Gecode::element(*this, changed, where, parts);
    return parts;
  }

  // The solver itself looks for the matching with the fewest changes.
  void Changes() {
    IntVarArgs changed;
    for (int s = 0; s < given_.series_count(); ++s) {
      std::vector<const Event*> published;
      for (const Event& event : problem_.published.events) {
        if (event.series_id == problem_.series[s].id) published.push_back(&event);
      }
      // A slot for every published event, those beyond the series' own always empty.
      IntVarArgs slots = SlotsOf(s);
      while (slots.size() < Given::Size(published)) slots << IntVar(*this, 0, 0);
      IntVarArgs matches;
      for (const Event* event : published) {
        IntVar match(*this, 0, slots.size() - 1);
        IntVar where(*this, 0, static_cast<int>(given_.places[s].size()) - 1);
        Gecode::element(*this, slots, match, where);
        changed << PartsChanged(s, where, *event);
        for (const std::string& id : event->team_ids) {
          const int team = IndexOf(problem_.teams, id);
          if (team < 0) continue;
          IntVar elsewhere(*this, 0, 1);
          Gecode::channel(*this, expr(*this, Attends(s, team) != match), elsewhere);
          changed << elsewhere;
        }
        matches << match;
      }
      if (matches.size() > 0) Gecode::distinct(*this, matches);
      others_ << matches;
    }
    changes_ = IntVar(*this, 0, Gecode::Int::Limits::max / 4000);
    Gecode::linear(*this, changed, Gecode::IRT_EQ, changes_);
    if (problem_.max_changes >= 0) Gecode::rel(*this, changes_ <= problem_.max_changes);
  }

  void PriceTeams() {
    const Weights& weights = problem_.weights;
    const int even = std::clamp(given_.last_day / given_.series_count(),
                                problem_.limits.min_gap_days, problem_.limits.max_gap_days);
    IntArgs weeks;
    for (int gap = 0; gap <= given_.last_day + 1; ++gap) weeks << std::abs(gap - even) / 7;
    for (const IntVar& gap : gaps_) {
      IntVar spread(*this, 0, given_.last_day + 1);
      Gecode::element(*this, weeks, gap, spread);
      cost_terms_ << Expression(spread, weights.spread);
    }
    for (int t = 0; t < given_.teams; ++t) {
      IntVarArgs venues;
      for (int s = 0; s < given_.series_count(); ++s) {
        venues << OfPlace(s, Where(s, t), [](const Place& place) { return place.venue; });
        const IntVar travels = OfPlace(s, Where(s, t), [&](const Place& place) {
          return problem_.venues[place.venue].area_id != problem_.teams[t].area_id ? 1 : 0;
        });
        cost_terms_ << Expression(travels, weights.travel);
      }
      IntVar visited(*this, 1, given_.series_count());
      Gecode::nvalues(*this, venues, Gecode::IRT_EQ, visited);
      cost_terms_ << expr(*this, (visited - 1) * weights.venue_stability);
    }
  }

  void PriceLecturers() {
    for (int s = 0; s < given_.series_count(); ++s) {
      BoolVarArgs teaching;
      for (int l = 0; l < Given::Size(problem_.lecturers); ++l) {
        BoolVarArgs teaches;
        for (int k = 0; k < given_.held_at_most[s]; ++k) {
          teaches << IsAt(s, Slot(s, k), [l](const Place& place) { return place.lecturer == l; });
        }
        BoolVar any(*this, 0, 1);
        Gecode::rel(*this, Gecode::BOT_OR, teaches, any);
        teaching << any;
      }
      IntVar lecturers(*this, 1, std::max(1, teaching.size()));
      Gecode::linear(*this, teaching, Gecode::IRT_EQ, lecturers);
      cost_terms_ << expr(*this, (lecturers - 1) * problem_.weights.lecturer_stability);
    }
  }

  void Branch() {
    // First what has led into most dead ends.
    IntVarArgs decisions;
    decisions << attends_ << place_ << others_;
    Gecode::branch(*this, decisions, Gecode::INT_VAR_AFC_SIZE_MAX(0.95), Gecode::INT_VAL_MIN());
    Gecode::branch(*this, cost_, Gecode::INT_VAL_MIN());
  }

  const Given& given_;
  const Problem& problem_;
  Gecode::IntVarArray place_;    // by slot
  Gecode::IntVarArray attends_;  // by series and team: the slot within the series
  IntVar cost_;

  // Only for posting the constraints.
  std::vector<IntVar> where_;
  std::vector<IntVar> gaps_;
  IntVar changes_;
  IntVarArgs others_;  // what else must be decided
  IntVarArgs cost_terms_;
};

template <template <class> class Engine>
OracleAnswer Run(const Problem& problem, bool priced, uint64_t max_dead_ends) {
  OracleAnswer answer;
  const Given given(problem);
  const bool nothing = problem.venues.empty() || problem.lecturers.empty();
  if (nothing) {
    answer.complete = true;
    return answer;
  }
  Gecode::Search::FailStop stop(max_dead_ends);
  Gecode::Search::Options options;
  options.stop = &stop;
  Programme root(given, priced);
  Engine<Programme> engine(&root, options);
  while (const std::unique_ptr<Programme> found{engine.next()}) {
    answer.timetable = found->ToTimetable();
    answer.cost = found->cost().val();
    if (!priced) break;
  }
  answer.complete = !engine.stopped();
  return answer;
}

}  // namespace

OracleAnswer SolveCompletely(const Problem& problem, uint64_t max_dead_ends) {
  return Run<Gecode::BAB>(problem, true, max_dead_ends);
}

OracleAnswer FindAnyTimetable(const Problem& problem, uint64_t max_dead_ends) {
  return Run<Gecode::DFS>(problem, false, max_dead_ends);
}

}  // namespace klynge::courses::timetable
