// One page of a long list that is known by its length: pages start at a place counted from 0.
#pragma once

#include <absl/status/statusor.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cstdint>

#include "klynge/observations/v1/errors.pb.h"
#include "services/platform/rpc/page_token.h"
#include "services/platform/rpc/status.h"

namespace klynge::observations {

struct Page {
  int64_t begin = 0;
  int64_t size = 0;

  int64_t End(int64_t total) const { return begin < total ? std::min(total, begin + size) : total; }
};

// The page that a request with page_size and page_token asks for. kInvalidArgument for a negative
// size and for a token that is not this request's.
template <class Request>
absl::StatusOr<Page> PageOf(const Request& request, int default_size, int most) {
  if (request.page_size() < 0) {
    Violations violations;
    violations.Add("page_size",
                   absl::StrCat("is ", request.page_size(), "; 0 to ", most, " are allowed"));
    return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
  }
  KLYNGE_ASSIGN_OR_RETURN(const std::string position, rpc::PagePosition(request));
  Page page;
  page.size = request.page_size() == 0 ? default_size : std::min(request.page_size(), most);
  if (position.empty() || (absl::SimpleAtoi(position, &page.begin) && page.begin >= 0)) return page;
  Violations violations;
  violations.Add("page_token", "was not given by this service; send the next_page_token as it was");
  return violations.ToStatus(absl::StatusCode::kInvalidArgument, "INVALID_PAGE_TOKEN", "");
}

// Tells the response where the next page begins, if there is one.
template <class Request, class Response>
void SetNextPage(const Request& request, const Page& page, int64_t total, Response* response) {
  const int64_t end = page.End(total);
  if (end < total) {
    response->set_next_page_token(rpc::MakePageToken(request, absl::StrCat(end)));
  }
}

}  // namespace klynge::observations
