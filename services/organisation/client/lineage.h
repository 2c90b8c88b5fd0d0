// What became of units, and what they came from: which unit stands for another on a day on which
// that one does not exist.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <vector>

#include "services/organisation/client/model.h"

namespace klynge::organisation {

class Tree;

// Never changes after it is made, by tree.Indexed<Lineage>(); points into the tree.
class Lineage {
 public:
  explicit Lineage(const Tree& tree);

  // By day, then id.
  std::vector<const Succession*> SuccessionsFrom(absl::string_view unit_id) const;
  std::vector<const Succession*> SuccessionsTo(absl::string_view unit_id) const;

  // The unit in which figures of `unit_id` are counted in the tree of a day: the unit itself if it
  // is there that day; else the one in which it went on, or the one of a split that carries the
  // figures; else the nearest unit above all that it went on in; for a unit that ended and went on
  // in none, the nearest above it. Before its beginning likewise: what it came from, the nearest
  // above all it came from, or the nearest above it. Null for an unknown unit, and when none of
  // these is there that day.
  const UnitVersion* StandsFor(absl::string_view unit_id, Date on) const;

 private:
  using Successions = absl::flat_hash_map<absl::string_view, std::vector<const Succession*>>;
  // `steps` bounds the way through data that break the rules.
  const UnitVersion* StandsFor(absl::string_view unit_id, Date on, int steps) const;
  const UnitVersion* After(absl::string_view unit_id, const UnitVersion& last, Date on,
                           int steps) const;
  const UnitVersion* Before(absl::string_view unit_id, const UnitVersion& first, Date on,
                            int steps) const;
  // The nearest unit that is each of them or above it.
  const UnitVersion* NearestAboveAll(const std::vector<const UnitVersion*>& units, Date on) const;

  const Tree& tree_;
  Successions from_;
  Successions to_;
};

}  // namespace klynge::organisation
