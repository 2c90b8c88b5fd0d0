// Random histories of merges, splits, closures and moves, and a naive model of what became of each
// unit, to hold Lineage and whatever counts over it against. Only for tests.
#pragma once

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/organisation/client/test_support.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation::testing {

// buf → areas → clusters → nurseries from 2020-01-01 on, and every 50 days something is changed.
class RandomLineage {
 public:
  explicit RandomLineage(unsigned seed, int changes = 30) : random_(seed) {
    Begin("buf", "administration", "");
    for (int area = 0; area < 3; ++area) {
      const std::string area_id = absl::StrCat("omr-", area);
      Begin(area_id, "area", "buf");
      for (int cluster = 0; cluster < 3; ++cluster) {
        const std::string cluster_id = New("cluster", area_id);
        for (int unit = 0; unit < 3; ++unit) New("nursery", cluster_id);
      }
    }
    for (int change = 0; change < changes; ++change) {
      day_ += 50;
      Change();
    }
    while (!live_.empty()) Version(live_.begin()->first, kOpenEnd);
    tree_ = builder_.BuildTree();
  }

  const std::shared_ptr<const Tree>& tree() const { return tree_; }
  // Every unit that there ever was, in the order they began.
  const std::vector<std::string>& units() const { return units_; }
  Date first_day() const { return kFirstDay; }
  Date last_day() const { return day_; }
  size_t Pick(size_t below) { return std::uniform_int_distribution<size_t>(0, below - 1)(random_); }
  // A day from the first to some time after the last change.
  Date AnyDay() { return kFirstDay + static_cast<int64_t>(Pick(day_ - kFirstDay + 60)); }
  std::mt19937& random() { return random_; }

  // The unit in which what the unit had is counted that day: everything that became of it, or that
  // it came from, event by event, and then the nearest unit that is above it all.
  std::string CountedAt(const std::string& unit_id, Date on) const {
    std::set<std::string> bearers = {unit_id};
    if (on < began_.at(unit_id)) {
      for (auto event = events_.rbegin(); event != events_.rend() && event->day > on; ++event) {
        Follow(event->origins, bearers);
      }
    } else {
      for (const Event& event : events_) {
        if (event.day <= on) Follow(event.heirs, bearers);
      }
    }
    return NearestAbove(bearers, on);
  }

 private:
  using Bearers = std::map<std::string, std::vector<std::string>>;
  struct Event {
    Date day;
    Bearers heirs;    // of units that ended: what became of each
    Bearers origins;  // of units that began: what each came from
  };
  struct Live {
    std::string kind;
    std::string parent;
    Date since;
  };
  static constexpr Date kFirstDay = Date(2020, 1, 1);

  static void Follow(const Bearers& step, std::set<std::string>& bearers) {
    std::set<std::string> next;
    for (const std::string& bearer : bearers) {
      auto found = step.find(bearer);
      if (found == step.end()) {
        next.insert(bearer);
      } else {
        next.insert(found->second.begin(), found->second.end());
      }
    }
    bearers = std::move(next);
  }

  // From itself to the top.
  std::vector<std::string> PathUp(std::string unit_id, Date on) const {
    std::vector<std::string> path;
    while (!unit_id.empty()) {
      path.push_back(unit_id);
      unit_id = tree_->FindUnit(unit_id, on)->parent_id;
    }
    return path;
  }
  std::string NearestAbove(const std::set<std::string>& units, Date on) const {
    std::vector<std::string> common = PathUp(*units.begin(), on);
    for (const std::string& unit : units) {
      const std::vector<std::string> path = PathUp(unit, on);
      common.erase(std::remove_if(common.begin(), common.end(),
                                  [&](const std::string& step) {
                                    return std::count(path.begin(), path.end(), step) == 0;
                                  }),
                   common.end());
    }
    return common.front();
  }

  void Begin(const std::string& unit_id, const std::string& kind, const std::string& parent) {
    live_[unit_id] = {kind, parent, day_};
    units_.push_back(unit_id);
    began_[unit_id] = day_;
  }
  std::string New(const std::string& kind, const std::string& parent) {
    const std::string unit_id = absl::StrCat(kind.substr(0, 2), "-", units_.size());
    Begin(unit_id, kind, parent);
    return unit_id;
  }
  // Writes down the version that ends on the day.
  void Version(const std::string& unit_id, Date to) {
    const Live unit = live_.at(unit_id);
    live_.erase(unit_id);
    if (unit.since < to) {
      builder_.Unit(unit_id, unit.kind, unit.parent, FormatDate(unit.since), FormatEnd(to));
    }
  }
  void Move(const std::string& unit_id, const std::string& parent) {
    Live unit = live_.at(unit_id);
    Version(unit_id, day_);
    unit.parent = parent;
    unit.since = day_;
    live_[unit_id] = unit;
  }
  std::vector<std::string> Alive(const std::string& kind) const {
    std::vector<std::string> found;
    for (const auto& [unit_id, unit] : live_) {
      if (unit.kind == kind && unit.since < day_) found.push_back(unit_id);
    }
    return found;
  }
  std::string AnyAlive(const std::string& kind) {
    const auto alive = Alive(kind);
    return alive[Pick(alive.size())];
  }
  // Ends the unit; what is below it goes to one of the parents, by turns.
  void End(const std::string& unit_id, const std::vector<std::string>& parents) {
    size_t turn = 0;
    std::vector<std::string> below;
    for (const auto& [child, unit] : live_) {
      if (unit.parent == unit_id) below.push_back(child);
    }
    for (const std::string& child : below) Move(child, parents[turn++ % parents.size()]);
    Version(unit_id, day_);
  }

  void Change() {
    const std::string kind = Pick(2) == 0 ? "cluster" : "nursery";
    if (Alive(kind).size() < 4) return Split(kind);
    switch (Pick(5)) {
      case 0:
        return Merge(kind, /*into_new=*/true);
      case 1:
        return Merge(kind, /*into_new=*/false);
      case 2:
        return Split(kind);
      case 3:
        return Close();
      default:
        return Move(AnyAlive("nursery"), AnyAlive("cluster"));
    }
  }

  void Merge(const std::string& kind, bool into_new) {
    std::vector<std::string> merged = Alive(kind);
    std::shuffle(merged.begin(), merged.end(), random_);
    merged.resize(2 + Pick(2));
    const std::string into = into_new ? New(kind, live_.at(merged[0]).parent) : merged[0];
    if (!into_new) merged.erase(merged.begin());
    Event event{day_, {}, {}};
    for (const std::string& unit_id : merged) {
      End(unit_id, {into});
      builder_.Succeed(unit_id, into, FormatDate(day_), Pick(2) == 0);
      event.heirs[unit_id] = {into};
      if (into_new) event.origins[into].push_back(unit_id);
    }
    events_.push_back(std::move(event));
  }

  void Split(const std::string& kind) {
    const std::string unit_id = AnyAlive(kind);
    const bool lives_on = Pick(4) == 0;
    const size_t parts = 2 + Pick(2);
    const size_t carrier = Pick(2 * parts);  // half of the time none
    const std::string above = kind == "cluster" ? "area" : "cluster";
    std::vector<std::string> made;
    for (size_t part = 0; part < parts; ++part) {
      made.push_back(New(kind, Pick(3) > 0 ? live_.at(unit_id).parent : AnyAlive(above)));
      builder_.Succeed(unit_id, made.back(), FormatDate(day_), !lives_on && part == carrier);
    }
    Event event{day_, {}, {}};
    for (const std::string& part : made) event.origins[part] = {unit_id};
    if (!lives_on) {
      End(unit_id, made);
      event.heirs[unit_id] =
          carrier < parts ? std::vector<std::string>{made[carrier]} : std::move(made);
    }
    events_.push_back(std::move(event));
  }

  void Close() {
    const std::string unit_id = AnyAlive("nursery");
    events_.push_back({day_, {{unit_id, {live_.at(unit_id).parent}}}, {}});
    Version(unit_id, day_);
  }

  std::mt19937 random_;
  OrganisationBuilder builder_;
  Date day_ = kFirstDay;
  std::map<std::string, Live> live_;
  std::vector<std::string> units_;
  std::map<std::string, Date> began_;
  std::vector<Event> events_;
  std::shared_ptr<const Tree> tree_;
};

}  // namespace klynge::organisation::testing
