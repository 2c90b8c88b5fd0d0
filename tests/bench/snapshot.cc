// From a commit in organisation to the tree that another service holds: this process holds one as
// the other services do, and looks at it all the time.
#include <absl/random/random.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <hiredis/hiredis.h>

#include <memory>

#include "services/organisation/client/remote_tree_source.h"
#include "services/platform/rpc/client/peer.h"
#include "services/platform/shared_state/shared_state.h"
#include "tests/bench/benchmarks.h"
#include "tests/bench/city.h"
#include "tests/bench/load.h"

namespace klynge::bench {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);

// How long a message takes from PUBLISH to a subscriber, in milliseconds.
class PublishRoundTrip {
 public:
  explicit PublishRoundTrip(const std::string& address)
      : publisher_(Connect(address)), subscriber_(Connect(address)) {
    freeReplyObject(redisCommand(subscriber_.get(), "SUBSCRIBE bench"));
  }

  double Measure() {
    const absl::Time start = absl::Now();
    freeReplyObject(redisCommand(publisher_.get(), "PUBLISH bench 1"));
    void* message = nullptr;
    if (redisGetReply(subscriber_.get(), &message) != REDIS_OK) Fail("Redis: no message came");
    freeReplyObject(message);
    return absl::ToDoubleMilliseconds(absl::Now() - start);
  }

 private:
  using Connection = std::unique_ptr<redisContext, void (*)(redisContext*)>;

  static Connection Connect(const std::string& address) {
    const size_t colon = address.find(':');
    Connection connection(
        redisConnect(address.substr(0, colon).c_str(), std::stoi(address.substr(colon + 1))),
        redisFree);
    if (connection == nullptr || connection->err != 0) Fail("Redis: no connection");
    return connection;
  }

  Connection publisher_, subscriber_;
};

struct Delays {
  std::vector<double> acknowledged;  // ms from the answer of the import to the tree held here
  std::vector<double> sent;          // ms from sending the import to that
};

// organisation with a city, and what another service holds of it.
class Published {
 public:
  Published(const std::string& redis, int times) : cluster_(redis) {
    cluster_.Use("organisation", "sqlite:" + directory_.path() + "/organisation.db");
    testing::Replica& service = StartService(cluster_, "organisation");
    const auto city = City(times);
    ImportCity(service.channel(), city);
    for (const auto& row : city) {
      if (row.unit().kind() == "cluster") unit_ = row.unit();
    }
    stub_ = organisation::v1::OrganisationService::NewStub(service.channel());
    shared_state::Options options;
    options.address = redis;
    shared_state_ = std::make_unique<shared_state::SharedState>(options);
    organisation_ = std::make_unique<rpc::Peer>("organisation", OwnChannel(service.address()));
    trees_ = std::make_unique<organisation::RemoteTreeSource>(*organisation_, *shared_state_);
    Commit();
    WaitFor(revision_);
  }

  // Renames a unit, and waits until that is seen here.
  void Measure(Delays& delays) {
    const absl::Time sent = absl::Now();
    Commit();
    const absl::Time acknowledged = absl::Now();
    const absl::Time seen = WaitFor(revision_);
    delays.acknowledged.push_back(absl::ToDoubleMilliseconds(seen - acknowledged));
    delays.sent.push_back(absl::ToDoubleMilliseconds(seen - sent));
  }

 private:
  void Commit() {
    organisation::v1::ImportOrganisationRequest request;
    unit_.set_name(absl::StrCat("Cluster, name ", ++names_));
    *request.mutable_unit() = unit_;
    grpc::ClientContext context;
    organisation::v1::ImportOrganisationResponse response;
    const auto writer = stub_->ImportOrganisation(&context, &response);
    writer->Write(request);
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (!status.ok() || response.updated_count() != 1) {
      Fail("ImportOrganisation: " + status.error_message());
    }
    revision_ = response.revision();
  }

  // When the revision is held here, with the name that it gave the unit.
  absl::Time WaitFor(int64_t revision) const {
    const absl::Time start = absl::Now();
    while (true) {
      const auto held = trees_->Held();
      const absl::Time now = absl::Now();
      if (held != nullptr && held->revision() >= revision) {
        const auto versions = held->Versions(unit_.unit_id());
        if (versions.empty() || versions.back()->name != unit_.name()) {
          Fail("the new revision has not the new name");
        }
        return now;
      }
      if (now - start > kPatience) Fail(absl::StrCat("revision ", revision, " was never seen"));
      absl::SleepFor(absl::Microseconds(50));
    }
  }

  testing::TemporaryDirectory directory_;
  testing::Cluster cluster_;
  std::unique_ptr<organisation::v1::OrganisationService::Stub> stub_;
  std::unique_ptr<shared_state::SharedState> shared_state_;
  std::unique_ptr<rpc::Peer> organisation_;
  std::unique_ptr<organisation::RemoteTreeSource> trees_;
  organisation::v1::Unit unit_;
  int64_t names_ = 0;
  int64_t revision_ = 0;
};

// One commit after another; in each pause of a second at another point, so that whoever looks every
// second is met at all of them.
void MeasureMany(Published& published, int samples, absl::Duration longest_pause, Delays& delays) {
  absl::BitGen random;
  for (int i = 0; i < samples; ++i) {
    absl::SleepFor(absl::Uniform(random, 0.0, 1.0) * longest_pause);
    published.Measure(delays);
  }
}

Row Milliseconds(const std::string& what, std::vector<double> values) {
  return {.what = what,
          .unit = Row::Unit::kMilliseconds,
          .measured = std::move(values),
          .better = Row::Better::kLower};
}

void RedisUp(const std::string& city, Published& published, PublishRoundTrip& round_trip,
             const Options& options, std::vector<Row>& rows) {
  std::vector<double> medians, round_trips;
  Delays all;
  for (int round = 0; round < options.rounds; ++round) {
    std::vector<double> trips;
    for (int i = 0; i < 200; ++i) trips.push_back(round_trip.Measure());
    round_trips.push_back(Median(trips));
    Delays delays;
    MeasureMany(published, options.commits, absl::Milliseconds(20), delays);
    medians.push_back(Median(delays.acknowledged));
    all.acknowledged.insert(all.acknowledged.end(), delays.acknowledged.begin(),
                            delays.acknowledged.end());
    all.sent.insert(all.sent.end(), delays.sent.begin(), delays.sent.end());
  }
  Row median = Milliseconds(absl::StrCat(city, ", Redis up: acknowledged → visible"), medians);
  median.bar = 100;
  median.goal = 10;
  rows.push_back(median);
  rows.push_back(Milliseconds("  the same, p99", {Percentile(all.acknowledged, 0.99)}));
  rows.push_back(Milliseconds("  sent → visible", {Median(all.sent)}));
  Row against = Milliseconds("  acknowledged → visible : PUBLISH → subscriber", medians);
  against.ceiling = round_trips;
  rows.push_back(against);
}

void RedisDown(const std::string& city, Published& published, const Options& options,
               std::vector<Row>& rows) {
  Delays delays;
  MeasureMany(published, options.commits, absl::Seconds(1), delays);
  Row median = Milliseconds(absl::StrCat(city, ", Redis down: acknowledged → visible"),
                            {Median(delays.acknowledged)});
  median.bar = 1100;
  rows.push_back(median);
  rows.push_back(Milliseconds("  the same, p99", {Percentile(delays.acknowledged, 0.99)}));
}

}  // namespace

std::vector<Row> Snapshot(const Options& options) {
  std::vector<Row> rows;
  for (const int times : options.growth ? std::vector<int>{1, 10, 100} : std::vector<int>{1}) {
    const std::string city = absl::StrCat("City ×", times);
    testing::RedisServer redis;
    PublishRoundTrip round_trip(redis.address());
    Published published(redis.address(), times);
    RedisUp(city, published, round_trip, options, rows);
    redis.Stop();
    absl::SleepFor(absl::Seconds(1));
    RedisDown(city, published, options, rows);
  }
  return rows;
}

}  // namespace klynge::bench
