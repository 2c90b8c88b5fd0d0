// An observations service in the test's process, on a database of its own, behind the real server.
// Only for tests.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "klynge/migrations/observations.h"
#include "klynge/observations/v1/observations_service.grpc.pb.h"
#include "services/observations/observations_service.h"
#include "services/observations/observations_test_support.h"
#include "tests/support/processes.h"
#include "tests/support/service_host.h"

namespace klynge::observations::testing {

// One replica. Two of them may share a database.
class Replica {
 public:
  // `confirmed`: what the organisation service says of the city.
  Replica(const std::string& database_url, std::shared_ptr<const organisation::Tree> city,
          absl::Status confirmed = absl::OkStatus())
      : tree_(std::move(city), std::move(confirmed)),
        database_(*sql::Database::Open({database_url, 4}, Migrations(), &clock_)),
        service_(*database_, runtime_.runtime(), tree_),
        host_(runtime_, "observations", {&service_}),
        stub_(v1::ObservationsService::NewStub(host_.channel())) {
    database_->OnCommit([this](int64_t revision) { service_.NotifyRevision(revision); });
  }

  using Stub = v1::ObservationsService::Stub;

  // Calls one RPC: Ask(&Stub::GetRound, request, &response).
  template <class Request, class Response>
  grpc::Status Ask(grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response* response) {
    grpc::ClientContext context;
    return (stub_.get()->*rpc)(&context, request, response);
  }

  // Sends records as one stream.
  std::pair<grpc::Status, v1::RecordObservationsResponse> Record(
      const std::vector<v1::Observation>& records,
      const v1::RecordObservationsOptions& options = {}) {
    grpc::ClientContext context;
    v1::RecordObservationsResponse response;
    auto writer = stub_->RecordObservations(&context, &response);
    v1::RecordObservationsRequest message;
    *message.mutable_options() = options;
    writer->Write(message);
    for (const auto& record : records) {
      *message.mutable_observation() = record;
      if (!writer->Write(message)) break;
    }
    writer->WritesDone();
    grpc::Status status = writer->Finish();
    return {status, response};
  }

  grpc::Status Publish(const v1::Instrument& instrument,
                       v1::PublishInstrumentResponse* response = nullptr) {
    v1::PublishInstrumentRequest request;
    *request.mutable_instrument() = instrument;
    v1::PublishInstrumentResponse ignored;
    return Ask(&Stub::PublishInstrument, request, response ? response : &ignored);
  }

  grpc::Status Create(const v1::Round& round, v1::CreateRoundResponse* response = nullptr) {
    v1::CreateRoundRequest request;
    *request.mutable_round() = round;
    v1::CreateRoundResponse ignored;
    return Ask(&Stub::CreateRound, request, response ? response : &ignored);
  }

  grpc::Status Close(const std::string& round_id, v1::CloseRoundResponse* response = nullptr) {
    v1::CloseRoundRequest request;
    request.set_round_id(round_id);
    v1::CloseRoundResponse ignored;
    return Ask(&Stub::CloseRound, request, response ? response : &ignored);
  }

  Stub& stub() { return *stub_; }
  std::shared_ptr<grpc::Channel> channel() const { return host_.channel(); }
  sql::Database& database() { return *database_; }

 private:
  FakeClock clock_{absl::FromCivil(absl::CivilDay(2021, 9, 1), absl::UTCTimeZone())};
  klynge::testing::TestRuntime runtime_;
  organisation::FixedTreeSource tree_;
  std::unique_ptr<sql::Database> database_;
  ObservationsService service_;
  klynge::testing::ServiceHost host_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace klynge::observations::testing
