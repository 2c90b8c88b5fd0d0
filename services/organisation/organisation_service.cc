#include "services/organisation/organisation_service.h"

#include <absl/functional/bind_front.h>
#include <absl/strings/str_cat.h>

#include <utility>

#include "klynge/organisation/v1/errors.pb.h"
#include "services/organisation/body_queries.h"
#include "services/organisation/change_queries.h"
#include "services/organisation/client/convert.h"
#include "services/organisation/code_queries.h"
#include "services/organisation/competence_queries.h"
#include "services/organisation/distribution_queries.h"
#include "services/organisation/erasure.h"
#include "services/organisation/export.h"
#include "services/organisation/hierarchy_queries.h"
#include "services/organisation/import_stream.h"
#include "services/organisation/lineage_queries.h"
#include "services/organisation/organisation_store.h"
#include "services/organisation/partner_queries.h"
#include "services/organisation/position_queries.h"
#include "services/organisation/queries.h"
#include "services/organisation/query_support.h"
#include "services/organisation/responsibility_matrix_queries.h"
#include "services/organisation/responsibility_queries.h"
#include "services/organisation/team_queries.h"
#include "services/platform/rpc/status.h"
#include "services/platform/sql/idempotent_write.h"

namespace klynge::organisation {
namespace {

absl::StatusOr<std::shared_ptr<const Tree>> LoadNewest(sql::Session& session,
                                                       std::shared_ptr<const Tree> previous,
                                                       int64_t) {
  KLYNGE_ASSIGN_OR_RETURN(const int64_t revision, RevisionIn(session));
  return LoadTree(session, previous, revision);
}

}  // namespace

OrganisationService::OrganisationService(rpc::Runtime& runtime, sql::Database& database,
                                         shared_state::SharedState& shared_state,
                                         const UsesElsewhere& elsewhere, WatchOptions watch)
    : database_(database),
      dispatcher_(runtime, v1::OrganisationService::service_full_name()),
      trees_(database, LoadNewest),
      known_trees_(database, trees_),
      reorganisations_(database, trees_, elsewhere),
      watchers_(database, trees_, watch),
      publisher_(database, trees_, shared_state) {
  ReadAsBytes<v1::GetUnitRequest>("GetUnit");
  ReadAsBytes<v1::ListUnitsRequest>("ListUnits");
}

void OrganisationService::NotifyRevision(int64_t revision) {
  trees_.NotifyRevision(revision);
  watchers_.NotifyRevision(revision);
  publisher_.NotifyRevision(revision);
}

template <class Request, class Response>
grpc::ServerUnaryReactor* OrganisationService::Read(const char* rpc,
                                                    grpc::CallbackServerContext* context,
                                                    const Request* request, Response* response) {
  if (request->has_known_at()) return ReadKnownAt(rpc, context, request, response);
  const Clock& clock = database_.clock();
  if (auto held = trees_.IfFresh(request->min_revision()); held.model != nullptr) {
    return dispatcher_.Inline(rpc, context, request, response,
                              [&clock, tree = std::move(held.model)](
                                  const rpc::Call&, const Request& asked, Response* answer) {
                                return Answer(*tree, Today(clock), asked, answer);
                              });
  }
  return ReadOnExecutor(rpc, context, request, response);
}

template <class Request, class Response>
grpc::ServerUnaryReactor* OrganisationService::ReadOnExecutor(const char* rpc,
                                                              grpc::CallbackServerContext* context,
                                                              const Request* request,
                                                              Response* response) {
  if (request->has_known_at()) return ReadKnownAt(rpc, context, request, response);
  return dispatcher_.Unary(
      rpc, context, request, response,
      [this](const rpc::Call& call, const Request& asked, Response* answer) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(const auto held,
                                trees_.AtLeast(asked.min_revision(), call.deadline));
        return Answer(*held.model, Today(database_.clock()), asked, answer);
      });
}

template <class Request, class Response>
grpc::ServerUnaryReactor* OrganisationService::ReadKnownAt(const char* rpc,
                                                           grpc::CallbackServerContext* context,
                                                           const Request* request,
                                                           Response* response) {
  return dispatcher_.Unary(
      rpc, context, request, response,
      [this](const rpc::Call& call, const Request& asked, Response* answer) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(
            const auto tree,
            known_trees_.At(asked.known_at(), asked.min_revision(), call.deadline));
        // Binds page tokens to the revision: see rpc::MakePageToken.
        Request of_revision = asked;
        of_revision.set_min_revision(tree->revision());
        return Answer(*tree, Today(database_.clock()), of_revision, answer);
      });
}

template <class Request>
void OrganisationService::ReadAsBytes(const char* rpc) {
  AnswerWithBytes<Request>(rpc, [this, rpc](grpc::CallbackServerContext* context,
                                            const Request* request, grpc::ByteBuffer* response) {
    return Read(rpc, context, request, response);
  });
}

grpc::ServerReadReactor<v1::ImportOrganisationRequest>* OrganisationService::ImportOrganisation(
    grpc::CallbackServerContext* context, v1::ImportOrganisationResponse* response) {
  return dispatcher_.ClientStream<v1::ImportOrganisationRequest, v1::ImportOrganisationResponse>(
      __func__, context, response, std::make_unique<ImportStream>(database_, trees_));
}

grpc::ServerWriteReactor<v1::ExportOrganisationResponse>* OrganisationService::ExportOrganisation(
    grpc::CallbackServerContext* context, const v1::ExportOrganisationRequest* request) {
  return dispatcher_.ServerStream<v1::ExportOrganisationRequest, v1::ExportOrganisationResponse>(
      __func__, context, request,
      [this](const rpc::Call& call, const v1::ExportOrganisationRequest& asked, auto stream) {
        stream->Finish(HandleExport(call, asked, *stream));
      });
}

absl::Status OrganisationService::HandleExport(
    const rpc::Call& call, const v1::ExportOrganisationRequest& request,
    rpc::ResponseStream<v1::ExportOrganisationResponse>& stream) {
  constexpr size_t kMostWaiting = 8;
  std::shared_ptr<const Tree> tree;
  if (request.has_known_at()) {
    KLYNGE_ASSIGN_OR_RETURN(
        tree, known_trees_.At(request.known_at(), request.min_revision(), call.deadline));
  } else {
    KLYNGE_ASSIGN_OR_RETURN(const auto held, trees_.AtLeast(request.min_revision(), call.deadline));
    tree = held.model;
  }
  return Export(*tree, request, [&](std::string chunk) {
    v1::ExportOrganisationResponse response;
    response.set_chunk(std::move(chunk));
    response.set_revision(tree->revision());
    return stream.WaitForRoom(kMostWaiting) && stream.Send(std::move(response));
  });
}

grpc::ServerUnaryReactor* OrganisationService::ListUnitKinds(
    grpc::CallbackServerContext* context, const v1::ListUnitKindsRequest* request,
    v1::ListUnitKindsResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListHierarchies(
    grpc::CallbackServerContext* context, const v1::ListHierarchiesRequest* request,
    v1::ListHierarchiesResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListPlacements(
    grpc::CallbackServerContext* context, const v1::ListPlacementsRequest* request,
    v1::ListPlacementsResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListCodeRegisters(
    grpc::CallbackServerContext* context, const v1::ListCodeRegistersRequest* request,
    v1::ListCodeRegistersResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::FindByCode(grpc::CallbackServerContext* context,
                                                          const v1::FindByCodeRequest* request,
                                                          v1::FindByCodeResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListCodes(grpc::CallbackServerContext* context,
                                                         const v1::ListCodesRequest* request,
                                                         v1::ListCodesResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListRoles(grpc::CallbackServerContext* context,
                                                         const v1::ListRolesRequest* request,
                                                         v1::ListRolesResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::GetPerson(grpc::CallbackServerContext* context,
                                                         const v1::GetPersonRequest* request,
                                                         v1::GetPersonResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListAssignments(
    grpc::CallbackServerContext* context, const v1::ListAssignmentsRequest* request,
    v1::ListAssignmentsResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::GetLeadershipTeam(
    grpc::CallbackServerContext* context, const v1::GetLeadershipTeamRequest* request,
    v1::GetLeadershipTeamResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::GetPosition(grpc::CallbackServerContext* context,
                                                           const v1::GetPositionRequest* request,
                                                           v1::GetPositionResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListPositions(
    grpc::CallbackServerContext* context, const v1::ListPositionsRequest* request,
    v1::ListPositionsResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::GetResponsibleLeader(
    grpc::CallbackServerContext* context, const v1::GetResponsibleLeaderRequest* request,
    v1::GetResponsibleLeaderResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::CompareLeadershipTeam(
    grpc::CallbackServerContext* context, const v1::CompareLeadershipTeamRequest* request,
    v1::CompareLeadershipTeamResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ErasePerson(grpc::CallbackServerContext* context,
                                                           const v1::ErasePersonRequest* request,
                                                           v1::ErasePersonResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&OrganisationService::HandleErasePerson, this));
}

absl::Status OrganisationService::HandleErasePerson(const rpc::Call& call,
                                                    const v1::ErasePersonRequest& request,
                                                    v1::ErasePersonResponse* response) {
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(const auto before, trees_.InWrite(transaction));
        return ErasePersonIn(*before, Today(database_.clock()), request, transaction, response);
      });
}

grpc::ServerUnaryReactor* OrganisationService::ListBodyKinds(
    grpc::CallbackServerContext* context, const v1::ListBodyKindsRequest* request,
    v1::ListBodyKindsResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::GetBody(grpc::CallbackServerContext* context,
                                                       const v1::GetBodyRequest* request,
                                                       v1::GetBodyResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListBodies(grpc::CallbackServerContext* context,
                                                          const v1::ListBodiesRequest* request,
                                                          v1::ListBodiesResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListBodyMemberships(
    grpc::CallbackServerContext* context, const v1::ListBodyMembershipsRequest* request,
    v1::ListBodyMembershipsResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListCompositionGaps(
    grpc::CallbackServerContext* context, const v1::ListCompositionGapsRequest* request,
    v1::ListCompositionGapsResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListPartnershipKinds(
    grpc::CallbackServerContext* context, const v1::ListPartnershipKindsRequest* request,
    v1::ListPartnershipKindsResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListPartners(grpc::CallbackServerContext* context,
                                                            const v1::ListPartnersRequest* request,
                                                            v1::ListPartnersResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListPartnerships(
    grpc::CallbackServerContext* context, const v1::ListPartnershipsRequest* request,
    v1::ListPartnershipsResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListHandovers(
    grpc::CallbackServerContext* context, const v1::ListHandoversRequest* request,
    v1::ListHandoversResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListTransitionGaps(
    grpc::CallbackServerContext* context, const v1::ListTransitionGapsRequest* request,
    v1::ListTransitionGapsResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListCompetences(
    grpc::CallbackServerContext* context, const v1::ListCompetencesRequest* request,
    v1::ListCompetencesResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListHeldCompetences(
    grpc::CallbackServerContext* context, const v1::ListHeldCompetencesRequest* request,
    v1::ListHeldCompetencesResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::FindCompetence(
    grpc::CallbackServerContext* context, const v1::FindCompetenceRequest* request,
    v1::FindCompetenceResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::GetTeamCompetences(
    grpc::CallbackServerContext* context, const v1::GetTeamCompetencesRequest* request,
    v1::GetTeamCompetencesResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::GetLineage(grpc::CallbackServerContext* context,
                                                          const v1::GetLineageRequest* request,
                                                          v1::GetLineageResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::CreateReorganisation(
    grpc::CallbackServerContext* context, const v1::CreateReorganisationRequest* request,
    v1::CreateReorganisationResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&Reorganisations::Create, &reorganisations_));
}

grpc::ServerUnaryReactor* OrganisationService::UpdateReorganisation(
    grpc::CallbackServerContext* context, const v1::UpdateReorganisationRequest* request,
    v1::UpdateReorganisationResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&Reorganisations::Update, &reorganisations_));
}

grpc::ServerUnaryReactor* OrganisationService::PreviewReorganisation(
    grpc::CallbackServerContext* context, const v1::PreviewReorganisationRequest* request,
    v1::PreviewReorganisationResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&Reorganisations::Preview, &reorganisations_));
}

grpc::ServerUnaryReactor* OrganisationService::CommitReorganisation(
    grpc::CallbackServerContext* context, const v1::CommitReorganisationRequest* request,
    v1::CommitReorganisationResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&Reorganisations::Commit, &reorganisations_));
}

grpc::ServerUnaryReactor* OrganisationService::DiscardReorganisation(
    grpc::CallbackServerContext* context, const v1::DiscardReorganisationRequest* request,
    v1::DiscardReorganisationResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&Reorganisations::Discard, &reorganisations_));
}

grpc::ServerUnaryReactor* OrganisationService::GetReorganisation(
    grpc::CallbackServerContext* context, const v1::GetReorganisationRequest* request,
    v1::GetReorganisationResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&Reorganisations::Get, &reorganisations_));
}

grpc::ServerUnaryReactor* OrganisationService::ListReorganisations(
    grpc::CallbackServerContext* context, const v1::ListReorganisationsRequest* request,
    v1::ListReorganisationsResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&Reorganisations::List, &reorganisations_));
}

grpc::ServerUnaryReactor* OrganisationService::ListTasks(grpc::CallbackServerContext* context,
                                                         const v1::ListTasksRequest* request,
                                                         v1::ListTasksResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ListResponsibilities(
    grpc::CallbackServerContext* context, const v1::ListResponsibilitiesRequest* request,
    v1::ListResponsibilitiesResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::GetResponsibilityMatrix(
    grpc::CallbackServerContext* context, const v1::GetResponsibilityMatrixRequest* request,
    v1::GetResponsibilityMatrixResponse* response) {
  return Read(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::ProposeDistribution(
    grpc::CallbackServerContext* context, const v1::ProposeDistributionRequest* request,
    v1::ProposeDistributionResponse* response) {
  // The search takes longer than a callback thread may be held.
  return ReadOnExecutor(__func__, context, request, response);
}

grpc::ServerUnaryReactor* OrganisationService::GetSnapshot(grpc::CallbackServerContext* context,
                                                           const v1::GetSnapshotRequest* request,
                                                           v1::GetSnapshotResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&OrganisationService::HandleGetSnapshot, this));
}

// The newest means the newest of all replicas, so the database is asked.
absl::Status OrganisationService::HandleGetSnapshot(const rpc::Call& call,
                                                    const v1::GetSnapshotRequest& request,
                                                    v1::GetSnapshotResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(const int64_t newest, database_.Revision(call.deadline));
  KLYNGE_ASSIGN_OR_RETURN(const auto held,
                          trees_.AtLeast(std::max(newest, request.min_revision()), call.deadline));
  const Tree& tree = *held.model;
  response->set_revision(tree.revision());
  if (request.known_revision() == tree.revision() && tree.revision() > 0) {
    response->set_unchanged(true);
  } else {
    *response->mutable_snapshot() = ToSnapshot(tree.organisation(), tree.revision());
  }
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* OrganisationService::ListChanges(grpc::CallbackServerContext* context,
                                                           const v1::ListChangesRequest* request,
                                                           v1::ListChangesResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&OrganisationService::HandleListChanges, this));
}

absl::Status OrganisationService::HandleListChanges(const rpc::Call& call,
                                                    const v1::ListChangesRequest& request,
                                                    v1::ListChangesResponse* response) {
  if (!request.has_known_at()) {
    KLYNGE_ASSIGN_OR_RETURN(const auto held, trees_.AtLeast(request.min_revision(), call.deadline));
    return AnswerChanges(database_, *held.model, call.deadline, request, response);
  }
  KLYNGE_ASSIGN_OR_RETURN(
      const auto tree, known_trees_.At(request.known_at(), request.min_revision(), call.deadline));
  v1::ListChangesRequest of_revision = request;
  of_revision.set_min_revision(tree->revision());
  return AnswerChanges(database_, *tree, call.deadline, of_revision, response);
}

grpc::ServerWriteReactor<v1::WatchOrganisationResponse>* OrganisationService::WatchOrganisation(
    grpc::CallbackServerContext* context, const v1::WatchOrganisationRequest* request) {
  return dispatcher_.ServerStream<v1::WatchOrganisationRequest, v1::WatchOrganisationResponse>(
      __func__, context, request, absl::bind_front(&OrganisationService::HandleWatch, this));
}

absl::StatusOr<int64_t> OrganisationService::CheckWatch(
    const v1::WatchOrganisationRequest& request) {
  Violations violations;
  const int64_t since = request.since_revision();
  if (since < 0) violations.Add("since_revision", "is negative; 0 means from the beginning");
  if (!request.subtree_of().empty()) RequireId(violations, "subtree_of", request.subtree_of());
  CheckSorts(violations, request.sorts());
  DateOr(violations, "effective_after", request.effective_after(), kOpenStart);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  const absl::Time deadline = absl::Now() + absl::Seconds(5);
  KLYNGE_ASSIGN_OR_RETURN(const int64_t newest, database_.Revision(deadline));
  if (since > newest) {
    return MakeStatus(absl::StatusCode::kOutOfRange, ReasonName(v1::ERROR_REASON_REVISION_UNKNOWN),
                      absl::StrCat("revision ", since, " is not known, the newest is ", newest,
                                   "; fetch GetSnapshot and watch from its revision"),
                      {{"newest_revision", absl::StrCat(newest)}});
  }
  if (request.subtree_of().empty()) return newest;
  KLYNGE_ASSIGN_OR_RETURN(const auto held, trees_.AtLeast(newest, deadline));
  if (held.model->Exists(request.subtree_of())) return newest;
  return UnitUnknown(request.subtree_of());
}

void OrganisationService::HandleWatch(const rpc::Call&, const v1::WatchOrganisationRequest& request,
                                      std::shared_ptr<WatchHub::Stream> stream) {
  const auto newest = CheckWatch(request);
  if (!newest.ok()) {
    stream->Finish(newest.status());
    return;
  }
  watchers_.NotifyRevision(*newest);
  watchers_.Add(request, std::move(stream));
}

}  // namespace klynge::organisation
