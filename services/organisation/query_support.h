// What answers to read RPCs share: errors that say what to do, checks, pages.
#pragma once

#include <absl/algorithm/container.h>
#include <absl/status/status.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include <algorithm>
#include <string>
#include <vector>

#include "klynge/organisation/v1/errors.pb.h"
#include "services/organisation/client/tree.h"
#include "services/platform/rpc/page_token.h"
#include "services/platform/rpc/validation.h"

namespace klynge::organisation {

absl::Status UnitNotFound(const Tree& tree, const std::string& unit_id, Date on);
// Of a unit that never exists.
absl::Status UnitUnknown(const std::string& unit_id);
absl::Status PersonNotFound(const std::string& person_id);
absl::Status PositionNotFound(const Tree& tree, const std::string& position_id, Date on);
absl::Status PartnerNotFound(const std::string& partner_id);

absl::Status UnitHasNoTeam(const UnitVersion& unit);

// OK for a unit with a leadership team. kNotFound, UNIT_NOT_FOUND; kFailedPrecondition,
// UNIT_HAS_NO_TEAM.
absl::Status CheckHasTeam(const Tree& tree, const std::string& unit_id, Date on);

// OK when there are none.
inline absl::Status WrongFields(const Violations& violations) {
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
}

// Adds a violation for each code that `find` does not know; `where` is the RPC that shows them.
template <class Codes, class Find>
void CheckCodes(Violations& violations, absl::string_view field, const Codes& codes,
                absl::string_view where, Find find) {
  for (int i = 0; i < codes.size(); ++i) {
    if (find(codes[i])) continue;
    violations.Add(
        absl::StrCat(field, "[", i, "]"),
        absl::StrCat("\"", codes[i], "\" is not known; ", where, " shows those that are"));
  }
}

// Whether a filter of codes lets this one through: an empty filter lets all.
template <class Codes>
bool LetsThrough(const Codes& filter, absl::string_view code) {
  return filter.empty() || absl::c_linear_search(filter, code);
}

// Adds violations for the fields unit_id and include_subtree of a request.
template <class Request>
void CheckScope(Violations& violations, const Request& request) {
  if (!request.unit_id().empty()) RequireId(violations, "unit_id", request.unit_id());
  if (request.include_subtree() && request.unit_id().empty()) {
    violations.Add("include_subtree", "needs unit_id: the top of the subtree");
  }
}

// The units that unit_id and include_subtree of a request name on a day. kNotFound,
// UNIT_NOT_FOUND.
template <class Request>
absl::StatusOr<std::vector<std::string>> UnitsInScope(const Tree& tree, const Request& request,
                                                      Date on) {
  if (tree.FindUnit(request.unit_id(), on) == nullptr) {
    return UnitNotFound(tree, request.unit_id(), on);
  }
  if (!request.include_subtree()) return std::vector<std::string>{request.unit_id()};
  return tree.Subtree(request.unit_id(), on);
}

// Puts one page of `all`, pointers sorted by what `id_of` gives, into the response; the token of
// the next page is the last id of this one.
template <class Things, class Request, class Response, class IdOf, class Add>
absl::Status Page(const Things& all, const Request& request, Response* response, IdOf id_of,
                  Add add) {
  KLYNGE_ASSIGN_OR_RETURN(const int size, rpc::PageSize(request.page_size()));
  KLYNGE_ASSIGN_OR_RETURN(const std::string last, rpc::PagePosition(request));
  auto from = std::upper_bound(
      all.begin(), all.end(), last,
      [&](const std::string& id, const auto* thing) { return id < id_of(*thing); });
  const auto to = all.end() - from > size ? from + size : all.end();
  for (; from != to; ++from) add(**from);
  if (to != all.end()) {
    response->set_next_page_token(rpc::MakePageToken(request, id_of(**std::prev(to))));
  }
  response->set_total_size(static_cast<int64_t>(all.size()));
  return absl::OkStatus();
}

}  // namespace klynge::organisation
