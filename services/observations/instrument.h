// Instruments: what is observed and how it is rated.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/status/status.h>
#include <absl/strings/string_view.h>

#include <string>
#include <vector>

#include "klynge/observations/v1/instrument.pb.h"

namespace klynge::observations {

// OK when the instrument may be published; else kInvalidArgument, INVALID_FIELDS, with every wrong
// field.
absl::Status CheckInstrument(const v1::Instrument& instrument);

// True when both say the same: all fields but version and published_at are equal.
bool SameContent(const v1::Instrument& a, const v1::Instrument& b);

// A published version, compiled for judging ratings and gathering figures. Immutable; any number of
// threads may read it.
class Instrument {
 public:
  struct Item {
    std::string item_id;
    std::string scale_id;
    std::string quality_area;
    std::string guidepost_code;
    int minimum = 0;
    int maximum = 0;
    int favourable_from = 0;
  };

  // `published` must have passed CheckInstrument.
  explicit Instrument(v1::Instrument published);

  const v1::Instrument& proto() const { return proto_; }
  // In the order of the form.
  const std::vector<Item>& items() const { return items_; }
  // The item's place in items(); -1 when there is none.
  int FindItem(absl::string_view item_id) const;
  bool HasPerspective(absl::string_view code) const { return perspectives_.contains(code); }
  bool HasObserverRole(absl::string_view code) const { return observer_roles_.contains(code); }

 private:
  v1::Instrument proto_;
  std::vector<Item> items_;
  absl::flat_hash_map<std::string, int> by_id_;
  absl::flat_hash_set<std::string> perspectives_;
  absl::flat_hash_set<std::string> observer_roles_;
};

}  // namespace klynge::observations
