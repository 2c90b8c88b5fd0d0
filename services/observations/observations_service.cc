#include "services/observations/observations_service.h"

#include <absl/functional/bind_front.h>

#include "klynge/observations/v1/errors.pb.h"
#include "services/observations/aggregate_query.h"
#include "services/observations/compare_rounds.h"
#include "services/observations/observations_store.h"
#include "services/observations/page.h"
#include "services/observations/query_scope.h"
#include "services/observations/recorder.h"
#include "services/observations/unit_uses.h"
#include "services/platform/rpc/status.h"
#include "services/platform/rpc/validation.h"

namespace klynge::observations {
namespace {

constexpr int kDefaultList = 50;
constexpr int kMostInstruments = 200;
constexpr int kMostRounds = 500;

absl::Status ListInstrumentsFrom(const Catalogue& catalogue,
                                 const v1::ListInstrumentsRequest& request,
                                 v1::ListInstrumentsResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(const Page page, PageOf(request, kDefaultList, kMostInstruments));
  const auto total = static_cast<int64_t>(catalogue.instruments.size());
  int64_t place = 0;
  for (const auto& [id, versions] : catalogue.instruments) {
    if (place >= page.begin && place < page.End(total)) {
      *response->add_instruments() = versions.back()->proto();
    }
    ++place;
  }
  SetNextPage(request, page, total, response);
  return absl::OkStatus();
}

absl::Status ListRoundsFrom(const Catalogue& catalogue, const organisation::Tree* organisation,
                            const v1::ListRoundsRequest& request,
                            v1::ListRoundsResponse* response) {
  Violations violations;
  DateOr(violations, "tree_as_of", request.tree_as_of(), kOpenStart);
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  KLYNGE_ASSIGN_OR_RETURN(const Page page, PageOf(request, kDefaultList, kMostRounds));
  std::vector<std::shared_ptr<const Round>> rounds;
  for (auto& round : catalogue.RoundsInOrder()) {
    const v1::Round& proto = round->proto;
    if ((!request.instrument_id().empty() && proto.instrument_id() != request.instrument_id()) ||
        (request.state() != v1::ROUND_STATE_UNSPECIFIED && proto.state() != request.state()) ||
        (!request.unit_id().empty() &&
         ViewOf(round, organisation, request.tree_as_of()).tree().Find(request.unit_id()) < 0)) {
      continue;
    }
    rounds.push_back(std::move(round));
  }
  const auto total = static_cast<int64_t>(rounds.size());
  for (int64_t place = page.begin; place < page.End(total); ++place) {
    *response->add_rounds() = rounds[place]->proto;
  }
  SetNextPage(request, page, total, response);
  return absl::OkStatus();
}

absl::Status GetRoundFrom(const Catalogue& catalogue, const v1::GetRoundRequest& request,
                          v1::GetRoundResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(const auto round, catalogue.RequireRound(request.round_id()));
  *response->mutable_round() = round->proto;
  if (!request.include_units()) return absl::OkStatus();
  for (const auto& node : round->tree->nodes()) {
    v1::RoundUnit* unit = response->add_units();
    unit->set_unit_id(node.unit.unit_id);
    unit->set_kind(node.unit.kind);
    unit->set_name(node.unit.name);
    unit->set_parent_id(node.unit.parent_id);
    unit->set_observed(node.leaf);
  }
  return absl::OkStatus();
}

}  // namespace

ObservationsService::ObservationsService(sql::Database& database, rpc::Runtime& runtime,
                                         organisation::TreeSource& tree, int small_group_threshold)
    : database_(database),
      tree_(tree),
      small_group_threshold_(small_group_threshold),
      dispatcher_(runtime, v1::ObservationsService::service_full_name()),
      catalogue_(database, LoadCatalogue) {}

absl::Status ObservationsService::Warm(absl::Time deadline) {
  return catalogue_.AtLeast(0, deadline).status();
}

template <class Request, class Response, class Answer>
grpc::ServerUnaryReactor* ObservationsService::Read(const char* rpc,
                                                    grpc::CallbackServerContext* context,
                                                    const Request* request, Response* response,
                                                    Answer answer) {
  if (auto held = catalogue_.IfFresh(request->min_revision()); held.model) {
    return dispatcher_.Inline(
        rpc, context, request, response,
        [held, answer](const rpc::Call& call, const Request& asked, Response* out) {
          out->set_revision(held.revision);
          return answer(call, *held.model, asked, out);
        });
  }
  return dispatcher_.Unary(
      rpc, context, request, response,
      [this, answer](const rpc::Call& call, const Request& asked, Response* out) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(const auto held,
                                catalogue_.AtLeast(asked.min_revision(), call.deadline));
        out->set_revision(held.revision);
        return answer(call, *held.model, asked, out);
      });
}

template <class Request, class Response>
grpc::ServerUnaryReactor* ObservationsService::ReadOverTree(const char* rpc,
                                                            grpc::CallbackServerContext* context,
                                                            const Request* request,
                                                            Response* response,
                                                            OverTree<Request, Response> answer) {
  if (request->tree_as_of().empty()) {
    return Read(rpc, context, request, response,
                [answer](const rpc::Call&, const Catalogue& catalogue, const Request& asked,
                         Response* out) { return answer(catalogue, nullptr, asked, out); });
  }
  // The organisation is asked for its newest tree: not on gRPC's thread.
  return dispatcher_.Unary(
      rpc, context, request, response,
      [this, answer](const rpc::Call& call, const Request& asked, Response* out) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(const auto newest, tree_.Current(call));
        KLYNGE_RETURN_IF_ERROR(newest.Reaches(asked.min_organisation_revision()));
        KLYNGE_ASSIGN_OR_RETURN(const auto held,
                                catalogue_.AtLeast(asked.min_revision(), call.deadline));
        out->set_revision(held.revision);
        out->set_organisation_revision(newest.tree->revision());
        return newest.Vouch(v1::ERROR_REASON_UNIT_NOT_FOUND,
                            answer(*held.model, newest.tree.get(), asked, out));
      });
}

grpc::ServerUnaryReactor* ObservationsService::PublishInstrument(
    grpc::CallbackServerContext* context, const v1::PublishInstrumentRequest* request,
    v1::PublishInstrumentResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&ObservationsService::HandlePublish, this));
}

grpc::ServerUnaryReactor* ObservationsService::GetInstrument(
    grpc::CallbackServerContext* context, const v1::GetInstrumentRequest* request,
    v1::GetInstrumentResponse* response) {
  return Read(
      __func__, context, request, response,
      [](const rpc::Call&, const Catalogue& catalogue, const v1::GetInstrumentRequest& asked,
         v1::GetInstrumentResponse* out) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(const auto instrument,
                                catalogue.FindInstrument(asked.instrument_id(), asked.version()));
        *out->mutable_instrument() = instrument->proto();
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* ObservationsService::ListInstruments(
    grpc::CallbackServerContext* context, const v1::ListInstrumentsRequest* request,
    v1::ListInstrumentsResponse* response) {
  return Read(
      __func__, context, request, response,
      [](const rpc::Call&, const Catalogue& catalogue, const v1::ListInstrumentsRequest& asked,
         v1::ListInstrumentsResponse* out) { return ListInstrumentsFrom(catalogue, asked, out); });
}

grpc::ServerUnaryReactor* ObservationsService::CreateRound(grpc::CallbackServerContext* context,
                                                           const v1::CreateRoundRequest* request,
                                                           v1::CreateRoundResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&ObservationsService::HandleCreate, this));
}

grpc::ServerUnaryReactor* ObservationsService::GetRound(grpc::CallbackServerContext* context,
                                                        const v1::GetRoundRequest* request,
                                                        v1::GetRoundResponse* response) {
  return Read(__func__, context, request, response,
              [](const rpc::Call&, const Catalogue& catalogue, const v1::GetRoundRequest& asked,
                 v1::GetRoundResponse* out) { return GetRoundFrom(catalogue, asked, out); });
}

grpc::ServerUnaryReactor* ObservationsService::ListRounds(grpc::CallbackServerContext* context,
                                                          const v1::ListRoundsRequest* request,
                                                          v1::ListRoundsResponse* response) {
  return ReadOverTree(__func__, context, request, response, &ListRoundsFrom);
}

grpc::ServerUnaryReactor* ObservationsService::CloseRound(grpc::CallbackServerContext* context,
                                                          const v1::CloseRoundRequest* request,
                                                          v1::CloseRoundResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&ObservationsService::HandleClose, this));
}

grpc::ServerReadReactor<v1::RecordObservationsRequest>* ObservationsService::RecordObservations(
    grpc::CallbackServerContext* context, v1::RecordObservationsResponse* response) {
  using Request = v1::RecordObservationsRequest;
  using Response = v1::RecordObservationsResponse;
  return dispatcher_.ClientStream<Request, Response>(
      __func__, context, response, std::make_unique<Recorder>(database_, catalogue_, tree_));
}

grpc::ServerUnaryReactor* ObservationsService::QueryAggregates(
    grpc::CallbackServerContext* context, const v1::QueryAggregatesRequest* request,
    v1::QueryAggregatesResponse* response) {
  return ReadOverTree(__func__, context, request, response, &observations::QueryAggregates);
}

grpc::ServerUnaryReactor* ObservationsService::CompareRounds(
    grpc::CallbackServerContext* context, const v1::CompareRoundsRequest* request,
    v1::CompareRoundsResponse* response) {
  return ReadOverTree(__func__, context, request, response, &observations::CompareRounds);
}

grpc::ServerUnaryReactor* ObservationsService::ListUnitUses(grpc::CallbackServerContext* context,
                                                            const v1::ListUnitUsesRequest* request,
                                                            v1::ListUnitUsesResponse* response) {
  return Read(__func__, context, request, response,
              [this](const rpc::Call&, const Catalogue& catalogue,
                     const v1::ListUnitUsesRequest& asked, v1::ListUnitUsesResponse* out) {
                const Date today = Today(database_.clock());
                const auto find = [&](const rpc::UnitsAsked& units) {
                  return UsesOf(units, catalogue, today);
                };
                return rpc::AnswerUnitUses(asked, today, find, out);
              });
}

}  // namespace klynge::observations
