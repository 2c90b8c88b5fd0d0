#include "tests/faults/clients.h"

#include <absl/random/random.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <absl/time/clock.h>

#include <algorithm>

#include "services/platform/rpc/runtime.h"
#include "services/platform/rpc/status.h"
#include "tests/faults/city.h"

namespace klynge::faults {
namespace {

using goals::v1::GoalsService;

constexpr absl::Duration kBetweenWrites = absl::Milliseconds(25);
constexpr absl::Duration kBetweenReads = absl::Milliseconds(15);
constexpr absl::Duration kBeforeRetry = absl::Milliseconds(50);
// A write that takes longer than this to be acknowledged is given up and reported.
constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr int kWritesPerGoal = 4;
constexpr int kGoodInARow = 10;
constexpr char kOk[] = "OK";

// "UNAVAILABLE (DATABASE_UNAVAILABLE)"; without a reason it was not the service that answered.
std::string Describe(const absl::Status& status) {
  if (status.ok()) return kOk;
  const std::string reason = ReasonOf(status);
  return absl::StrCat(absl::StatusCodeToString(status.code()), " (",
                      reason.empty() ? "no answer" : reason, ")");
}

// A client can tell from the code that trying again makes sense, and when.
bool SaysTryAgain(const absl::Status& status) {
  if (status.code() == absl::StatusCode::kDeadlineExceeded) return true;
  if (status.code() != absl::StatusCode::kUnavailable &&
      status.code() != absl::StatusCode::kResourceExhausted) {
    return false;
  }
  return ReasonOf(status).empty() ||
         status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value();
}

// What should be there once against what is there.
void Compare(std::vector<std::string> expected, std::vector<std::string> found,
             std::vector<std::string>& wrongs) {
  std::sort(expected.begin(), expected.end());
  std::sort(found.begin(), found.end());
  std::vector<std::string> lost, surplus;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                      std::back_inserter(lost));
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                      std::back_inserter(surplus));
  for (const std::string& one : lost) wrongs.push_back(one + " was acknowledged and is lost");
  for (const std::string& one : surplus) wrongs.push_back(one + " is there once too often");
}

std::vector<std::string> CheckInsOf(GoalsService::Stub& stub, const std::string& writer,
                                    int64_t min_revision, std::vector<std::string>& wrongs) {
  std::vector<std::string> notes;
  goals::v1::ListCheckInsRequest request;
  request.set_goal_id(GoalOf(writer));
  request.set_page_size(1000);
  request.set_min_revision(min_revision);
  do {
    grpc::ClientContext context;
    goals::v1::ListCheckInsResponse response;
    const grpc::Status listed = stub.ListCheckIns(&context, request, &response);
    if (!listed.ok()) wrongs.push_back("ListCheckIns: " + listed.error_message());
    for (const auto& check_in : response.check_ins()) notes.push_back(check_in.note());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return notes;
}

std::vector<std::string> DraftsOf(GoalsService::Stub& stub, int64_t min_revision,
                                  std::vector<std::string>& wrongs) {
  std::vector<std::string> ids;
  goals::v1::ListGoalsRequest request;
  request.set_unit_id(kUnit);
  request.add_states(goals::v1::GOAL_STATE_DRAFT);
  request.set_page_size(1000);
  request.set_min_revision(min_revision);
  do {
    grpc::ClientContext context;
    goals::v1::ListGoalsResponse response;
    const grpc::Status listed = stub.ListGoals(&context, request, &response);
    if (!listed.ok()) wrongs.push_back("ListGoals: " + listed.error_message());
    for (const auto& goal : response.goals()) ids.push_back(goal.goal_id());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  return ids;
}

}  // namespace

std::string Shown(absl::Duration duration) {
  return duration < absl::Seconds(1) ? absl::StrFormat("%d ms", absl::ToInt64Milliseconds(duration))
                                     : absl::StrFormat("%.1f s", absl::ToDoubleSeconds(duration));
}

int Seen::Failures() const {
  int failures = 0;
  for (const auto& [answer, count] : answers) failures += answer == kOk ? 0 : count;
  return failures;
}

std::string Seen::AnswersToString() const {
  return absl::StrJoin(answers, ", ", [](std::string* text, const auto& entry) {
    absl::StrAppend(text, entry.second, " ", entry.first);
  });
}

Clients::Clients(const std::vector<testing::Replica*>& replicas) {
  for (int n = 0; n < kWriters + kReaders; ++n) {
    auto client = std::make_unique<Client>();
    client->name = n < kWriters ? WriterName(n) : absl::StrCat("r", n - kWriters);
    client->channel = replicas[static_cast<size_t>(n) % replicas.size()]->channel();
    client->stub = GoalsService::NewStub(client->channel);
    clients_.push_back(std::move(client));
  }
  for (int n = 0; n < kWriters + kReaders; ++n) {
    Client& client = *clients_[static_cast<size_t>(n)];
    client.thread =
        std::thread([this, n, &client] { n < kWriters ? Write(client) : Read(client); });
  }
}

Clients::~Clients() { Stop(); }

void Clients::Stop() {
  stopping_ = true;
  for (const auto& client : clients_) {
    if (client->thread.joinable()) client->thread.join();
  }
}

bool Clients::Recover(absl::Duration wait) {
  for (const auto& client : clients_) client->good_in_a_row = 0;
  return testing::Eventually(wait, [this] {
    return std::all_of(clients_.begin(), clients_.end(),
                       [](const auto& client) { return client->good_in_a_row >= kGoodInARow; });
  });
}

template <class Request, class Response>
absl::Status Clients::Call(Client& client,
                           grpc::Status (GoalsService::Stub::*rpc)(grpc::ClientContext*,
                                                                   const Request&, Response*),
                           const Request& request, Response* response) {
  grpc::ClientContext context;
  const absl::Time begun = absl::Now();
  context.set_deadline(absl::ToChronoTime(begun + kDeadline));
  const absl::Status status = rpc::FromGrpc(((*client.stub).*rpc)(&context, request, response));
  client.answers.push_back({begun, absl::Now(), Describe(status)});
  if (!status.ok() && !SaysTryAgain(status)) {
    client.wrongs.push_back(absl::StrCat(client.name, " was told ", status.ToString()));
  }
  client.good_in_a_row = status.ok() ? client.good_in_a_row + 1 : 0;
  if (!status.ok()) {
    absl::SleepFor(kBeforeRetry);
    // gRPC works on a lost connection only while somebody waits for something.
    client.channel->WaitForConnected(absl::ToChronoTime(absl::Now() + kBeforeRetry));
  }
  return status;
}

absl::Status Clients::CheckIn(Client& client, const std::string& note) {
  goals::v1::CheckInRequest request;
  request.set_request_id(note);
  request.mutable_check_in()->set_goal_id(GoalOf(client.name));
  request.mutable_check_in()->set_checked_on("2022-03-01");
  request.mutable_check_in()->set_note(note);
  request.mutable_check_in()->set_role("pedagogical_leader");
  goals::v1::CheckInResponse response;
  KLYNGE_RETURN_IF_ERROR(Call(client, &GoalsService::Stub::CheckIn, request, &response));
  client.check_ins.push_back(note);
  MutexLock lock(&mutex_);
  tokens_[client.name] = response.revision();
  newest_ = std::max(newest_, response.revision());
  return absl::OkStatus();
}

absl::Status Clients::CreateGoal(Client& client, const std::string& goal_id) {
  goals::v1::CreateGoalRequest request;
  request.set_request_id(goal_id);
  *request.mutable_goal() = NewGoal(goal_id);
  goals::v1::CreateGoalResponse response;
  KLYNGE_RETURN_IF_ERROR(Call(client, &GoalsService::Stub::CreateGoal, request, &response));
  client.goals.push_back(goal_id);
  MutexLock lock(&mutex_);
  newest_ = std::max(newest_, response.revision());
  return absl::OkStatus();
}

void Clients::Write(Client& client) {
  for (int n = 0; !stopping_; ++n) {
    const std::string what = absl::StrCat(client.name, "-", n);
    const bool check_in = n % kWritesPerGoal != 0;
    const absl::Time patience = absl::Now() + kPatience;
    while (!(check_in ? CheckIn(client, what) : CreateGoal(client, what)).ok()) {
      if (absl::Now() > patience) {
        client.wrongs.push_back(what + " was never acknowledged");
        return;
      }
    }
    absl::SleepFor(kBetweenWrites);
  }
}

void Clients::Read(Client& client) {
  absl::BitGen random;
  for (int n = 0; !stopping_; ++n) {
    const std::string writer = WriterName(absl::Uniform(random, 0, kWriters));
    int64_t token = 0;
    {
      MutexLock lock(&mutex_);
      token = tokens_[writer];
    }
    if (n % 4 == 0) {
      ReadProgress(client, token);
    } else {
      ReadGoal(client, GoalOf(writer), token);
    }
    absl::SleepFor(kBetweenReads);
  }
}

void Clients::ReadGoal(Client& client, const std::string& goal_id, int64_t token) {
  goals::v1::GetGoalRequest request;
  request.set_goal_id(goal_id);
  request.set_min_revision(token);
  goals::v1::GetGoalResponse response;
  if (!Call(client, &GoalsService::Stub::GetGoal, request, &response).ok()) return;
  // The token is of a check-in on just this goal.
  if (response.revision() < token || response.goal().revision() < token) {
    client.wrongs.push_back(absl::StrCat(client.name, " asked for ", goal_id, " at ", token,
                                         " and got ", response.goal().revision()));
  }
}

void Clients::ReadProgress(Client& client, int64_t token) {
  goals::v1::GetProgressRequest request;
  request.set_unit_id(kRoot);
  request.set_min_revision(token);
  goals::v1::GetProgressResponse response;
  if (!Call(client, &GoalsService::Stub::GetProgress, request, &response).ok()) return;
  if (response.revision() < token) {
    client.wrongs.push_back(absl::StrCat(client.name, " asked for progress at ", token, " and got ",
                                         response.revision()));
  }
}

Seen Clients::SeenDuringFault() const {
  Seen seen;
  absl::Time recovered = fault_ended_;
  for (const auto& client : clients_) {
    absl::Time good_since = absl::InfiniteFuture();
    for (const Answer& answer : client->answers) {
      if (answer.ended < fault_begun_) continue;
      ++seen.answers[answer.status];
      seen.slowest = std::max(seen.slowest, answer.ended - answer.begun);
      if (answer.status != kOk) {
        good_since = absl::InfiniteFuture();
      } else if (answer.ended > fault_ended_) {
        good_since = std::min(good_since, answer.ended);
      }
    }
    recovered = std::max(recovered, good_since);
  }
  seen.recovery = recovered - fault_ended_;
  return seen;
}

std::vector<std::string> Clients::Wrongs() const {
  std::vector<std::string> wrongs;
  for (const auto& client : clients_) {
    wrongs.insert(wrongs.end(), client->wrongs.begin(), client->wrongs.end());
  }
  return wrongs;
}

std::vector<std::string> Clients::LostOrDouble(const testing::Replica& replica) const {
  std::vector<std::string> wrongs, created;
  const auto stub = GoalsService::NewStub(replica.channel());
  int64_t newest = 0;
  {
    MutexLock lock(&mutex_);
    newest = newest_;
  }
  for (const auto& client : clients_) {
    if (!client->check_ins.empty()) {
      Compare(client->check_ins, CheckInsOf(*stub, client->name, newest, wrongs), wrongs);
    }
    created.insert(created.end(), client->goals.begin(), client->goals.end());
  }
  Compare(created, DraftsOf(*stub, newest, wrongs), wrongs);
  return wrongs;
}

int Clients::acknowledged() const {
  size_t count = 0;
  for (const auto& client : clients_) count += client->check_ins.size() + client->goals.size();
  return static_cast<int>(count);
}

}  // namespace klynge::faults
