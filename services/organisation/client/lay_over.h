// Lays newer things over a list.
#pragma once

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "services/organisation/client/shared_list.h"
#include "services/organisation/client/things.h"

namespace klynge::organisation {

// `list` is sorted by key and stays so: what has the same key is replaced. Of the newer things each
// key is there once. A list that has all of them already stays the one that it was.
template <class Thing>
void LayOver(SharedList<Thing>& list, std::vector<Thing> newer) {
  std::erase_if(newer, [&](const Thing& thing) {
    const Thing* known = FindSame(list, thing);
    return known != nullptr && *known == thing;
  });
  if (newer.empty()) return;
  SortByKey(newer);
  const std::vector<Thing>& known = list.all();
  std::vector<Thing> laid;
  laid.reserve(known.size() + newer.size());
  auto next = known.begin();
  for (Thing& thing : newer) {
    const auto place =
        std::lower_bound(next, known.end(), thing,
                         [](const Thing& a, const Thing& b) { return KeyOf(a) < KeyOf(b); });
    laid.insert(laid.end(), next, place);
    next = place != known.end() && KeyOf(*place) == KeyOf(thing) ? std::next(place) : place;
    laid.push_back(std::move(thing));
  }
  laid.insert(laid.end(), next, known.end());
  list = std::move(laid);
}

}  // namespace klynge::organisation
