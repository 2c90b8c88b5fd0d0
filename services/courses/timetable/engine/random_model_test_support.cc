#include "services/courses/timetable/engine/random_model_test_support.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/courses/timetable/engine/people_constraints.h"
#include "services/courses/timetable/engine/random.h"
#include "services/courses/timetable/engine/time_constraints.h"
#include "services/courses/timetable/engine/venue_constraints.h"

namespace klynge::courses::timetable::testing {
namespace {

void AddTime(Random& random, Instance& out) {
  const int days = 3 + random.Below(3);
  const int slots = 3 + random.Below(4);
  for (int day = 0; day < days; ++day) {
    // A weekend somewhere.
    out.day_number.push_back(day < 2 ? day : day + 2);
    for (int slot = 0; slot < slots; ++slot) {
      out.day_of.push_back(day);
      out.slot_of.push_back(slot);
    }
  }
}

// A table in which a few bits are off.
BitTable MostlyOpen(Random& random, int rows, int columns) {
  BitTable table(rows, columns, true);
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c) {
      if (random.Below(12) == 0) table.Set(r, c, false);
    }
  }
  return table;
}

void AddEvents(Random& random, bool long_events, Instance& out) {
  const int series_count = 4 + random.Below(3);
  for (int s = 0; s < series_count; ++s) {
    Instance::Series& series = out.series.emplace_back();
    const int duration = long_events ? 1 + random.Below(2) : 1;
    for (int i = 0; i < 1 + random.Below(3); ++i) {
      series.events.push_back(out.event_count());
      Instance::Event event{s, duration, random.Below(6), {}};
      if (s > 0) event.lecturers = {random.Below(out.lecturer_count)};
      if (s > 1) event.lecturers.push_back((event.lecturers[0] + 1) % out.lecturer_count);
      out.events.push_back(std::move(event));
    }
    for (int g = 0; g < out.group_count(); ++g) {
      // The first half of the groups attends some series whole, the others choose in all of them.
      if (g >= out.group_count() / 2) out.choices.push_back({g, s, kNone});
      if (g < out.group_count() / 2 && random.Below(3) == 0) series.audience.push_back(g);
    }
  }
  out.choices.front().fixed_event = out.series[0].events[0];
}

void CloseSome(Random& random, Instance& out) {
  const int periods = out.period_count();
  out.venue_open = MostlyOpen(random, out.venue_count(), periods);
  out.lecturer_open = MostlyOpen(random, out.lecturer_count, periods);
  out.group_open = BitTable(out.group_count(), periods, true);
  out.group_open.Set(0, random.Below(periods), false);
  out.venue_fits = MostlyOpen(random, out.event_count(), out.venue_count());
  out.start_open = BitTable(out.event_count(), periods);
  for (int e = 0; e < out.event_count(); ++e) {
    out.venue_fits.Set(e, random.Below(out.venue_count()));
    for (int p = 0; p + out.events[e].duration <= periods; ++p) {
      const int last = p + out.events[e].duration - 1;
      out.start_open.Set(e, p, out.day_of[p] == out.day_of[last] && random.Below(12) != 0);
    }
  }
}

Published Announce(Random& random, const Instance& instance, bool by_event, int allowed) {
  Published published;
  published.by_event = by_event;
  published.allowed = allowed;
  for (int e = 0; e < instance.event_count(); ++e) {
    const std::vector<int>& able = instance.events[e].lecturers;
    published.placements.push_back({random.Below(instance.period_count()),
                                    random.Below(instance.venue_count()),
                                    able.empty() ? kNone : able.front()});
  }
  for (const Instance::Choice& choice : instance.choices) {
    published.choices.push_back(instance.series[choice.series].events.front());
  }
  return published;
}

void AddRules(Random& random, Model& model) {
  const Instance& in = model.instance;
  std::vector<int> wanted, cost;
  for (const Instance::Series& series : in.series) {
    wanted.push_back(std::min<int>(2, static_cast<int>(series.events.size())));
  }
  for (int p = 0; p < in.period_count(); ++p) cost.push_back(random.Below(3));
  const int span = in.day_number.back();
  std::vector<int> order, even;
  for (int days = -span; days <= span; ++days) {
    order.push_back(std::max(0, 1 - days));
    even.push_back(std::abs(days - 1));
  }
  CoverSets areas, clusters;
  for (const Instance::Group& group : in.groups) {
    areas.set_of.push_back(group.area);
    areas.weight.push_back(1);
    clusters.set_of.push_back(group.area == 0 ? 0 : kNone);
    clusters.weight.push_back(group.heads);
  }
  areas.allowed = {1, 2};
  clusters.allowed = {4};
  clusters.one_may_go = true;
  Spans days{in.day_of, in.day_count(), 1};
  Spans months{{}, 2, 2};  // the month turns after the second day
  for (int day : in.day_of) months.span_of.push_back(day < 2 ? 0 : 1);
  model.rules = {
      MakeRule<Attended>("attended", true, 1),
      MakeRule<Capacity>("capacity", false, 1),
      MakeRule<SeriesVenues>("series_venues", false, 1),
      MakeRule<GroupVenues>("group_venues", false, 2),
      MakeRule<Travel>("travel", false, 2),
      MakeRule<MinimumDays>("minimum_days", false, 5, wanted),
      MakeRule<Compactness>("compactness", false, 2),
      MakeRule<Preference>("preference", false, 1, cost),
      MakeRule<Gap>("order", true, 1, order, span),
      MakeRule<Gap>("even_gap", false, 1, even, span),
      MakeRule<Coverage>("areas", true, 1, areas),
      MakeRule<Coverage>("clusters", true, 1, clusters),
      MakeRule<LecturerWorkload>("lecturer_days", false, 3, days),
      MakeRule<LecturerWorkload>("lecturer_months", true, 1, months),
      MakeRule<GroupWorkload>("group_days", false, 3, days),
      MakeRule<SeriesLecturers>("series_lecturers", false, 1),
      MakeRule<Changes>("stay_published", false, 1, Announce(random, in, false, 0)),
      MakeRule<Changes>("changes", true, 1, Announce(random, in, true, 3)),
  };
}

}  // namespace

Model RandomModel(uint64_t seed) {
  Random random(seed);
  Model model;
  Instance& out = model.instance;
  AddTime(random, out);
  for (int v = 0; v < 3 + random.Below(3); ++v) {
    out.venues.push_back({5 + random.Below(15), random.Below(2)});
  }
  for (int g = 0; g < 6 + random.Below(4); ++g) {
    out.groups.push_back({1 + random.Below(4), random.Below(2)});
  }
  out.lecturer_count = 3;
  AddEvents(random, seed % 2 == 1, out);
  CloseSome(random, out);
  AddRules(random, model);
  return model;
}

std::string Misfits(const Instance& instance, const Solution& solution) {
  std::string misfits;
  std::set<std::string> taken;
  const auto take = [&](const std::string& what, int which, int period) {
    const std::string key = absl::StrCat(what, " ", which, " in period ", period);
    if (!taken.insert(key).second) absl::StrAppend(&misfits, key, " twice\n");
  };
  std::vector<std::vector<int>> groups(instance.event_count());
  for (int e = 0; e < instance.event_count(); ++e) {
    groups[e] = instance.series[instance.events[e].series].audience;
  }
  for (size_t c = 0; c < instance.choices.size(); ++c) {
    const Instance::Choice& choice = instance.choices[c];
    const int event = solution.choices[c];
    groups[event].push_back(choice.group);
    if (instance.events[event].series != choice.series ||
        (choice.fixed_event != kNone && choice.fixed_event != event)) {
      absl::StrAppend(&misfits, "choice ", c, "\n");
    }
  }
  for (int e = 0; e < instance.event_count(); ++e) {
    const Placement& at = solution.placements[e];
    const std::vector<int>& able = instance.events[e].lecturers;
    const bool staffed = able.empty() ? at.lecturer == kNone
                                      : std::count(able.begin(), able.end(), at.lecturer) == 1;
    if (!staffed || !instance.start_open.at(e, at.period) || !instance.venue_fits.at(e, at.venue)) {
      absl::StrAppend(&misfits, "event ", e, "\n");
    }
    for (int p = at.period; p < at.period + instance.events[e].duration; ++p) {
      take("venue", at.venue, p);
      if (!instance.venue_open.at(at.venue, p)) absl::StrAppend(&misfits, "closed venue\n");
      if (at.lecturer != kNone) {
        take("lecturer", at.lecturer, p);
        if (!instance.lecturer_open.at(at.lecturer, p))
          absl::StrAppend(&misfits, "lecturer away\n");
      }
      for (int group : groups[e]) {
        take("group", group, p);
        if (!instance.group_open.at(group, p)) absl::StrAppend(&misfits, "group away\n");
      }
    }
  }
  return misfits;
}

}  // namespace klynge::courses::timetable::testing
