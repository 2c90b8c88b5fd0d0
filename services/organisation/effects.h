// What begins and ends on which day, whatever its sort: Tree::Indexed<Effects>().
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "klynge/organisation/v1/change.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

class Effects {
 public:
  explicit Effects(const Tree& tree);

  // Places in the order of the days; on a day, what ends comes before what begins, and things in
  // the order of their sorts and ids.
  size_t FirstAfter(Date day) const;
  size_t size() const { return effects_.size(); }
  Date DayOf(size_t place) const { return effects_[place].day; }
  v1::Effect MessageOf(size_t place) const;

 private:
  struct Happening {
    Date day;
    bool begins = false;
    const void* thing = nullptr;  // in the tree
    void (*set)(const void* thing, v1::OrganisationChange* content) = nullptr;
  };
  const int64_t revision_;
  std::vector<Happening> effects_;
};

}  // namespace klynge::organisation
