// ListUnitUses, which every service that knows units by id answers alike: what still refers to
// them. Each service finds its uses (Uses in services/<name>/unit_uses.h); what is asked and how it
// is paged is the same.
#pragma once

#include <absl/container/flat_hash_set.h>
#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>
#include <google/protobuf/repeated_field.h>

#include <string>
#include <utility>
#include <vector>

#include "klynge/type/v1/unit_use.pb.h"
#include "services/platform/date.h"
#include "services/platform/rpc/page_token.h"
#include "services/platform/rpc/status.h"

namespace klynge::rpc {

// The most units that one request may name.
inline constexpr int kMostUnitsAsked = 1000;

using UnitUses = std::vector<type::v1::UnitUse>;

// Whose uses are asked for.
struct UnitsAsked {
  absl::flat_hash_set<std::string> unit_ids;
  Date from;

  bool Has(absl::string_view unit_id) const { return unit_ids.contains(unit_id); }
};

// Checks `unit_ids` and `from`; `today` if there is no day. kInvalidArgument with every bad field.
absl::StatusOr<UnitsAsked> CheckUnitsAsked(
    const google::protobuf::RepeatedPtrField<std::string>& unit_ids, const std::string& from,
    Date today);

// A use of the unit, if it lasts until `from` or longer, added to `uses`. `range.to` kOpenEnd: no
// end is known.
void AddUse(const UnitsAsked& asked, const std::string& unit_id, const DateRange& range,
            type::v1::UnitUse use, UnitUses& uses);

// Sorts the uses, and says where the page after `position` begins.
size_t SortUses(UnitUses& uses, const std::string& position);
// The position of a use, to go on after it.
std::string PositionOf(const type::v1::UnitUse& use);

// The answer to a request, but for its revision: find(const UnitsAsked&) returns all uses, in any
// order.
template <class Request, class Response, class Find>
absl::Status AnswerUnitUses(const Request& request, Date today, Find find, Response* response) {
  KLYNGE_ASSIGN_OR_RETURN(const UnitsAsked asked,
                          CheckUnitsAsked(request.unit_ids(), request.from(), today));
  KLYNGE_ASSIGN_OR_RETURN(const int page_size, PageSize(request.page_size()));
  KLYNGE_ASSIGN_OR_RETURN(const std::string position, PagePosition(request));
  UnitUses uses = find(asked);
  const size_t begin = SortUses(uses, position);
  const size_t end = std::min(uses.size(), begin + static_cast<size_t>(page_size));
  response->set_total_size(static_cast<int>(uses.size()));
  if (end < uses.size()) {
    response->set_next_page_token(MakePageToken(request, PositionOf(uses[end - 1])));
  }
  for (size_t i = begin; i < end; ++i) *response->add_uses() = std::move(uses[i]);
  return absl::OkStatus();
}

}  // namespace klynge::rpc
