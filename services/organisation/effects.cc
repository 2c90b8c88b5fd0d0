#include "services/organisation/effects.h"

#include <algorithm>
#include <tuple>

#include "services/organisation/content.h"

namespace klynge::organisation {

Effects::Effects(const Tree& tree) : revision_(tree.revision()) {
  ForEachSort([&](auto sort) {
    using Thing = typename decltype(sort)::Type;
    const auto set = [](const void* thing, v1::OrganisationChange* content) {
      SetContent(*static_cast<const Thing*>(thing), content);
    };
    // Dates are what the proto calls so: not all sorts have both.
    typename Kept<Thing>::Proto proto;
    for (const Thing& thing : ListOf<Thing>(tree.organisation())) {
      proto.Clear();
      ToProto(thing, &proto);
      if (const auto from = ParseDate(TextIn(proto, "valid_from"))) {
        effects_.push_back({*from, true, &thing, set});
      }
      if (const auto to = ParseDate(TextIn(proto, "valid_to"))) {
        effects_.push_back({*to, false, &thing, set});
      }
    }
  });
  std::stable_sort(effects_.begin(), effects_.end(), [](const Happening& a, const Happening& b) {
    return std::tie(a.day, a.begins) < std::tie(b.day, b.begins);
  });
}

size_t Effects::FirstAfter(Date day) const {
  const auto found =
      std::upper_bound(effects_.begin(), effects_.end(), day,
                       [](Date date, const Happening& effect) { return date < effect.day; });
  return static_cast<size_t>(found - effects_.begin());
}

v1::Effect Effects::MessageOf(size_t place) const {
  const Happening& effect = effects_[place];
  v1::Effect message;
  message.set_kind(effect.begins ? v1::EFFECT_KIND_BEGAN : v1::EFFECT_KIND_ENDED);
  message.set_date(FormatDate(effect.day));
  message.set_revision(revision_);
  effect.set(effect.thing, message.mutable_thing());
  return message;
}

}  // namespace klynge::organisation
