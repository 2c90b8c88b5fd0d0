#include "services/platform/rpc/unit_uses.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "klynge/type/v1/errors.pb.h"
#include "services/platform/rpc/validation.h"

namespace klynge::rpc {

absl::StatusOr<UnitsAsked> CheckUnitsAsked(
    const google::protobuf::RepeatedPtrField<std::string>& unit_ids, const std::string& from,
    Date today) {
  Violations violations;
  UnitsAsked asked;
  if (unit_ids.empty() || unit_ids.size() > kMostUnitsAsked) {
    violations.Add("unit_ids", absl::StrCat("has ", unit_ids.size(), " entries; give 1 to ",
                                            kMostUnitsAsked, " units"));
  } else {
    for (int i = 0; i < unit_ids.size(); ++i) {
      RequireId(violations, absl::StrCat("unit_ids[", i, "]"), unit_ids[i]);
      asked.unit_ids.insert(unit_ids[i]);
    }
  }
  asked.from = DateOr(violations, "from", from, today);
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(type::v1::ERROR_REASON_INVALID_FIELDS));
  return asked;
}

void AddUse(const UnitsAsked& asked, const std::string& unit_id, const DateRange& range,
            type::v1::UnitUse use, UnitUses& uses) {
  if (!asked.Has(unit_id) || range.to <= asked.from) return;
  use.set_unit_id(unit_id);
  if (range.from != kOpenStart) use.set_valid_from(FormatDate(range.from));
  use.set_valid_to(FormatEnd(range.to));
  uses.push_back(std::move(use));
}

// A space sorts before everything that an id may contain.
std::string PositionOf(const type::v1::UnitUse& use) {
  return absl::StrCat(use.unit_id(), " ", use.sort(), " ", use.id(), " ", use.valid_from());
}

size_t SortUses(UnitUses& uses, const std::string& position) {
  std::vector<std::pair<std::string, size_t>> order;
  order.reserve(uses.size());
  for (size_t i = 0; i < uses.size(); ++i) order.emplace_back(PositionOf(uses[i]), i);
  std::sort(order.begin(), order.end());
  UnitUses sorted;
  sorted.reserve(uses.size());
  size_t begin = 0;
  for (const auto& [key, place] : order) {
    if (!position.empty() && key <= position) ++begin;
    sorted.push_back(std::move(uses[place]));
  }
  uses = std::move(sorted);
  return begin;
}

}  // namespace klynge::rpc
