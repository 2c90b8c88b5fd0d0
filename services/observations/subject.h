// What ratings are gathered by: single items, or all items of a guidepost or a quality area that
// share a scale.
#pragma once

#include <string>
#include <vector>

#include "klynge/observations/v1/aggregate.pb.h"
#include "services/observations/instrument.h"

namespace klynge::observations {

struct Subject {
  std::string item_id;  // one of these three is set
  std::string guidepost_code;
  std::string quality_area;
  std::string scale_id;
  int favourable_from = 0;
  std::vector<int> items;  // places in the instrument

  // True when both mean the same, whatever the items.
  bool Matches(const Subject& other) const;
};

// Which items take part; an empty list lets all through.
struct ItemFilter {
  std::vector<std::string> item_ids;
  std::vector<std::string> guidepost_codes;
};

// The subjects in the order of the form: those that an item of the filter belongs to. A gathered
// subject always has all its items, so that the filter makes no new sums.
std::vector<Subject> SubjectsOf(const Instrument& instrument, v1::AggregateSubject by,
                                const ItemFilter& filter);

// The same, as if the instrument had only the items that `other` has too, by id and scale.
std::vector<Subject> CommonSubjects(const Instrument& instrument, const Instrument& other,
                                    v1::AggregateSubject by, const ItemFilter& filter);

}  // namespace klynge::observations
