// An organisation service in the test's process, on a database of its own, behind the real server.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "klynge/organisation/v1/organisation_service.grpc.pb.h"
#include "services/organisation/client/tree.h"
#include "services/organisation/test_support.h"
#include "services/organisation/watch_hub.h"
#include "services/platform/clock.h"
#include "services/platform/shared_state/shared_state.h"
#include "tests/support/processes.h"

namespace klynge::organisation::testing {

// One replica. Two of them may share a database.
class Replica {
 public:
  explicit Replica(const std::string& database_url, WatchOptions watch = {},
                   const std::string& redis = "");
  ~Replica();

  v1::OrganisationService::Stub& stub();
  std::shared_ptr<grpc::Channel> channel() const;
  std::string address() const;
  shared_state::SharedState& shared_state();
  // 1 September 2021 at first: "today" in these tests.
  FakeClock& clock();
  // As when another replica commits.
  void NotifyRevision(int64_t revision);
  void EndWatches();

 private:
  // The service is compiled in one place: its header takes long.
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

// Sends the options and the rows as one import.
inline std::pair<grpc::Status, v1::ImportOrganisationResponse> Import(
    v1::OrganisationService::Stub& stub, const std::vector<v1::ImportOrganisationRequest>& rows,
    const v1::ImportOptions& options = {}) {
  grpc::ClientContext context;
  v1::ImportOrganisationResponse response;
  auto writer = stub.ImportOrganisation(&context, &response);
  v1::ImportOrganisationRequest first;
  *first.mutable_options() = options;
  writer->Write(first);
  for (const auto& row : rows) {
    if (!writer->Write(row)) break;
  }
  writer->WritesDone();
  grpc::Status status = writer->Finish();
  return {status, response};
}

// A test of one replica.
class OrganisationServiceTest : public ::testing::Test {
 protected:
  void ImportCity() {
    const auto [status, response] = Import(replica_.stub(), Messages(SmallCity().Build()));
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_EQ(response.rejected_count(), 0) << response.DebugString();
    revision_ = response.revision();
  }

  // Calls one RPC: Ask(&Stub::GetUnit, request, &response).
  template <class Request, class Response>
  grpc::Status Ask(grpc::Status (v1::OrganisationService::Stub::*rpc)(grpc::ClientContext*,
                                                                      const Request&, Response*),
                   const Request& request, Response* response) {
    grpc::ClientContext context;
    return (replica_.stub().*rpc)(&context, request, response);
  }
  using Stub = v1::OrganisationService::Stub;

  klynge::testing::TemporaryDirectory directory_;
  Replica replica_{"sqlite:" + directory_.path() + "/organisation.db"};
  int64_t revision_ = 0;  // of ImportCity
};

}  // namespace klynge::organisation::testing
