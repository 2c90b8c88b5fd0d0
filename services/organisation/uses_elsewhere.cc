#include "services/organisation/uses_elsewhere.h"

#include <absl/strings/str_cat.h>

#include <thread>

#include "klynge/courses/v1/courses_service.grpc.pb.h"
#include "klynge/goals/v1/goals_service.grpc.pb.h"
#include "klynge/observations/v1/observations_service.grpc.pb.h"
#include "services/platform/rpc/client/peer.h"
#include "services/platform/rpc/status.h"

namespace klynge::organisation {
namespace {

// What is left when the others have answered is the time to put the preview together.
constexpr rpc::Patience kPatience = {.margin = absl::Milliseconds(200),
                                     .most = UsesElsewhere::kLongest};

std::string WhyMissing(const std::string& service, const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kDeadlineExceeded:
      return absl::StrCat("the ", service, " service did not answer in time");
    case absl::StatusCode::kUnavailable:
      return absl::StrCat("the ", service, " service can't be reached");
    case absl::StatusCode::kUnimplemented:
      return absl::StrCat("the ", service, " service is older and can't be asked for uses yet");
    default:
      return absl::StrCat("the ", service, " service answered ",
                          absl::StatusCodeToString(status.code()), ": ", status.message());
  }
}

// Asks page by page for the uses of up to kMostUnitsAsked units. Once enough are listed, only the
// total is of interest.
template <class Service, class Request, class Response>
absl::Status AskAbout(const rpc::Call& call, rpc::Peer& peer, typename Service::Stub& stub,
                      Request request, UsesThere& there) {
  bool first = true;
  do {
    const size_t room = UsesElsewhere::kMostListed - there.uses.size();
    request.set_page_size(static_cast<int>(std::clamp<size_t>(room, 1, rpc::kMaxPageSize)));
    // The next page may come from another replica, which must not be behind.
    request.set_min_revision(there.revision);
    Response response;
    KLYNGE_RETURN_IF_ERROR(peer.Ask(call, kPatience, *stub.async(),
                                    &Service::Stub::async::ListUnitUses, request, &response));
    if (first) there.total += response.total_size();
    first = false;
    there.revision = response.revision();
    for (auto& use : *response.mutable_uses()) {
      if (there.uses.size() == UsesElsewhere::kMostListed) break;
      there.uses.push_back(std::move(use));
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty() && there.uses.size() < UsesElsewhere::kMostListed);
  return absl::OkStatus();
}

template <class Service, class Request, class Response>
UsesThere AskOne(const rpc::Call& call, const std::string& service, rpc::Peer* peer,
                 const std::vector<std::string>& unit_ids, Date from) {
  UsesThere there;
  there.service = service;
  if (peer == nullptr) {
    there.missing_because = absl::StrCat(
        "the ", service, " service was not asked: this service was started without --", service);
    return there;
  }
  const auto stub = Service::NewStub(peer->channel());
  for (size_t begin = 0; begin < unit_ids.size(); begin += rpc::kMostUnitsAsked) {
    const size_t end = std::min<size_t>(unit_ids.size(), begin + rpc::kMostUnitsAsked);
    Request request;
    request.mutable_unit_ids()->Add(unit_ids.begin() + static_cast<std::ptrdiff_t>(begin),
                                    unit_ids.begin() + static_cast<std::ptrdiff_t>(end));
    request.set_from(FormatDate(from));
    const absl::Status asked =
        AskAbout<Service, Request, Response>(call, *peer, *stub, std::move(request), there);
    if (asked.ok()) continue;
    there.missing_because = WhyMissing(service, asked);
    break;
  }
  return there;
}

}  // namespace

std::vector<UsesThere> UsesElsewhere::Ask(const rpc::Call& call,
                                          const std::vector<std::string>& unit_ids,
                                          Date from) const {
  rpc::Call bounded = call;
  bounded.deadline = std::min(call.deadline, absl::Now() + kLongest);
  std::vector<UsesThere> answers(3);
  {
    const std::jthread asking_goals([&] {
      answers[0] =
          AskOne<goals::v1::GoalsService, goals::v1::ListUnitUsesRequest,
                 goals::v1::ListUnitUsesResponse>(bounded, "goals", goals_, unit_ids, from);
    });
    const std::jthread asking_observations([&] {
      answers[1] =
          AskOne<observations::v1::ObservationsService, observations::v1::ListUnitUsesRequest,
                 observations::v1::ListUnitUsesResponse>(bounded, "observations", observations_,
                                                         unit_ids, from);
    });
    answers[2] =
        AskOne<courses::v1::CoursesService, courses::v1::ListUnitUsesRequest,
               courses::v1::ListUnitUsesResponse>(bounded, "courses", courses_, unit_ids, from);
  }
  return answers;
}

}  // namespace klynge::organisation
