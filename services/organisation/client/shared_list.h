// A list whose copies share what is in it until one of them is changed.
//
// So a new revision of a large organisation costs no more than the lists that it changes, and what
// is kept of a list, such as an index, can be kept on as long as the list is the same.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace klynge::organisation {

// Reads as a vector does. Any number of threads may read it and copies of it; whoever changes one
// does so before others see it.
template <class Thing>
class SharedList {
 public:
  using value_type = Thing;
  using const_reference = const Thing&;
  using reference = const_reference;
  using const_iterator = typename std::vector<Thing>::const_iterator;
  using iterator = const_iterator;
  using size_type = size_t;
  using difference_type = std::ptrdiff_t;

  SharedList() = default;
  SharedList(std::vector<Thing> things)  // NOLINT: a vector is a list
      : things_(std::make_shared<std::vector<Thing>>(std::move(things))) {}
  SharedList(std::initializer_list<Thing> things) : SharedList(std::vector<Thing>(things)) {}

  const std::vector<Thing>& all() const {
    static const auto* const none = new std::vector<Thing>();
    return things_ == nullptr ? *none : *things_;
  }
  operator const std::vector<Thing>&() const { return all(); }  // NOLINT: a list is a vector
  const_iterator begin() const { return all().begin(); }
  const_iterator end() const { return all().end(); }
  size_t size() const { return all().size(); }
  bool empty() const { return all().empty(); }
  const Thing& operator[](size_t place) const { return all()[place]; }
  const Thing& front() const { return all().front(); }
  const Thing& back() const { return all().back(); }
  const Thing* data() const { return all().data(); }

  // True when nobody has changed the one since it was copied from the other.
  bool SharesWith(const SharedList& other) const { return things_ == other.things_; }

  // To change it; good until it is copied.
  std::vector<Thing>& Change() {
    if (things_ == nullptr || things_.use_count() > 1) {
      things_ = std::make_shared<std::vector<Thing>>(all());
    }
    return *things_;
  }
  void push_back(Thing thing) { Change().push_back(std::move(thing)); }

  friend bool operator==(const SharedList& a, const SharedList& b) {
    return a.SharesWith(b) || a.all() == b.all();
  }

 private:
  std::shared_ptr<std::vector<Thing>> things_;
};

}  // namespace klynge::organisation
