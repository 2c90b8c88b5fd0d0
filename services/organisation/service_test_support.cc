#include "services/organisation/service_test_support.h"

#include "klynge/migrations/organisation.h"
#include "services/organisation/organisation_service.h"
#include "tests/support/service_host.h"

namespace klynge::organisation::testing {

struct Replica::Parts {
  Parts(const std::string& database_url, WatchOptions watch, const std::string& redis)
      : shared_state(shared_state::Options{redis, ""}),
        database(*sql::Database::Open({database_url, 4}, Migrations(), &clock)),
        service(runtime.runtime(), *database, shared_state, elsewhere, watch),
        host(runtime, "organisation", {&service}),
        stub(v1::OrganisationService::NewStub(host.channel())) {
    database->OnCommit([this](int64_t revision) {
      service.NotifyRevision(revision);
      shared_state.PublishRevision("organisation", revision);
    });
  }
  ~Parts() { service.EndWatches(); }

  FakeClock clock{absl::FromCivil(absl::CivilDay(2021, 9, 1), absl::UTCTimeZone())};
  klynge::testing::TestRuntime runtime;
  shared_state::SharedState shared_state;
  std::unique_ptr<sql::Database> database;
  const UsesElsewhere elsewhere{nullptr, nullptr, nullptr};
  OrganisationService service;
  klynge::testing::ServiceHost host;
  std::unique_ptr<v1::OrganisationService::Stub> stub;
};

Replica::Replica(const std::string& database_url, WatchOptions watch, const std::string& redis)
    : parts_(std::make_unique<Parts>(database_url, watch, redis)) {}
Replica::~Replica() = default;

v1::OrganisationService::Stub& Replica::stub() { return *parts_->stub; }
std::shared_ptr<grpc::Channel> Replica::channel() const { return parts_->host.channel(); }
std::string Replica::address() const { return parts_->host.address(); }
shared_state::SharedState& Replica::shared_state() { return parts_->shared_state; }
FakeClock& Replica::clock() { return parts_->clock; }
void Replica::NotifyRevision(int64_t revision) { parts_->service.NotifyRevision(revision); }
void Replica::EndWatches() { parts_->service.EndWatches(); }

}  // namespace klynge::organisation::testing
