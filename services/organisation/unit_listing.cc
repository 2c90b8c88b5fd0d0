#include "services/organisation/unit_listing.h"

#include "services/organisation/client/convert.h"
#include "services/organisation/client/tree.h"
#include "services/platform/rpc/message_bytes.h"

namespace klynge::organisation {

UnitListing::UnitListing(const Tree& tree)
    : tree_(tree), units_(tree.organisation().units), in_line_(tree, nullptr) {
  bytes_begin_ = {0};
  bytes_begin_.reserve(units_.size() + 1);
  v1::Unit message;
  for (const UnitVersion& unit : units_) {
    ToProto(unit, &message);
    rpc::AppendDelimited(message, &bytes_);
    bytes_begin_.push_back(bytes_.size());
  }
}

UnitPage UnitListing::List(const UnitQuery& query) const {
  return query.hierarchy == nullptr ? in_line_.List(query) : PagesIn(*query.hierarchy).List(query);
}

const UnitPages& UnitListing::PagesIn(const HierarchyTree& hierarchy) const {
  MutexLock lock(&mutex_);
  std::unique_ptr<const UnitPages>& pages = in_others_[&hierarchy];
  if (pages == nullptr) pages = std::make_unique<const UnitPages>(tree_, &hierarchy);
  return *pages;
}

}  // namespace klynge::organisation
