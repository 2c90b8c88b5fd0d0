#include "services/organisation/competence_finder.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "services/organisation/competence_index.h"

namespace klynge::organisation {
namespace {

void Raise(Levels& levels, const HeldCompetence& held) {
  int& level = held.confirmed() ? levels.confirmed : levels.declared;
  level = std::max(level, held.level);
}

}  // namespace

bool Levels::Meet(const WantedLevel& wanted) const {
  const int best = wanted.confirmed_only ? confirmed : std::max(confirmed, declared);
  return best >= std::max(wanted.least, 1);
}

Levels LevelsOf(const Tree& tree, const std::string& person_id, const std::string& competence,
                Date on) {
  Levels levels;
  for (const HeldCompetence* held : tree.Indexed<CompetenceIndex>().HeldBy(person_id)) {
    if (held->competence == competence && held->valid.Contains(on)) Raise(levels, *held);
  }
  return levels;
}

Distances::Distances(const Tree& tree, const std::string& from_unit_id, Date on)
    : tree_(tree), on_(on) {
  up_[from_unit_id] = 0;
  int steps = 0;
  for (const UnitVersion* above : tree.AncestorVersions(from_unit_id, on)) {
    up_[above->unit_id] = ++steps;
  }
  above_roots_ = steps + 1;
}

int Distances::To(const std::string& unit_id, const std::string& within_unit_id) {
  const auto [place, is_new] = known_.try_emplace(unit_id, -1);
  if (is_new) place->second = Measure(unit_id, within_unit_id);
  return place->second;
}

int Distances::Measure(const std::string& unit_id, const std::string& within_unit_id) const {
  const UnitVersion* unit = tree_.FindUnit(unit_id, on_);
  if (unit == nullptr) return -1;
  std::vector<const UnitVersion*> way = tree_.AncestorVersions(unit_id, on_);
  way.insert(way.begin(), unit);
  bool within = within_unit_id.empty();
  int distance = static_cast<int>(way.size()) + above_roots_;
  bool met = false;
  for (size_t i = 0; i < way.size(); ++i) {
    within = within || way[i]->unit_id == within_unit_id;
    const auto common = up_.find(way[i]->unit_id);
    if (!met && common != up_.end()) {
      met = true;
      distance = static_cast<int>(i) + common->second;
    }
  }
  return within ? distance : -1;
}

std::pair<const Assignment*, int> NearestAssignment(const Tree& tree, const std::string& person_id,
                                                    Distances& distances,
                                                    const std::string& within_unit_id, Date on) {
  std::pair<const Assignment*, int> nearest{nullptr, 0};
  for (const Assignment* held : tree.AssignmentsOf(person_id)) {
    if (!held->valid.Contains(on)) continue;
    const int distance = distances.To(held->unit_id, within_unit_id);
    if (distance < 0) continue;
    if (nearest.first == nullptr ||
        std::tie(distance, held->unit_id) < std::tie(nearest.second, nearest.first->unit_id)) {
      nearest = {held, distance};
    }
  }
  return nearest;
}

std::vector<CompetenceHolder> FindHolders(const Tree& tree, const CompetenceSearch& search) {
  Distances distances(tree, search.near_unit_id, search.on);
  std::vector<CompetenceHolder> holders;
  // They come by person, so that what one person has stands together.
  for (const HeldCompetence* held : tree.Indexed<CompetenceIndex>().Of(search.competence)) {
    if (!held->valid.Contains(search.on)) continue;
    if (holders.empty() || holders.back().person_id != held->person_id) {
      holders.push_back({held->person_id, {}, nullptr, 0});
    }
    Raise(holders.back().levels, *held);
  }
  const auto left_out = [&](CompetenceHolder& holder) {
    if (!holder.levels.Meet(search.wanted)) return true;
    std::tie(holder.at, holder.distance) =
        NearestAssignment(tree, holder.person_id, distances, search.within_unit_id, search.on);
    return holder.at == nullptr;
  };
  std::erase_if(holders, left_out);
  std::sort(holders.begin(), holders.end(),
            [](const CompetenceHolder& a, const CompetenceHolder& b) {
              return std::tie(a.distance, b.levels.confirmed, b.levels.declared, a.person_id) <
                     std::tie(b.distance, a.levels.confirmed, a.levels.declared, b.person_id);
            });
  return holders;
}

}  // namespace klynge::organisation
