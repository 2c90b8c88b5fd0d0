// GetUnit, and a page of 50 units of an area: what organisation answers from memory, behind the
// whole wrapper, with metrics and logs on. Requests go round all units or areas of the city.
#include <absl/strings/str_cat.h>

#include "tests/bench/benchmarks.h"
#include "tests/bench/city.h"
#include "tests/bench/echo.h"
#include "tests/bench/load.h"

namespace klynge::bench {
namespace {

using organisation::v1::GetUnitRequest;
using organisation::v1::GetUnitResponse;
using organisation::v1::ListUnitsRequest;
using organisation::v1::ListUnitsResponse;
using organisation::v1::OrganisationService;

constexpr int kPage = 50;

// Requests of one kind, with the answers that they must have.
struct Reads {
  std::string method;
  std::vector<grpc::ByteBuffer> requests = {};
  std::vector<grpc::ByteBuffer> answers = {};

  void Add(const google::protobuf::Message& request, const google::protobuf::Message& answer) {
    requests.push_back(ToBytes(request));
    answers.push_back(ToBytes(answer));
  }
};

size_t MeanBytes(const std::vector<grpc::ByteBuffer>& messages) {
  size_t bytes = 0;
  for (const auto& message : messages) bytes += message.Length();
  return bytes / messages.size();
}

// organisation, holding a city so many times the sample.
class ReadService {
 public:
  explicit ReadService(int times) : city_(City(times)), cluster_("none") {
    cluster_.Use("organisation", "sqlite:" + directory_.path() + "/organisation.db");
    service_ = &StartService(cluster_, "organisation");
    ImportCity(service_->channel(), city_);
    stub_ = OrganisationService::NewStub(service_->channel());
  }

  Reads Units() {
    Reads reads{.method = "/klynge.organisation.v1.OrganisationService/GetUnit"};
    for (const std::string& unit : Institutions(city_)) {
      GetUnitRequest request;
      request.set_unit_id(unit);
      request.set_as_of(kDay);
      GetUnitResponse response;
      grpc::ClientContext context;
      const grpc::Status status = stub_->GetUnit(&context, request, &response);
      if (!status.ok() || response.unit().unit_id() != unit || response.ancestors().empty()) {
        Fail(absl::StrCat("GetUnit of ", unit, ": ", status.error_message()));
      }
      reads.Add(request, response);
      if (reads.requests.size() == 1000) break;
    }
    return reads;
  }

  Reads PagesOfAreas() {
    Reads reads{.method = "/klynge.organisation.v1.OrganisationService/ListUnits"};
    for (const auto& row : city_) {
      if (row.unit().kind() == "area") AddPage(row.unit().unit_id(), reads);
    }
    return reads;
  }

  Reads PageOfRoot() {
    Reads reads{.method = "/klynge.organisation.v1.OrganisationService/ListUnits"};
    AddPage("buf", reads);
    return reads;
  }

  Run Measure(const Reads& reads, absl::Duration duration) const {
    Load load;
    load.channel = OwnChannel(service_->address());
    load.method = reads.method;
    const auto place = [&](int64_t call) {
      return static_cast<size_t>(call) % reads.requests.size();
    };
    load.request = [&](int64_t call) { return reads.requests[place(call)]; };
    load.check = [&](int64_t call, const grpc::ByteBuffer& answer) {
      return SameBytes(reads.answers[place(call)], answer);
    };
    load.duration = duration;
    return RunLoad(load);
  }

 private:
  void AddPage(const std::string& subtree, Reads& reads) {
    ListUnitsRequest request;
    request.set_subtree_of(subtree);
    request.set_page_size(kPage);
    request.set_as_of(kDay);
    ListUnitsResponse response;
    grpc::ClientContext context;
    const grpc::Status status = stub_->ListUnits(&context, request, &response);
    if (!status.ok() || response.units_size() != kPage) {
      Fail(absl::StrCat("ListUnits below ", subtree, ": ", status.error_message()));
    }
    reads.Add(request, response);
  }

  const std::vector<organisation::v1::ImportOrganisationRequest> city_;
  testing::TemporaryDirectory directory_;
  testing::Cluster cluster_;
  testing::Replica* service_ = nullptr;
  std::unique_ptr<OrganisationService::Stub> stub_;
};

// The service against both echoes, in turn.
void AgainstEcho(const std::string& what, const ReadService& service, const Reads& reads,
                 const Options& options, std::vector<Row>& rows) {
  const size_t request = MeanBytes(reads.requests), response = MeanBytes(reads.answers);
  testing::TemporaryDirectory logs;
  const Echo callback(Echo::Mode::kCallback, request, response, logs.path() + "/callback.log");
  const Echo queue(Echo::Mode::kQueue, request, response, logs.path() + "/queue.log");
  std::vector<Run> product, callback_echo, queue_echo;
  for (int round = 0; round < options.rounds; ++round) {
    callback_echo.push_back(RunLoad(callback.MakeLoad(options.run)));
    product.push_back(service.Measure(reads, options.run));
    queue_echo.push_back(RunLoad(queue.MakeLoad(options.run)));
  }
  const std::string sized = absl::StrCat(what, " (", response, " bytes)");
  rows.push_back({.what = sized + " : callback echo",
                  .measured = Rates(product),
                  .ceiling = Rates(callback_echo),
                  .bar = 0.80});
  rows.push_back({.what = what + " p99 : callback echo's",
                  .unit = Row::Unit::kMilliseconds,
                  .measured = P99s(product),
                  .ceiling = P99s(callback_echo),
                  .better = Row::Better::kLower,
                  .bar = 1.5});
  rows.push_back({.what = what + " p50 : callback echo's",
                  .unit = Row::Unit::kMilliseconds,
                  .measured = P50s(product),
                  .ceiling = P50s(callback_echo),
                  .better = Row::Better::kLower});
  rows.push_back({.what = what + " : one-thread queue echo",
                  .measured = Rates(product),
                  .ceiling = Rates(queue_echo),
                  .goal = 0.65});
}

using MakeReads = Reads (ReadService::*)();

// A city of ten and a hundred times the size against the sample, in turn.
void Growth(ReadService& sample, const Options& options, std::vector<Row>& rows) {
  const std::pair<const char*, MakeReads> kinds[] = {
      {"GetUnit", &ReadService::Units},
      {"Page of an area", &ReadService::PagesOfAreas},
      {"Page of the root", &ReadService::PageOfRoot}};
  for (const int times : {10, 100}) {
    ReadService larger(times);
    for (const auto& [what, make] : kinds) {
      const Reads here = (sample.*make)(), there = (larger.*make)();
      std::vector<Run> one, many;
      for (int round = 0; round < options.rounds; ++round) {
        one.push_back(sample.Measure(here, options.run / 2));
        many.push_back(larger.Measure(there, options.run / 2));
      }
      rows.push_back({.what = absl::StrCat(what, ", city ×", times, " : city ×1"),
                      .measured = Rates(many),
                      .ceiling = Rates(one)});
    }
  }
}

}  // namespace

std::vector<Row> RpcRead(const Options& options) {
  ReadService service(1);
  std::vector<Row> rows;
  AgainstEcho("GetUnit", service, service.Units(), options, rows);
  AgainstEcho("Page of 50 units", service, service.PagesOfAreas(), options, rows);
  if (options.growth) Growth(service, options, rows);
  return rows;
}

}  // namespace klynge::bench
