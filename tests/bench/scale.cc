// A large municipality: how long it takes to import, to load and to change, how fast it is read,
// and what it holds in memory; each beside a hundredth of it.
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <algorithm>
#include <memory>

#include "services/organisation/client/remote_tree_source.h"
#include "services/platform/rpc/client/peer.h"
#include "services/platform/shared_state/shared_state.h"
#include "tests/bench/benchmarks.h"
#include "tests/bench/city.h"
#include "tests/bench/load.h"

namespace klynge::bench {
namespace {

using organisation::v1::ImportOrganisationRequest;
using organisation::v1::OrganisationService;

constexpr int kInstitutionsOfCluster = 33;
constexpr int kClustersOfArea = 60;
constexpr int kPersonsOfUnit = 10;
constexpr size_t kRowsPerImport = 40'000;
constexpr char kService[] = "/klynge.organisation.v1.OrganisationService/";

std::string Cluster(int unit) { return absl::StrCat("kl-", unit / kInstitutionsOfCluster); }
std::string Area(int unit) {
  return absl::StrCat("omr-", unit / (kInstitutionsOfCluster * kClustersOfArea));
}

ImportOrganisationRequest UnitRow(const std::string& id, const std::string& kind,
                                  const std::string& parent) {
  ImportOrganisationRequest row;
  row.mutable_unit()->set_unit_id(id);
  row.mutable_unit()->set_kind(kind);
  row.mutable_unit()->set_name("Enhed " + id);
  row.mutable_unit()->set_parent_id(parent);
  row.mutable_unit()->set_valid_from("2020-01-01");
  return row;
}

// So many institutions with clusters and areas above them, ten persons for each, and what each of
// these does there; what refers after what it refers to.
std::vector<ImportOrganisationRequest> LargeCity(int units) {
  std::vector<ImportOrganisationRequest> rows = {UnitRow("buf", "administration", "")};
  for (int unit = 0; unit < units; ++unit) {
    if (unit % (kInstitutionsOfCluster * kClustersOfArea) == 0) {
      rows.push_back(UnitRow(Area(unit), "area", "buf"));
    }
    if (unit % kInstitutionsOfCluster == 0) {
      rows.push_back(UnitRow(Cluster(unit), "cluster", Area(unit)));
    }
    rows.push_back(UnitRow(absl::StrCat("e-", unit), "nursery", Cluster(unit)));
  }
  for (int person = 0; person < units * kPersonsOfUnit; ++person) {
    auto* proto = rows.emplace_back().mutable_person();
    proto->set_person_id(absl::StrCat("p-", person));
    proto->set_name(absl::StrCat("Person nummer ", person));
  }
  for (int person = 0; person < units * kPersonsOfUnit; ++person) {
    auto* held = rows.emplace_back().mutable_assignment();
    held->set_assignment_id(absl::StrCat("a-", person));
    held->set_person_id(absl::StrCat("p-", person));
    held->set_role("pedagogical_leader");
    held->set_unit_id(absl::StrCat("e-", person / kPersonsOfUnit));
    held->set_valid_from("2021-01-01");
  }
  return rows;
}

// One service that holds such a city.
class Municipality {
 public:
  Municipality(const std::string& redis, int units) : units_(units), cluster_(redis) {
    cluster_.Use("organisation", "sqlite:" + directory_.path() + "/organisation.db");
    service_ = &StartService(cluster_, "organisation");
    Connect();
    const auto rows = LargeCity(units);
    for (size_t from = 0; from < rows.size(); from += kRowsPerImport) {
      const size_t to = std::min(rows.size(), from + kRowsPerImport);
      const absl::Time start = absl::Now();
      revision_ = Import(rows.data() + from, rows.data() + to).revision();
      import_rates_.push_back(static_cast<double>(to - from) /
                              absl::ToDoubleSeconds(absl::Now() - start));
    }
    shared_state::Options options;
    options.address = redis;
    shared_state_ = std::make_unique<shared_state::SharedState>(options);
    peer_ = std::make_unique<rpc::Peer>("organisation", OwnChannel(service_->address()));
    trees_ = std::make_unique<organisation::RemoteTreeSource>(*peer_, *shared_state_);
  }

  const std::vector<double>& import_rates() const { return import_rates_; }
  double Megabytes() const { return static_cast<double>(service_->ResidentBytes()) / 1e6; }

  // Milliseconds from the start of the program to its first answer.
  double Restart() {
    service_->Stop();
    const absl::Time start = absl::Now();
    service_->Start();
    Connect();
    grpc::ClientContext context;
    organisation::v1::GetUnitRequest request;
    request.set_unit_id("buf");
    organisation::v1::GetUnitResponse response;
    if (!stub_->GetUnit(&context, request, &response).ok()) Fail("GetUnit after a start");
    return absl::ToDoubleMilliseconds(absl::Now() - start);
  }

  struct Delay {
    double acknowledged;  // ms from sending a change to its answer
    double held;          // ms from then until it is in the tree that another service holds
  };
  // Renames an institution.
  Delay RenameUnit() {
    auto row = UnitRow(absl::StrCat("e-", ++changed_ % units_), "", "");
    row.mutable_unit()->set_name(absl::StrCat("Omdøbt ", changed_));
    return Change(row);
  }
  // Ends what somebody does.
  Delay EndRole() {
    ImportOrganisationRequest row;
    row.mutable_assignment()->set_assignment_id(
        absl::StrCat("a-", ++changed_ % (units_ * kPersonsOfUnit)));
    row.mutable_assignment()->set_valid_to("2024-01-01");
    return Change(row);
  }

  // Reads of many things in turn.
  Run Read(const std::string& rpc, absl::Duration duration) {
    Load load;
    load.channel = OwnChannel(service_->address());
    load.method = kService + rpc;
    load.request = [this, rpc](int64_t call) { return ToBytes(*Request(rpc, call)); };
    load.check = [](int64_t, const grpc::ByteBuffer& answer) { return answer.Length() > 20; };
    load.duration = duration;
    return RunLoad(load);
  }

  // Megabytes a second of an export of everything.
  double ExportRate() {
    organisation::v1::ExportOrganisationRequest request;
    request.set_format(organisation::v1::FILE_FORMAT_CSV);
    grpc::ClientContext context;
    const absl::Time start = absl::Now();
    const auto reader = stub_->ExportOrganisation(&context, request);
    organisation::v1::ExportOrganisationResponse piece;
    size_t bytes = 0;
    while (reader->Read(&piece)) bytes += piece.chunk().size();
    if (!reader->Finish().ok()) Fail("ExportOrganisation");
    return static_cast<double>(bytes) / 1e6 / absl::ToDoubleSeconds(absl::Now() - start);
  }

 private:
  Delay Change(const ImportOrganisationRequest& row) {
    const absl::Time start = absl::Now();
    const int64_t revision = Import(&row, &row + 1).revision();
    const absl::Time acknowledged = absl::Now();
    while (true) {
      const auto held = trees_->Held();
      if (held != nullptr && held->revision() >= revision) break;
      if (absl::Now() - acknowledged > absl::Seconds(30)) Fail("a change was never seen");
      absl::SleepFor(absl::Microseconds(100));
    }
    return {absl::ToDoubleMilliseconds(acknowledged - start),
            absl::ToDoubleMilliseconds(absl::Now() - acknowledged)};
  }

  void Connect() { stub_ = OrganisationService::NewStub(OwnChannel(service_->address())); }

  std::unique_ptr<google::protobuf::Message> Request(const std::string& rpc, int64_t call) const {
    const auto unit = static_cast<int>(call % units_);
    const auto common = [](auto request) {
      request->set_as_of(kDay);
      return request;
    };
    if (rpc == "GetUnit") {
      auto request = common(std::make_unique<organisation::v1::GetUnitRequest>());
      request->set_unit_id(absl::StrCat("e-", unit));
      return request;
    }
    if (rpc == "GetPerson") {
      auto request = std::make_unique<organisation::v1::GetPersonRequest>();
      request->set_person_id(absl::StrCat("p-", unit * kPersonsOfUnit));
      return request;
    }
    if (rpc == "GetLeadershipTeam") {
      auto request = common(std::make_unique<organisation::v1::GetLeadershipTeamRequest>());
      request->set_cluster_id(Cluster(unit));
      return request;
    }
    auto request = common(std::make_unique<organisation::v1::ListAssignmentsRequest>());
    request->set_unit_id(Cluster(unit));
    request->set_include_subtree(true);
    return request;
  }

  organisation::v1::ImportOrganisationResponse Import(const ImportOrganisationRequest* begin,
                                                      const ImportOrganisationRequest* end) {
    grpc::ClientContext context;
    organisation::v1::ImportOrganisationResponse response;
    const auto writer = stub_->ImportOrganisation(&context, &response);
    for (const auto* row = begin; row != end && writer->Write(*row); ++row) continue;
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (!status.ok() || response.rejected_count() != 0) {
      Fail(absl::StrCat("ImportOrganisation: ", status.error_message(), " ",
                        response.rejected_count(), " rows rejected"));
    }
    return response;
  }

  const int units_;
  testing::TemporaryDirectory directory_;
  testing::Cluster cluster_;
  testing::Replica* service_ = nullptr;
  std::unique_ptr<OrganisationService::Stub> stub_;
  std::unique_ptr<shared_state::SharedState> shared_state_;
  std::unique_ptr<rpc::Peer> peer_;
  std::unique_ptr<organisation::RemoteTreeSource> trees_;
  std::vector<double> import_rates_;
  int64_t revision_ = 0;
  int changed_ = 0;
};

Row Against(const std::string& what, Row::Unit unit, std::vector<double> large,
            std::vector<double> small) {
  return {.what = what,
          .unit = unit,
          .measured = std::move(large),
          .ceiling = std::move(small),
          .better = unit == Row::Unit::kPerSecond ? Row::Better::kHigher : Row::Better::kLower};
}

// How long one change takes, and until it is held elsewhere: the median of so many.
void AddChanges(const std::string& what, Municipality::Delay (Municipality::*change)(), int count,
                Municipality& large, Municipality& small, std::vector<Row>& rows) {
  std::vector<double> acknowledged[2], held[2];
  for (int i = 0; i < count; ++i) {
    for (int which : {0, 1}) {
      const Municipality::Delay delay = ((which == 0 ? large : small).*change)();
      acknowledged[which].push_back(delay.acknowledged);
      held[which].push_back(delay.held);
    }
  }
  const auto milliseconds = Row::Unit::kMilliseconds;
  rows.push_back(
      Against("  " + what, milliseconds, {Median(acknowledged[0])}, {Median(acknowledged[1])}));
  rows.push_back(
      Against("  … then held elsewhere", milliseconds, {Median(held[0])}, {Median(held[1])}));
}

}  // namespace

std::vector<Row> Scale(const Options& options) {
  const int units = options.scale_units;
  testing::RedisServer redis, other_redis;
  Municipality small(other_redis.address(), std::max(1, units / 100));
  Municipality large(redis.address(), units);
  std::vector<Row> rows;
  rows.push_back({.what = absl::StrCat(units, " units, ", units * kPersonsOfUnit,
                                       " persons: rows imported, each ", kRowsPerImport),
                  .measured = large.import_rates()});
  rows.push_back(Against("  the last of these : the first", Row::Unit::kPerSecond,
                         {large.import_rates().back()}, {large.import_rates().front()}));
  for (const std::string rpc : {"GetUnit", "GetPerson", "GetLeadershipTeam", "ListAssignments"}) {
    std::vector<double> of_large, of_small;
    for (int round = 0; round < options.rounds; ++round) {
      of_large.push_back(large.Read(rpc, options.run).per_second);
      of_small.push_back(small.Read(rpc, options.run).per_second);
    }
    rows.push_back(Against(absl::StrCat("  ", rpc, " : of a hundredth"), Row::Unit::kPerSecond,
                           of_large, of_small));
  }
  AddChanges("one unit renamed", &Municipality::RenameUnit, options.commits, large, small, rows);
  AddChanges("one role ended", &Municipality::EndRole, options.commits, large, small, rows);
  rows.push_back(
      {.what = "  export, MB/s", .unit = Row::Unit::kNumber, .measured = {large.ExportRate()}});
  rows.push_back(
      Against("  memory, MB", Row::Unit::kNumber, {large.Megabytes()}, {small.Megabytes()}));
  rows.push_back(Against("  start to first answer", Row::Unit::kMilliseconds, {large.Restart()},
                         {small.Restart()}));
  rows.push_back(Against("  memory after a start, MB", Row::Unit::kNumber, {large.Megabytes()},
                         {small.Megabytes()}));
  return rows;
}

}  // namespace klynge::bench
