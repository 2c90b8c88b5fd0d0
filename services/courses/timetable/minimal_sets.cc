#include "services/courses/timetable/minimal_sets.h"

#include <algorithm>

namespace klynge::courses::timetable {
namespace {

IndexSet Everything(int count) {
  IndexSet all;
  for (int i = 0; i < count; ++i) all.insert(i);
  return all;
}

IndexSet Union(IndexSet a, const IndexSet& b) {
  a.insert(b.begin(), b.end());
  return a;
}

// Finds the smallest sets by what they must contain. A clash is a set of which something has to be
// given up; a set without a member of every clash need not be tried.
class SmallestSearch {
 public:
  SmallestSearch(int count, size_t most, const Enough& enough)
      : count_(count), most_(most), enough_(enough) {}

  std::vector<IndexSet> Run() {
    if (!enough_(Everything(count_))) return {};
    for (size_t size = 0; size <= static_cast<size_t>(count_) && found_.empty(); ++size) {
      IndexSet chosen;
      Choose(0, size, chosen);
    }
    return found_;
  }

 private:
  // Tries every way to choose `more` among the things from `first` on.
  void Choose(int first, size_t more, IndexSet& chosen) {
    if (found_.size() == most_) return;
    if (more == 0) {
      if (MissesAClash(chosen)) return;
      if (enough_(chosen)) {
        found_.push_back(chosen);
      } else {
        clashes_.push_back(ClashWithout(chosen));
      }
      return;
    }
    for (int i = first; i + static_cast<int>(more) <= count_; ++i) {
      chosen.insert(i);
      Choose(i + 1, more - 1, chosen);
      chosen.erase(i);
    }
  }

  bool MissesAClash(const IndexSet& chosen) const {
    return std::any_of(clashes_.begin(), clashes_.end(), [&](const IndexSet& clash) {
      return std::none_of(clash.begin(), clash.end(), [&](int i) { return chosen.count(i) > 0; });
    });
  }

  // A clash that giving up `chosen` leaves, as small as can be: the more is tried in vain, the more
  // it rules out.
  IndexSet ClashWithout(IndexSet chosen) const {
    IndexSet clash;
    for (int i = 0; i < count_; ++i) {
      if (chosen.count(i) > 0) continue;
      if (enough_(Union(chosen, {i}))) {
        clash.insert(i);
      } else {
        chosen.insert(i);
      }
    }
    return clash;
  }

  const int count_;
  const size_t most_;
  const Enough& enough_;
  std::vector<IndexSet> clashes_;
  std::vector<IndexSet> found_;
};

// The members of `items` that are needed beside `base`, by halves: whole halves that are not needed
// cost one trial. `base_is_new`: it was not found wanting before.
std::vector<int> Needed(const IndexSet& base, bool base_is_new, const std::vector<int>& items,
                        const Enough& enough) {
  if (base_is_new && enough(base)) return {};
  if (items.size() <= 1) return items;
  const auto middle = items.begin() + static_cast<long>(items.size() / 2);
  const std::vector<int> first(items.begin(), middle), second(middle, items.end());
  std::vector<int> needed = Needed(Union(base, {first.begin(), first.end()}), true, second, enough);
  const std::vector<int> rest =
      Needed(Union(base, {needed.begin(), needed.end()}), !needed.empty(), first, enough);
  needed.insert(needed.end(), rest.begin(), rest.end());
  return needed;
}

}  // namespace

std::vector<IndexSet> SmallestEnough(int count, size_t most, const Enough& enough) {
  return SmallestSearch(count, most, enough).Run();
}

IndexSet MinimalEnough(int count, const Enough& enough) {
  const IndexSet all = Everything(count);
  const std::vector<int> needed = Needed({}, false, {all.begin(), all.end()}, enough);
  return {needed.begin(), needed.end()};
}

}  // namespace klynge::courses::timetable
