// A service that is asked ten times as much as it can do, over real connections.
#include <absl/time/clock.h>
#include <gmock/gmock.h>

#include <atomic>
#include <memory>
#include <thread>

#include "grpc/health/v1/health.grpc.pb.h"
#include "klynge/testing/v1/echo_service.grpc.pb.h"
#include "services/platform/rpc/dispatcher.h"
#include "services/platform/telemetry/log.h"
#include "tests/support/processes.h"
#include "tests/support/service_host.h"
#include "tests/support/status_matchers.h"

namespace klynge::rpc {
namespace {

using klynge::testing::Eventually;
using klynge::testing::v1::EchoRequest;
using klynge::testing::v1::EchoResponse;
using klynge::testing::v1::EchoService;

constexpr int kThreads = 4;
constexpr absl::Duration kWork = absl::Milliseconds(10);
constexpr double kCapacity = kThreads / 0.010;  // calls a second
constexpr absl::Duration kPatience = absl::Seconds(1);

// Each call keeps a thread of the executor for 10 ms.
class SlowService final : public EchoService::CallbackService {
 public:
  explicit SlowService(Runtime& runtime) : dispatcher_(runtime, "klynge.testing.v1.EchoService") {}
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const EchoRequest* request,
                                 EchoResponse* response) override {
    return dispatcher_.Unary(__func__, context, request, response,
                             [this](const Call& call, const EchoRequest&, EchoResponse*) {
                               // The clock here says too little: the deadline may pass after the
                               // wrapper has looked. It looked after this thread was free.
                               thread_local absl::Time free_since = absl::InfinitePast();
                               late_ += free_since >= call.deadline;
                               absl::SleepFor(kWork);
                               free_since = absl::Now();
                               return absl::OkStatus();
                             });
  }
  int started_late() const { return late_; }

 private:
  std::atomic<int> late_ = 0;
  Dispatcher dispatcher_;
};

// Sends calls at a fixed rate, however the service fares, and counts what became of them.
class Callers {
 public:
  explicit Callers(std::shared_ptr<grpc::Channel> channel) : stub_(EchoService::NewStub(channel)) {}
  ~Callers() {
    EXPECT_TRUE(Eventually(absl::Seconds(60), [&] { return under_way_ == 0; }));
  }

  void Run(double per_second, absl::Duration duration) {
    const absl::Time start = absl::Now();
    int64_t sent = 0;
    for (absl::Time now = start; now < start + duration; now = absl::Now()) {
      const auto due = static_cast<int64_t>(per_second * absl::ToDoubleSeconds(now - start));
      for (; sent < due; ++sent) Send();
      absl::SleepFor(absl::Milliseconds(2));
    }
    EXPECT_TRUE(Eventually(absl::Seconds(60), [&] { return under_way_ == 0; }));
  }

  int answered() const { return answered_; }
  int shed() const { return shed_; }
  int others() const { return others_; }

 private:
  struct Question {
    grpc::ClientContext context;
    EchoRequest request;
    EchoResponse response;
  };

  void Send() {
    auto question = std::make_shared<Question>();
    question->context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
    ++under_way_;
    stub_->async()->Echo(&question->context, &question->request, &question->response,
                         [this, question](const grpc::Status& status) {
                           Count(FromGrpc(status));
                           --under_way_;
                         });
  }

  void Count(const absl::Status& status) {
    const bool to_wait = status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value();
    if (status.ok()) {
      ++answered_;
    } else if (status.code() == absl::StatusCode::kResourceExhausted && to_wait) {
      ++shed_;
    } else {
      ++others_;
    }
  }

  const std::unique_ptr<EchoService::Stub> stub_;
  std::atomic<int> under_way_ = 0, answered_ = 0, shed_ = 0, others_ = 0;
};

// Asks for the health over and over, as a kubelet does, with its own connection.
class Probe {
 public:
  explicit Probe(const std::string& address)
      : stub_(grpc::health::v1::Health::NewStub(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))),
        thread_([this](std::stop_token stop) {
          while (!stop.stop_requested()) {
            Ask();
            absl::SleepFor(absl::Milliseconds(50));
          }
        }) {}

  int answered() const { return answered_; }
  int failed() const { return failed_; }

 private:
  void Ask() {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(1)));
    grpc::health::v1::HealthCheckResponse response;
    const bool serving = stub_->Check(&context, {}, &response).ok() &&
                         response.status() == grpc::health::v1::HealthCheckResponse::SERVING;
    ++(serving ? answered_ : failed_);
  }

  const std::unique_ptr<grpc::health::v1::Health::Stub> stub_;
  std::atomic<int> answered_ = 0, failed_ = 0;
  std::jthread thread_;
};

class OverloadTest : public ::testing::Test {
 protected:
  OverloadTest() { telemetry::SetLogLevel(telemetry::Level::kError); }
  ~OverloadTest() override { telemetry::SetLogLevel(telemetry::Level::kInfo); }

  klynge::testing::TestRuntime runtime_{kThreads, 1000};
  SlowService service_{runtime_.runtime()};
  klynge::testing::ServiceHost host_{runtime_, "testing", {&service_}};
  Callers callers_{host_.channel()};
};

// The queue would hold 2.5 s of work, for callers who wait 1 s: served in order, nearly everything
// would be answered just too late.
TEST_F(OverloadTest, AnswersAsManyAsItCanWhenTenTimesAsManyAsk) {
  callers_.Run(10 * kCapacity, absl::Seconds(5));
  RecordProperty("answered_per_second", callers_.answered() / 5);
  EXPECT_GT(callers_.answered(), 0.5 * kCapacity * 5);
  EXPECT_GT(callers_.shed(), 5 * kCapacity * 5);
  EXPECT_EQ(service_.started_late(), 0);
}

TEST_F(OverloadTest, StaysAnswerableToProbes) {
  const Probe probe(host_.address());
  callers_.Run(10 * kCapacity, absl::Seconds(5));
  EXPECT_GT(probe.answered(), 20);
  EXPECT_EQ(probe.failed(), 0);
}

TEST_F(OverloadTest, AnswersEveryoneAgainWhenTheOverloadIsOver) {
  callers_.Run(10 * kCapacity, absl::Seconds(2));
  const int before = callers_.answered();
  callers_.Run(0.5 * kCapacity, absl::Seconds(2));
  EXPECT_GE(callers_.answered() - before, 0.5 * kCapacity * 2 * 0.95);
}

}  // namespace
}  // namespace klynge::rpc
