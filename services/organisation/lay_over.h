// Lays newer things over a list.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "services/organisation/client/things.h"

namespace klynge::organisation {

// `list` is sorted by key and stays so: what has the same key is replaced.
template <class Thing>
void LayOver(std::vector<Thing>& list, std::vector<Thing> newer) {
  const auto known = static_cast<ptrdiff_t>(list.size());
  SortByKey(newer);
  list.reserve(list.size() + newer.size());
  for (Thing& thing : newer) {
    const auto end = list.begin() + known;
    auto place = std::lower_bound(list.begin(), end, thing, [](const Thing& a, const Thing& b) {
      return KeyOf(a) < KeyOf(b);
    });
    if (place != end && KeyOf(*place) == KeyOf(thing)) {
      *place = std::move(thing);
    } else {
      list.push_back(std::move(thing));
    }
  }
  std::inplace_merge(list.begin(), list.begin() + known, list.end(),
                     [](const Thing& a, const Thing& b) { return KeyOf(a) < KeyOf(b); });
}

}  // namespace klynge::organisation
