#include "services/organisation/composition.h"

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace klynge::organisation {
namespace {

// Goes through the body's life from one change of its members to the next.
class Sweep {
 public:
  Sweep(const Body& body, const BodyKind& kind,
        const std::vector<const BodyMembership*>& memberships)
      : body_(body), kind_(kind) {
    changes_[body.valid.from];
    for (const BodyMembership* held : memberships) {
      const DateRange within{std::max(held->valid.from, body.valid.from),
                             std::min(held->valid.to, body.valid.to)};
      if (within.empty()) continue;
      changes_[within.from].push_back({held, 1});
      if (within.to < body.valid.to) changes_[within.to].push_back({held, -1});
    }
  }

  std::vector<CompositionGap> Gaps() && {
    for (auto at = changes_.begin(); at != changes_.end(); ++at) {
      for (const auto& [held, step] : at->second) Apply(*held, step);
      const auto next = std::next(at);
      Judge({at->first, next == changes_.end() ? body_.valid.to : next->first});
    }
    std::stable_sort(gaps_.begin(), gaps_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.valid.from, a.seat->role) < std::tie(b.valid.from, b.seat->role);
    });
    return std::move(gaps_);
  }

 private:
  // A person who has two roles is one person: a parent who is the chair.
  void Apply(const BodyMembership& held, int step) {
    counts_[held.role] += step;
    int& roles = roles_of_[held.person_id];
    if (roles == 0) ++persons_;
    roles += step;
    if (roles == 0) --persons_;
  }

  void Judge(const DateRange& period) {
    for (const BodySeat& seat : kind_.seats) {
      const auto counted = counts_.find(seat.role);
      const int count = counted == counts_.end() ? 0 : counted->second;
      if (count < seat.least) {
        Add({&body_, &seat, CompositionProblem::kTooFew, count, seat.least, period});
      }
      if (seat.most > 0 && count > seat.most) {
        Add({&body_, &seat, CompositionProblem::kTooMany, count, seat.least, period});
      }
      if (seat.majority && persons_ > 0 && 2 * count <= persons_) {
        Add({&body_, &seat, CompositionProblem::kNoMajority, count, persons_ / 2 + 1, period});
      }
    }
  }

  // What goes on from the period before is one gap with it.
  void Add(CompositionGap gap) {
    const auto key = std::make_pair(gap.seat, gap.problem);
    const auto before = last_.find(key);
    if (before != last_.end()) {
      CompositionGap& earlier = gaps_[before->second];
      if (earlier.valid.to == gap.valid.from && earlier.count == gap.count &&
          earlier.least == gap.least) {
        earlier.valid.to = gap.valid.to;
        return;
      }
    }
    last_[key] = gaps_.size();
    gaps_.push_back(gap);
  }

  const Body& body_;
  const BodyKind& kind_;
  std::map<Date, std::vector<std::pair<const BodyMembership*, int>>> changes_;
  absl::flat_hash_map<absl::string_view, int> counts_;
  absl::flat_hash_map<absl::string_view, int> roles_of_;
  int persons_ = 0;
  std::map<std::pair<const BodySeat*, CompositionProblem>, size_t> last_;
  std::vector<CompositionGap> gaps_;
};

}  // namespace

std::vector<CompositionGap> GapsOf(const Body& body, const BodyKind& kind,
                                   const std::vector<const BodyMembership*>& memberships) {
  return Sweep(body, kind, memberships).Gaps();
}

}  // namespace klynge::organisation
