#include "services/observations/round_view.h"

#include <map>
#include <set>

#include "services/organisation/client/lineage.h"

namespace klynge::observations {
namespace {

using analytics::ReportingTree;
using organisation::UnitVersion;

ReportingTree::Unit ToUnit(const UnitVersion& version, bool top) {
  return {version.unit_id, version.kind, version.name, top ? "" : version.parent_id};
}

// The units and everything above them, siblings by id.
std::shared_ptr<const ReportingTree> TreeAbove(const organisation::Tree& organisation, Date day,
                                               const std::vector<const UnitVersion*>& units) {
  std::map<std::string, ReportingTree::Unit> above;
  for (const UnitVersion* unit : units) {
    if (unit == nullptr || above.count(unit->unit_id) > 0) continue;
    std::vector<const UnitVersion*> path = organisation.AncestorVersions(unit->unit_id, day);
    path.insert(path.begin(), unit);
    for (const UnitVersion* step : path) {
      above.emplace(step->unit_id, ToUnit(*step, step == path.back()));
    }
  }
  std::vector<ReportingTree::Unit> in_order;
  for (auto& [unit_id, unit] : above) in_order.push_back(std::move(unit));
  auto made = ReportingTree::Make(in_order);
  // Cannot fail on what a tree says: ids are there once, and parents with their children.
  return std::make_shared<const ReportingTree>(made.ok() ? *std::move(made) : ReportingTree());
}

}  // namespace

RoundView::RoundView(std::shared_ptr<const Round> round)
    : round_(std::move(round)), tree_(round_->tree) {}

RoundView::RoundView(std::shared_ptr<const Round> round, const organisation::Tree& organisation,
                     Date day)
    : round_(std::move(round)) {
  const ReportingTree& own = *round_->tree;
  const auto& lineage = organisation.Indexed<organisation::Lineage>();
  std::vector<const UnitVersion*> standing;
  for (int leaf = 0; leaf < own.leaf_count(); ++leaf) {
    standing.push_back(lineage.StandsFor(own.node(own.leaf_node(leaf)).unit.unit_id, day));
  }
  tree_ = TreeAbove(organisation, day, standing);
  for (const UnitVersion* unit : standing) {
    counted_at_.push_back(unit == nullptr ? -1 : tree_->Find(unit->unit_id));
  }
}

analytics::LeafSet RoundView::LeavesOf(int node) const {
  std::vector<bool> among;
  for (const int place : counted_at_) {
    among.push_back(node <= place && place < tree_->node(node).end);
  }
  return analytics::LeafSet(*round_->tree, among);
}

ShownStatistics RoundView::Fill(const Subject& subject, int node, int period,
                                v1::Figure* figure) const {
  if (counted_at_.empty() || !round_->figures) {
    return FillFigure(*round_, subject, node, period, figure);
  }
  const analytics::LeafSet leaves = LeavesOf(node);
  const auto distribution = ComposedAt(*round_->figures, leaves, subject.items, period);
  if (distribution) return FillShown(subject, *distribution, figure);
  figure->set_suppression(leaves.Node() >= 0 ? v1::SUPPRESSION_SMALL_GROUP
                                             : v1::SUPPRESSION_OTHER_TREE);
  return absl::nullopt;
}

std::vector<std::string> RoundView::CountedIn(int node) const {
  std::set<std::string> units;
  if (counted_at_.empty()) {
    for (int below = node; below < tree_->node(node).end; ++below) {
      if (tree_->node(below).leaf) units.insert(tree_->node(below).unit.unit_id);
    }
  }
  for (const int place : counted_at_) {
    if (node <= place && place < tree_->node(node).end) {
      units.insert(tree_->node(place).unit.unit_id);
    }
  }
  return {units.begin(), units.end()};
}

}  // namespace klynge::observations
