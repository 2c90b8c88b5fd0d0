// A figure as it is answered.
#pragma once

#include <absl/types/optional.h>

#include "klynge/observations/v1/aggregate.pb.h"
#include "services/observations/analytics/statistics.h"
#include "services/observations/round.h"
#include "services/observations/subject.h"

namespace klynge::observations {

// Statistics of a shown figure; nothing when it is suppressed.
using ShownStatistics = absl::optional<analytics::Statistics>;

// Fills in one figure of a round, open or closed; period 0 is the round. Returns its statistics.
ShownStatistics FillFigure(const Round& round, const Subject& subject, int node, int period,
                           v1::Figure* figure);

// Fills in a figure that is shown.
analytics::Statistics FillShown(const Subject& subject, const analytics::Distribution& distribution,
                                v1::Figure* figure);

// Names the subject in an Aggregate or a Comparison.
template <class Message>
void FillSubject(const Subject& subject, Message* message) {
  message->set_item_id(subject.item_id);
  message->set_guidepost_code(subject.guidepost_code);
  message->set_quality_area(subject.quality_area);
  message->set_scale_id(subject.scale_id);
}

}  // namespace klynge::observations
