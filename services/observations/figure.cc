#include "services/observations/figure.h"

namespace klynge::observations {

analytics::Statistics FillShown(const Subject& subject, const analytics::Distribution& distribution,
                                v1::Figure* figure) {
  figure->set_suppression(v1::SUPPRESSION_NONE);
  const analytics::Statistics statistics =
      analytics::Summarise(distribution, subject.favourable_from);
  if (statistics.n == 0) return statistics;
  figure->set_n(statistics.n);
  figure->set_mean(statistics.mean);
  figure->set_standard_deviation(statistics.standard_deviation);
  figure->set_share_favourable(statistics.share_favourable);
  for (size_t i = 0; i < distribution.counts.size(); ++i) {
    v1::ValueCount* count = figure->add_distribution();
    count->set_value(distribution.minimum + static_cast<int>(i));
    count->set_count(distribution.counts[i]);
  }
  return statistics;
}

ShownStatistics FillFigure(const Round& round, const Subject& subject, int node, int period,
                           v1::Figure* figure) {
  if (!round.figures) {
    figure->set_suppression(v1::SUPPRESSION_ROUND_OPEN);
    return absl::nullopt;
  }
  const auto distribution = round.figures->At(node, subject.items, period);
  if (distribution) return FillShown(subject, *distribution, figure);
  figure->set_suppression(v1::SUPPRESSION_SMALL_GROUP);
  return absl::nullopt;
}

}  // namespace klynge::observations
