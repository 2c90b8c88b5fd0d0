// What of a unit only the organisation service shows: where it is, and for how many children. It is
// not in the snapshot that others fetch.
#pragma once

#include <memory>
#include <string>
#include <utility>

namespace klynge::organisation {

struct Address {
  std::string street;
  std::string postal_code;
  std::string city;

  bool operator==(const Address&) const = default;
};

struct Capacity {
  int children = 0;  // 0: not known
  int youngest_age = 0;
  int oldest_age = 0;

  bool operator==(const Capacity&) const = default;
};

struct UnitDetails {
  Address address;
  Capacity capacity;

  bool operator==(const UnitDetails&) const = default;
};

// The details of a version of a unit, shared by its copies; where none are known they take no room.
class SharedDetails {
 public:
  SharedDetails() = default;
  explicit SharedDetails(UnitDetails details) {
    if (details != UnitDetails{}) {
      details_ = std::make_shared<const UnitDetails>(std::move(details));
    }
  }

  // Null when nothing is known.
  const UnitDetails* get() const { return details_.get(); }
  bool operator==(const SharedDetails& other) const {
    if (get() == other.get()) return true;
    return get() != nullptr && other.get() != nullptr && *get() == *other.get();
  }

 private:
  std::shared_ptr<const UnitDetails> details_;
};

}  // namespace klynge::organisation
