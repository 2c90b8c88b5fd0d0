#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <set>

#include "services/goals/observation_figures.h"

namespace klynge::goals {
namespace {

using observations::v1::Aggregate;

Figure Missing(Figure::Outcome outcome, std::string message) {
  return {outcome, 0, 0, std::move(message)};
}

bool Wanted(const Binding& binding, const Aggregate& aggregate) {
  return binding.scale_id.empty() || aggregate.scale_id() == binding.scale_id;
}

bool IsHidden(const Aggregate& aggregate) {
  return aggregate.figure().suppression() != observations::v1::SUPPRESSION_NONE;
}

double ValueOf(const Binding& binding, const observations::v1::Figure& figure) {
  return binding.statistic == Statistic::kMean ? figure.mean() : figure.share_favourable();
}

Figure Hidden(const Aggregate& aggregate) {
  if (aggregate.figure().suppression() == observations::v1::SUPPRESSION_ROUND_OPEN) {
    return Missing(Figure::Outcome::kNoData,
                   absl::StrCat("round ", aggregate.round_id(),
                                " is open; its figures come when it is closed"));
  }
  return Missing(Figure::Outcome::kSuppressed,
                 absl::StrCat("the group in ", aggregate.unit_id(),
                              " is too small to be shown; bind to a larger unit or a whole round"));
}

// The mean over several shown figures, each as heavy as its number of ratings.
Figure Pool(const Binding& binding, const std::vector<const Aggregate*>& parts) {
  Figure pooled{Figure::Outcome::kShown, 0, 0, ""};
  double sum = 0;
  for (const Aggregate* part : parts) {
    if (IsHidden(*part)) return Hidden(*part);
    pooled.sample_size += part->figure().n();
    sum += static_cast<double>(part->figure().n()) * ValueOf(binding, part->figure());
  }
  if (pooled.sample_size == 0) {
    return Missing(Figure::Outcome::kNoData, "there are no ratings for it");
  }
  // One figure is taken as it is: multiplying and dividing might change its last digit.
  pooled.value = parts.size() == 1 ? ValueOf(binding, parts[0]->figure())
                                   : sum / static_cast<double>(pooled.sample_size);
  return pooled;
}

}  // namespace

Figure ChooseFigure(const Binding& binding, const std::vector<Aggregate>& aggregates) {
  std::vector<const Aggregate*> parts;
  std::set<std::string> scales;
  for (const Aggregate& aggregate : aggregates) {
    const bool empty = !IsHidden(aggregate) && aggregate.figure().n() == 0;
    if (!Wanted(binding, aggregate) || empty) continue;
    parts.push_back(&aggregate);
    scales.insert(aggregate.scale_id());
  }
  if (parts.empty()) return Missing(Figure::Outcome::kNoData, "there are no ratings for it yet");
  if (scales.size() > 1) {
    return Missing(
        Figure::Outcome::kUnavailable,
        absl::StrCat("there are ratings on several scales (", absl::StrJoin(scales, ", "),
                     "); say which by the binding's scale_id"));
  }
  // Rounds come in order of time: without a round or months the last one with ratings is meant.
  if (binding.from_month.empty()) parts = {parts.back()};
  return Pool(binding, parts);
}

}  // namespace klynge::goals
