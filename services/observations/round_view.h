// A round's figures over a tree: that of the round, or that of the organisation on another day, in
// which merged and split units are counted where they went on. Immutable; any number of threads may
// read it.
#pragma once

#include <absl/types/optional.h>

#include <memory>
#include <string>
#include <vector>

#include "klynge/observations/v1/aggregate.pb.h"
#include "services/observations/analytics/other_tree.h"
#include "services/observations/figure.h"
#include "services/observations/round.h"
#include "services/observations/subject.h"
#include "services/organisation/client/tree.h"

namespace klynge::observations {

class RoundView {
 public:
  // Over its own tree.
  explicit RoundView(std::shared_ptr<const Round> round);
  // Over the tree of a day. What was observed in a unit is counted in the unit that stands for it
  // then (organisation::Lineage); what nothing stands for is left out. Of that tree it has the
  // units in which something is counted, and those above them.
  RoundView(std::shared_ptr<const Round> round, const organisation::Tree& organisation, Date day);

  const Round& round() const { return *round_; }
  const analytics::ReportingTree& tree() const { return *tree_; }

  // Fills in the figure of a node of tree(); period 0 is the round. Over another tree it is shown
  // where figures that are published give it (analytics/other_tree.h). Returns its statistics.
  ShownStatistics Fill(const Subject& subject, int node, int period, v1::Figure* figure) const;

  // The units of this tree in which what is counted in a node was observed, or which stand for
  // those in which it was; by id, each once.
  std::vector<std::string> CountedIn(int node) const;

 private:
  analytics::LeafSet LeavesOf(int node) const;

  std::shared_ptr<const Round> round_;
  std::shared_ptr<const analytics::ReportingTree> tree_;
  // By leaf of the round's own tree: the node of tree_ in which it is counted, -1 for none. Empty
  // over its own tree.
  std::vector<int> counted_at_;
};

}  // namespace klynge::observations
