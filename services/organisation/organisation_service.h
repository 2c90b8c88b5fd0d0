// OrganisationService: reads answer from the tree in memory, imports go through one transaction,
// and watchers and other services are told of every revision.
#pragma once

#include "klynge/organisation/v1/organisation_service.grpc.pb.h"
#include "services/organisation/client/tree.h"
#include "services/organisation/known_trees.h"
#include "services/organisation/reorganisations.h"
#include "services/organisation/snapshot_publisher.h"
#include "services/organisation/watch_hub.h"
#include "services/platform/rpc/byte_answers.h"
#include "services/platform/rpc/dispatcher.h"
#include "services/platform/sql/database.h"
#include "services/platform/sql/revisioned.h"

namespace klynge::organisation {

// Thread-safe. Everything it is given must outlive it.
class OrganisationService final : public rpc::WithByteAnswers<v1::OrganisationService> {
 public:
  OrganisationService(rpc::Runtime& runtime, sql::Database& database,
                      shared_state::SharedState& shared_state, const UsesElsewhere& elsewhere,
                      WatchOptions watch = {});

  // A revision was committed, here or by another replica; 0: news may have been missed. Never
  // blocks.
  void NotifyRevision(int64_t revision);

  // Ends all watches, so that the process can stop.
  void EndWatches() { watchers_.Close(); }

  grpc::ServerReadReactor<v1::ImportOrganisationRequest>* ImportOrganisation(
      grpc::CallbackServerContext* context, v1::ImportOrganisationResponse* response) override;
  grpc::ServerWriteReactor<v1::ExportOrganisationResponse>* ExportOrganisation(
      grpc::CallbackServerContext* context, const v1::ExportOrganisationRequest* request) override;
  // GetUnit and ListUnits are answered with bytes: see the constructor.
  grpc::ServerUnaryReactor* ListUnitKinds(grpc::CallbackServerContext* context,
                                          const v1::ListUnitKindsRequest* request,
                                          v1::ListUnitKindsResponse* response) override;
  grpc::ServerUnaryReactor* ListHierarchies(grpc::CallbackServerContext* context,
                                            const v1::ListHierarchiesRequest* request,
                                            v1::ListHierarchiesResponse* response) override;
  grpc::ServerUnaryReactor* ListPlacements(grpc::CallbackServerContext* context,
                                           const v1::ListPlacementsRequest* request,
                                           v1::ListPlacementsResponse* response) override;
  grpc::ServerUnaryReactor* ListCodeRegisters(grpc::CallbackServerContext* context,
                                              const v1::ListCodeRegistersRequest* request,
                                              v1::ListCodeRegistersResponse* response) override;
  grpc::ServerUnaryReactor* FindByCode(grpc::CallbackServerContext* context,
                                       const v1::FindByCodeRequest* request,
                                       v1::FindByCodeResponse* response) override;
  grpc::ServerUnaryReactor* ListCodes(grpc::CallbackServerContext* context,
                                      const v1::ListCodesRequest* request,
                                      v1::ListCodesResponse* response) override;
  grpc::ServerUnaryReactor* ListRoles(grpc::CallbackServerContext* context,
                                      const v1::ListRolesRequest* request,
                                      v1::ListRolesResponse* response) override;
  grpc::ServerUnaryReactor* GetPerson(grpc::CallbackServerContext* context,
                                      const v1::GetPersonRequest* request,
                                      v1::GetPersonResponse* response) override;
  grpc::ServerUnaryReactor* ListAssignments(grpc::CallbackServerContext* context,
                                            const v1::ListAssignmentsRequest* request,
                                            v1::ListAssignmentsResponse* response) override;
  grpc::ServerUnaryReactor* GetLeadershipTeam(grpc::CallbackServerContext* context,
                                              const v1::GetLeadershipTeamRequest* request,
                                              v1::GetLeadershipTeamResponse* response) override;
  grpc::ServerUnaryReactor* GetPosition(grpc::CallbackServerContext* context,
                                        const v1::GetPositionRequest* request,
                                        v1::GetPositionResponse* response) override;
  grpc::ServerUnaryReactor* ListPositions(grpc::CallbackServerContext* context,
                                          const v1::ListPositionsRequest* request,
                                          v1::ListPositionsResponse* response) override;
  grpc::ServerUnaryReactor* GetResponsibleLeader(
      grpc::CallbackServerContext* context, const v1::GetResponsibleLeaderRequest* request,
      v1::GetResponsibleLeaderResponse* response) override;
  grpc::ServerUnaryReactor* CompareLeadershipTeam(
      grpc::CallbackServerContext* context, const v1::CompareLeadershipTeamRequest* request,
      v1::CompareLeadershipTeamResponse* response) override;
  grpc::ServerUnaryReactor* ErasePerson(grpc::CallbackServerContext* context,
                                        const v1::ErasePersonRequest* request,
                                        v1::ErasePersonResponse* response) override;
  grpc::ServerUnaryReactor* ListBodyKinds(grpc::CallbackServerContext* context,
                                          const v1::ListBodyKindsRequest* request,
                                          v1::ListBodyKindsResponse* response) override;
  grpc::ServerUnaryReactor* GetBody(grpc::CallbackServerContext* context,
                                    const v1::GetBodyRequest* request,
                                    v1::GetBodyResponse* response) override;
  grpc::ServerUnaryReactor* ListBodies(grpc::CallbackServerContext* context,
                                       const v1::ListBodiesRequest* request,
                                       v1::ListBodiesResponse* response) override;
  grpc::ServerUnaryReactor* ListBodyMemberships(grpc::CallbackServerContext* context,
                                                const v1::ListBodyMembershipsRequest* request,
                                                v1::ListBodyMembershipsResponse* response) override;
  grpc::ServerUnaryReactor* ListCompositionGaps(grpc::CallbackServerContext* context,
                                                const v1::ListCompositionGapsRequest* request,
                                                v1::ListCompositionGapsResponse* response) override;
  grpc::ServerUnaryReactor* ListPartnershipKinds(
      grpc::CallbackServerContext* context, const v1::ListPartnershipKindsRequest* request,
      v1::ListPartnershipKindsResponse* response) override;
  grpc::ServerUnaryReactor* ListPartners(grpc::CallbackServerContext* context,
                                         const v1::ListPartnersRequest* request,
                                         v1::ListPartnersResponse* response) override;
  grpc::ServerUnaryReactor* ListPartnerships(grpc::CallbackServerContext* context,
                                             const v1::ListPartnershipsRequest* request,
                                             v1::ListPartnershipsResponse* response) override;
  grpc::ServerUnaryReactor* ListHandovers(grpc::CallbackServerContext* context,
                                          const v1::ListHandoversRequest* request,
                                          v1::ListHandoversResponse* response) override;
  grpc::ServerUnaryReactor* ListTransitionGaps(grpc::CallbackServerContext* context,
                                               const v1::ListTransitionGapsRequest* request,
                                               v1::ListTransitionGapsResponse* response) override;
  grpc::ServerUnaryReactor* ListCompetences(grpc::CallbackServerContext* context,
                                            const v1::ListCompetencesRequest* request,
                                            v1::ListCompetencesResponse* response) override;
  grpc::ServerUnaryReactor* ListHeldCompetences(grpc::CallbackServerContext* context,
                                                const v1::ListHeldCompetencesRequest* request,
                                                v1::ListHeldCompetencesResponse* response) override;
  grpc::ServerUnaryReactor* FindCompetence(grpc::CallbackServerContext* context,
                                           const v1::FindCompetenceRequest* request,
                                           v1::FindCompetenceResponse* response) override;
  grpc::ServerUnaryReactor* GetTeamCompetences(grpc::CallbackServerContext* context,
                                               const v1::GetTeamCompetencesRequest* request,
                                               v1::GetTeamCompetencesResponse* response) override;
  grpc::ServerUnaryReactor* GetLineage(grpc::CallbackServerContext* context,
                                       const v1::GetLineageRequest* request,
                                       v1::GetLineageResponse* response) override;
  grpc::ServerUnaryReactor* CreateReorganisation(
      grpc::CallbackServerContext* context, const v1::CreateReorganisationRequest* request,
      v1::CreateReorganisationResponse* response) override;
  grpc::ServerUnaryReactor* UpdateReorganisation(
      grpc::CallbackServerContext* context, const v1::UpdateReorganisationRequest* request,
      v1::UpdateReorganisationResponse* response) override;
  grpc::ServerUnaryReactor* PreviewReorganisation(
      grpc::CallbackServerContext* context, const v1::PreviewReorganisationRequest* request,
      v1::PreviewReorganisationResponse* response) override;
  grpc::ServerUnaryReactor* CommitReorganisation(
      grpc::CallbackServerContext* context, const v1::CommitReorganisationRequest* request,
      v1::CommitReorganisationResponse* response) override;
  grpc::ServerUnaryReactor* DiscardReorganisation(
      grpc::CallbackServerContext* context, const v1::DiscardReorganisationRequest* request,
      v1::DiscardReorganisationResponse* response) override;
  grpc::ServerUnaryReactor* GetReorganisation(grpc::CallbackServerContext* context,
                                              const v1::GetReorganisationRequest* request,
                                              v1::GetReorganisationResponse* response) override;
  grpc::ServerUnaryReactor* ListReorganisations(grpc::CallbackServerContext* context,
                                                const v1::ListReorganisationsRequest* request,
                                                v1::ListReorganisationsResponse* response) override;
  grpc::ServerUnaryReactor* ListTasks(grpc::CallbackServerContext* context,
                                      const v1::ListTasksRequest* request,
                                      v1::ListTasksResponse* response) override;
  grpc::ServerUnaryReactor* ListResponsibilities(
      grpc::CallbackServerContext* context, const v1::ListResponsibilitiesRequest* request,
      v1::ListResponsibilitiesResponse* response) override;
  grpc::ServerUnaryReactor* GetResponsibilityMatrix(
      grpc::CallbackServerContext* context, const v1::GetResponsibilityMatrixRequest* request,
      v1::GetResponsibilityMatrixResponse* response) override;
  grpc::ServerUnaryReactor* ProposeDistribution(grpc::CallbackServerContext* context,
                                                const v1::ProposeDistributionRequest* request,
                                                v1::ProposeDistributionResponse* response) override;
  grpc::ServerUnaryReactor* GetSnapshot(grpc::CallbackServerContext* context,
                                        const v1::GetSnapshotRequest* request,
                                        v1::GetSnapshotResponse* response) override;
  grpc::ServerUnaryReactor* ListChanges(grpc::CallbackServerContext* context,
                                        const v1::ListChangesRequest* request,
                                        v1::ListChangesResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchOrganisationResponse>* WatchOrganisation(
      grpc::CallbackServerContext* context, const v1::WatchOrganisationRequest* request) override;

 private:
  // Answers from the tree: at once when it is at hand, else on the executor, which may load it;
  // with known_at from the tree of that moment, on the executor.
  template <class Request, class Response>
  grpc::ServerUnaryReactor* Read(const char* rpc, grpc::CallbackServerContext* context,
                                 const Request* request, Response* response);
  // The same, never at once: for what loads, or thinks for long.
  template <class Request, class Response>
  grpc::ServerUnaryReactor* ReadOnExecutor(const char* rpc, grpc::CallbackServerContext* context,
                                           const Request* request, Response* response);
  template <class Request, class Response>
  grpc::ServerUnaryReactor* ReadKnownAt(const char* rpc, grpc::CallbackServerContext* context,
                                        const Request* request, Response* response);
  // Has the RPC read with an answer of bytes.
  template <class Request>
  void ReadAsBytes(const char* rpc);
  absl::Status HandleGetSnapshot(const rpc::Call& call, const v1::GetSnapshotRequest& request,
                                 v1::GetSnapshotResponse* response);
  absl::Status HandleErasePerson(const rpc::Call& call, const v1::ErasePersonRequest& request,
                                 v1::ErasePersonResponse* response);
  absl::Status HandleListChanges(const rpc::Call& call, const v1::ListChangesRequest& request,
                                 v1::ListChangesResponse* response);
  // Whether the watch can be served: the newest revision.
  absl::StatusOr<int64_t> CheckWatch(const v1::WatchOrganisationRequest& request);
  absl::Status HandleExport(const rpc::Call& call, const v1::ExportOrganisationRequest& request,
                            rpc::ResponseStream<v1::ExportOrganisationResponse>& stream);
  void HandleWatch(const rpc::Call& call, const v1::WatchOrganisationRequest& request,
                   std::shared_ptr<WatchHub::Stream> stream);

  sql::Database& database_;
  rpc::Dispatcher dispatcher_;
  sql::Revisioned<Tree> trees_;
  KnownTrees known_trees_;
  Reorganisations reorganisations_;
  WatchHub watchers_;
  SnapshotPublisher publisher_;
};

}  // namespace klynge::organisation
