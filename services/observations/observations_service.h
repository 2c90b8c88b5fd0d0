// The observations service as gRPC sees it: see protos/klynge/observations/v1 for what each RPC
// promises. Reads answer from the catalogue in memory; writes hop to the executor.
#pragma once

#include "klynge/observations/v1/observations_service.grpc.pb.h"
#include "services/observations/catalogue.h"
#include "services/organisation/client/tree_source.h"
#include "services/platform/rpc/dispatcher.h"
#include "services/platform/sql/database.h"
#include "services/platform/sql/revisioned.h"

namespace klynge::observations {

inline constexpr int kDefaultSmallGroupThreshold = 5;

// Thread-safe. The constructor's references must outlive it.
class ObservationsService final : public v1::ObservationsService::CallbackService {
 public:
  // `small_group_threshold` holds for rounds created from now on.
  ObservationsService(sql::Database& database, rpc::Runtime& runtime,
                      organisation::TreeSource& tree,
                      int small_group_threshold = kDefaultSmallGroupThreshold);

  // Tells that the database has this revision, written here or by another replica.
  void NotifyRevision(int64_t revision) { catalogue_.NotifyRevision(revision); }
  // Loads the catalogue, so that the first call does not wait for it.
  absl::Status Warm(absl::Time deadline);

  grpc::ServerUnaryReactor* PublishInstrument(grpc::CallbackServerContext* context,
                                              const v1::PublishInstrumentRequest* request,
                                              v1::PublishInstrumentResponse* response) override;
  grpc::ServerUnaryReactor* GetInstrument(grpc::CallbackServerContext* context,
                                          const v1::GetInstrumentRequest* request,
                                          v1::GetInstrumentResponse* response) override;
  grpc::ServerUnaryReactor* ListInstruments(grpc::CallbackServerContext* context,
                                            const v1::ListInstrumentsRequest* request,
                                            v1::ListInstrumentsResponse* response) override;
  grpc::ServerUnaryReactor* CreateRound(grpc::CallbackServerContext* context,
                                        const v1::CreateRoundRequest* request,
                                        v1::CreateRoundResponse* response) override;
  grpc::ServerUnaryReactor* GetRound(grpc::CallbackServerContext* context,
                                     const v1::GetRoundRequest* request,
                                     v1::GetRoundResponse* response) override;
  grpc::ServerUnaryReactor* ListRounds(grpc::CallbackServerContext* context,
                                       const v1::ListRoundsRequest* request,
                                       v1::ListRoundsResponse* response) override;
  grpc::ServerUnaryReactor* CloseRound(grpc::CallbackServerContext* context,
                                       const v1::CloseRoundRequest* request,
                                       v1::CloseRoundResponse* response) override;
  grpc::ServerReadReactor<v1::RecordObservationsRequest>* RecordObservations(
      grpc::CallbackServerContext* context, v1::RecordObservationsResponse* response) override;
  grpc::ServerUnaryReactor* QueryAggregates(grpc::CallbackServerContext* context,
                                            const v1::QueryAggregatesRequest* request,
                                            v1::QueryAggregatesResponse* response) override;
  grpc::ServerUnaryReactor* CompareRounds(grpc::CallbackServerContext* context,
                                          const v1::CompareRoundsRequest* request,
                                          v1::CompareRoundsResponse* response) override;
  grpc::ServerUnaryReactor* ListUnitUses(grpc::CallbackServerContext* context,
                                         const v1::ListUnitUsesRequest* request,
                                         v1::ListUnitUsesResponse* response) override;

 private:
  // Answers at once when the catalogue at hand is fresh enough, else from the executor.
  template <class Request, class Response, class Answer>
  grpc::ServerUnaryReactor* Read(const char* rpc, grpc::CallbackServerContext* context,
                                 const Request* request, Response* response, Answer answer);

  // Answers from the catalogue, and when tree_as_of is given from the organisation's tree too.
  template <class Request, class Response>
  using OverTree = absl::Status (*)(const Catalogue&, const organisation::Tree*, const Request&,
                                    Response*);
  template <class Request, class Response>
  grpc::ServerUnaryReactor* ReadOverTree(const char* rpc, grpc::CallbackServerContext* context,
                                         const Request* request, Response* response,
                                         OverTree<Request, Response> answer);

  absl::Status HandlePublish(const rpc::Call& call, const v1::PublishInstrumentRequest& request,
                             v1::PublishInstrumentResponse* response);
  absl::Status HandleCreate(const rpc::Call& call, const v1::CreateRoundRequest& request,
                            v1::CreateRoundResponse* response);
  absl::Status HandleClose(const rpc::Call& call, const v1::CloseRoundRequest& request,
                           v1::CloseRoundResponse* response);

  sql::Database& database_;
  organisation::TreeSource& tree_;
  const int small_group_threshold_;
  rpc::Dispatcher dispatcher_;
  sql::Revisioned<Catalogue> catalogue_;
};

}  // namespace klynge::observations
