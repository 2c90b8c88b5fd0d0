// CheckIn, each with a request_id, spread over many goals: the check-in, the goal, the audit line,
// the remembered answer and the revision, durable before it is acknowledged.
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/strip.h>
#include <google/protobuf/util/json_util.h>

#include <cstdio>

#include "klynge/goals/v1/goals_service.grpc.pb.h"
#include "tests/bench/benchmarks.h"
#include "tests/bench/city.h"
#include "tests/bench/echo.h"
#include "tests/bench/load.h"
#include "tests/bench/postgres.h"

namespace klynge::bench {
namespace {

using testing::PostgresServer;

constexpr char kCheckIn[] = "/klynge.goals.v1.GoalsService/CheckIn";
constexpr char kNote[] = "Measurement ";
constexpr int kConnections = 16;

std::string GoalId(int64_t number) { return absl::StrCat("goal-", number); }

void PublishFramework(goals::v1::GoalsService::Stub& stub) {
  goals::v1::PublishFrameworkRequest request;
  if (!google::protobuf::util::JsonStringToMessage(SampleFile("framework.json"), &request).ok()) {
    Fail("deploy/sample/framework.json is no PublishFrameworkRequest");
  }
  grpc::ClientContext context;
  goals::v1::PublishFrameworkResponse response;
  const grpc::Status status = stub.PublishFramework(&context, request, &response);
  if (!status.ok()) Fail("PublishFramework: " + status.error_message());
}

void AddGoal(int64_t number, const std::string& unit, goals::v1::ImportGoalsRequest& request) {
  auto* row = request.add_rows();
  auto* goal = row->mutable_goal();
  goal->set_goal_id(GoalId(number));
  goal->set_unit_id(unit);
  goal->set_title(absl::StrCat("Goal ", number));
  goal->set_framework_id("kk-2021");
  goal->add_core_area_codes("clear_goals");
  goal->set_starts_on("2021-12-01");
  auto* criterion = goal->add_criteria();
  criterion->set_indicator("Days with reading aloud");
  criterion->set_unit_of_measure("days");
  criterion->set_baseline(0);
  criterion->set_target(200);
  criterion->set_due_date("2023-12-15");
  row->mutable_agreement()->set_role("pedagogical_leader");
  row->mutable_agreement()->set_agreed_on("2022-01-15");
}

// Agreed goals, spread over the units.
void ImportGoals(goals::v1::GoalsService::Stub& stub, const std::vector<std::string>& units,
                 int64_t count) {
  grpc::ClientContext context;
  goals::v1::ImportGoalsResponse response;
  const auto writer = stub.ImportGoals(&context, &response);
  for (int64_t number = 0; number < count;) {
    goals::v1::ImportGoalsRequest request;
    for (int i = 0; i < 500 && number < count; ++i, ++number) {
      AddGoal(number, units[static_cast<size_t>(number) % units.size()], request);
    }
    if (!writer->Write(request)) break;
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (!status.ok()) Fail("ImportGoals: " + status.error_message());
  if (response.created_count() != count) {
    Fail(absl::StrCat("ImportGoals: ", response.created_count(), " of ", count, " created"));
  }
}

goals::v1::CheckInRequest MakeCheckIn(int64_t number, int64_t goals) {
  goals::v1::CheckInRequest request;
  request.set_request_id(absl::StrCat("bench-", number));
  auto* check_in = request.mutable_check_in();
  check_in->set_goal_id(GoalId(number % goals));
  check_in->set_value(static_cast<double>(number % 200));
  check_in->set_note(absl::StrCat(kNote, number));
  check_in->set_role("pedagogical_leader");
  return request;
}

// The services with so many goals, and every write that was acknowledged.
class Writes {
 public:
  Writes(PostgresServer& postgres, int64_t goals) : goals_(goals), cluster_("none") {
    const auto city = City(1);
    cluster_.Use("organisation", "sqlite:" + directory_.path() + "/organisation.db");
    ImportCity(StartService(cluster_, "organisation").channel(), city);
    url_ = postgres.NewDatabase();
    cluster_.Use("goals", url_);
    service_ = &StartService(cluster_, "goals");
    const auto stub = goals::v1::GoalsService::NewStub(service_->channel());
    PublishFramework(*stub);
    ImportGoals(*stub, Institutions(city), goals);
  }

  // Repeated calls are to have their first answers.
  Run Measure(absl::Duration duration) {
    const int64_t first = acknowledged_;
    Load load;
    load.channel = OwnChannel(service_->address());
    load.method = kCheckIn;
    load.request = [&](int64_t call) { return ToBytes(MakeCheckIn(first + call, goals_)); };
    load.check = [&](int64_t call, const grpc::ByteBuffer& answer) {
      goals::v1::CheckInResponse response;
      return FromBytes(answer, &response) && response.revision() > 0 &&
             response.check_in().note() == absl::StrCat(kNote, first + call) &&
             response.goal().goal_id() == GoalId((first + call) % goals_);
    };
    load.duration = duration;
    const Run run = RunLoad(load);
    acknowledged_ += run.answered;
    return run;
  }

  // The sizes of a request and its answer. It writes.
  std::pair<size_t, size_t> Sizes() {
    const auto stub = goals::v1::GoalsService::NewStub(service_->channel());
    grpc::ClientContext context;
    goals::v1::CheckInResponse response;
    const auto request = MakeCheckIn(acknowledged_++, goals_);
    const grpc::Status status = stub->CheckIn(&context, request, &response);
    if (!status.ok()) Fail("CheckIn: " + status.error_message());
    return {request.ByteSizeLong(), response.ByteSizeLong()};
  }

  // Kills the service and crashes the database: what was acknowledged must be there, once, with its
  // audit line and its remembered answer. Returns how many writes a transaction had, on average.
  double CheckDurable(PostgresServer& postgres) {
    service_->Kill();
    postgres.Crash();
    PostgresConnection sql(url_);
    std::vector<int> found(static_cast<size_t>(acknowledged_));
    for (const std::string& note : sql.Column("SELECT note FROM check_in")) {
      size_t number = found.size();
      if (!absl::SimpleAtoi(absl::StripPrefix(note, kNote), &number) || number >= found.size()) {
        Fail(absl::StrCat("a check-in that nobody made: ", note));
      }
      ++found[number];
    }
    for (size_t number = 0; number < found.size(); ++number) {
      if (found[number] != 1) {
        Fail(absl::StrCat("check-in ", number, " was acknowledged once and is there ",
                          found[number], " times"));
      }
    }
    Expect(sql, "SELECT count(*) FROM klynge_audit WHERE action = 'check_in'");
    Expect(sql, "SELECT count(*) FROM klynge_idempotency WHERE request_id LIKE 'bench-%'");
    // Rows of one transaction have the same xmin.
    const auto transactions = sql.Number("SELECT count(DISTINCT xmin::text) FROM check_in");
    return static_cast<double>(acknowledged_) / static_cast<double>(transactions);
  }

  int64_t acknowledged() const { return acknowledged_; }

 private:
  void Expect(PostgresConnection& sql, const std::string& query) const {
    if (const int64_t rows = sql.Number(query); rows != acknowledged_) {
      Fail(absl::StrCat(query, ": ", rows, " instead of ", acknowledged_));
    }
  }

  const int64_t goals_;
  testing::TemporaryDirectory directory_;
  testing::Cluster cluster_;
  testing::Replica* service_ = nullptr;
  std::string url_;
  int64_t acknowledged_ = 0;
};

}  // namespace

std::vector<Row> RpcWrite(const Options& options) {
  PostgresServer postgres(PostgresServer::Durability::kFull);
  testing::TemporaryDirectory logs;
  const std::string plain = postgres.NewDatabase();
  MakePlainTable(plain);
  Writes writes(postgres, options.goals);
  const auto [request, response] = writes.Sizes();
  const Echo echo(Echo::Mode::kCallback, request, response, logs.path() + "/echo.log");
  std::vector<Run> commits, check_ins, echoes;
  for (int round = 0; round < options.rounds; ++round) {
    commits.push_back(RunCommits(plain, kConnections, options.run));
    check_ins.push_back(writes.Measure(options.run));
    echoes.push_back(RunLoad(echo.MakeLoad(options.run)));
  }
  const double group = writes.CheckDurable(postgres);
  std::printf("rpc_write: %d writes acknowledged, each found once after a crash\n",
              static_cast<int>(writes.acknowledged()));
  const std::string with = absl::StrFormat(" (%d goals, 64 in flight)", options.goals);
  return {
      {.what = "CheckIn : commits of 16 connections" + with,
       .measured = Rates(check_ins),
       .ceiling = Rates(commits),
       .bar = 0.5,
       .goal = 1.0},
      {.what = "CheckIn : callback echo", .measured = Rates(check_ins), .ceiling = Rates(echoes)},
      {.what = "CheckIn p50 : a commit's",
       .unit = Row::Unit::kMilliseconds,
       .measured = P50s(check_ins),
       .ceiling = P50s(commits),
       .better = Row::Better::kLower},
      {.what = "CheckIn p99 : a commit's",
       .unit = Row::Unit::kMilliseconds,
       .measured = P99s(check_ins),
       .ceiling = P99s(commits),
       .better = Row::Better::kLower},
      {.what = "CheckIns in one transaction", .unit = Row::Unit::kNumber, .measured = {group}},
  };
}

}  // namespace klynge::bench
