#include "services/platform/rpc/dispatcher.h"

#include <absl/strings/match.h>
#include <absl/synchronization/notification.h>
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "klynge/testing/v1/echo_service.grpc.pb.h"
#include "services/platform/mutex.h"
#include "services/platform/rpc/caller_limits.h"
#include "services/platform/rpc/client/context.h"
#include "services/platform/rpc/page_token.h"
#include "services/platform/steady_clock.h"
#include "services/platform/telemetry/log.h"
#include "tests/support/processes.h"
#include "tests/support/service_host.h"
#include "tests/support/status_matchers.h"

namespace klynge::rpc {
namespace {

using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::v1::EchoRequest;
using klynge::testing::v1::EchoResponse;
using klynge::testing::v1::EchoService;

using UnaryHandler = std::function<absl::Status(const Call&, const EchoRequest&, EchoResponse*)>;
using StartHandler =
    std::function<absl::Status(const Call&, const EchoRequest&, EchoResponse*, UnaryReactor::Done)>;
using StreamHandler = std::function<void(const Call&, const EchoRequest&,
                                         std::shared_ptr<ResponseStream<EchoResponse>>)>;

class Joiner final : public ClientStreamHandler<EchoRequest, EchoResponse> {
 public:
  absl::Status OnBatch(const Call&, std::vector<EchoRequest> batch) override {
    for (const auto& request : batch) {
      if (request.text() == "bad")
        return MakeStatus(absl::StatusCode::kInvalidArgument, "BAD", "bad");
      text_ += request.text();
    }
    return absl::OkStatus();
  }
  absl::Status OnEnd(const Call&, EchoResponse* response) override {
    response->set_text(text_);
    return absl::OkStatus();
  }

 private:
  std::string text_;
};

class TestService final : public EchoService::CallbackService {
 public:
  explicit TestService(Runtime& runtime) : dispatcher_(runtime, "klynge.testing.v1.EchoService") {}

  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const EchoRequest* request,
                                 EchoResponse* response) override {
    if (start) return dispatcher_.Start(__func__, context, request, response, start);
    return dispatcher_.Unary(__func__, context, request, response, unary);
  }
  grpc::ServerReadReactor<EchoRequest>* Join(grpc::CallbackServerContext* context,
                                             EchoResponse* response) override {
    return dispatcher_.ClientStream<EchoRequest, EchoResponse>(__func__, context, response,
                                                               std::make_unique<Joiner>());
  }
  grpc::ServerWriteReactor<EchoResponse>* Repeat(grpc::CallbackServerContext* context,
                                                 const EchoRequest* request) override {
    return dispatcher_.ServerStream<EchoRequest, EchoResponse>(__func__, context, request, stream);
  }

  UnaryHandler unary = [](const Call&, const EchoRequest& request, EchoResponse* response) {
    response->set_text(request.text());
    return absl::OkStatus();
  };
  StartHandler start;  // instead of `unary`, when set
  StreamHandler stream = [](const Call&, const EchoRequest& request, auto out) {
    EchoResponse response;
    response.set_text(request.text());
    for (int i = 0; i < request.times(); ++i) {
      if (!out->WaitForRoom(100) || !out->Send(response)) return;
    }
    out->Finish(absl::OkStatus());
  };

 private:
  Dispatcher dispatcher_;
};

class DispatcherTest : public ::testing::Test {
 protected:
  absl::Status Call(const std::string& text, EchoResponse* response,
                    absl::Duration timeout = absl::Seconds(10)) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    EchoRequest request;
    request.set_text(text);
    const grpc::Status ended = stub_->Echo(&context, request, response);
    TakeFromGrpc();
    return FromGrpc(ended);
  }

  klynge::testing::TestRuntime runtime_{2, 2};
  TestService service_{runtime_.runtime()};
  klynge::testing::ServiceHost host_{runtime_, "testing", {&service_}};
  std::unique_ptr<EchoService::Stub> stub_ = EchoService::NewStub(host_.channel());
};

TEST_F(DispatcherTest, AnswersWithWhatTheHandlerSays) {
  EchoResponse response;
  ASSERT_THAT(Call("hej", &response), IsOk());
  EXPECT_EQ(response.text(), "hej");
}

TEST_F(DispatcherTest, AnswersWhenAStartedCallIsDone) {
  // More at once than the executor has threads and places: none of them waits for a thread.
  constexpr size_t kCalls = 20;
  std::mutex mutex;
  std::vector<std::pair<EchoResponse*, UnaryReactor::Done>> begun;
  service_.start = [&](const rpc::Call&, const EchoRequest&, EchoResponse* response,
                       UnaryReactor::Done done) {
    std::lock_guard lock(mutex);
    begun.emplace_back(response, std::move(done));
    return absl::OkStatus();
  };
  std::vector<std::thread> clients;
  for (size_t i = 0; i < kCalls; ++i) {
    clients.emplace_back([&] {
      EchoResponse response;
      EXPECT_THAT(Call("x", &response), IsOk());
      EXPECT_EQ(response.text(), "later");
    });
  }
  ASSERT_TRUE(klynge::testing::Eventually(absl::Seconds(10), [&] {
    std::lock_guard lock(mutex);
    return begun.size() == kCalls;
  }));
  for (auto& [response, done] : begun) {
    response->set_text("later");
    done(absl::OkStatus());
  }
  for (auto& client : clients) client.join();
}

TEST_F(DispatcherTest, AnswersAtOnceWhenACallCannotBeStarted) {
  EchoResponse response;
  service_.start = [](const rpc::Call&, const EchoRequest&, EchoResponse*, UnaryReactor::Done) {
    return MakeStatus(absl::StatusCode::kInvalidArgument, "DULL", "is dull");
  };
  EXPECT_THAT(Call("x", &response), StatusIs(absl::StatusCode::kInvalidArgument, "DULL"));
  service_.start = [](const rpc::Call&, const EchoRequest&, EchoResponse*,
                      UnaryReactor::Done) -> absl::Status { throw std::runtime_error("no"); };
  EXPECT_THAT(Call("x", &response), StatusIs(absl::StatusCode::kInternal, "INTERNAL"));
}

TEST_F(DispatcherTest, SendsErrorsWithTheirDetails) {
  service_.unary = [](const rpc::Call&, const EchoRequest&, EchoResponse*) {
    Violations violations;
    violations.Add("text", "is dull");
    return violations.ToStatus(absl::StatusCode::kInvalidArgument, "DULL", "");
  };
  EchoResponse response;
  const absl::Status status = Call("x", &response);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "DULL"));
  EXPECT_THAT(klynge::testing::WrongFields(status), ::testing::ElementsAre("text"));
}

TEST_F(DispatcherTest, LogsCallsThatAreNotRecordedOnlyWhenTheyFail) {
  service_.unary = [](const rpc::Call&, const EchoRequest& request, EchoResponse*) {
    return request.text() == "fail" ? absl::NotFoundError("nothing") : absl::OkStatus();
  };
  const auto logged = [&](const std::string& text, bool recorded) {
    rpc::Call call;
    call.traceparent = NewTraceparent(recorded);
    grpc::ClientContext context;
    PrepareContext(call, &context);
    EchoRequest request;
    request.set_text(text);
    EchoResponse response;
    ::testing::internal::CaptureStderr();
    stub_->Echo(&context, request, &response);
    telemetry::FlushLog();
    const std::string lines = ::testing::internal::GetCapturedStderr();
    return absl::StrContains(lines, call.traceparent.substr(3, 32));
  };
  EXPECT_TRUE(logged("well", true));
  EXPECT_FALSE(logged("well", false));
  EXPECT_TRUE(logged("fail", false));
}

TEST_F(DispatcherTest, TurnsAnExceptionIntoInternal) {
  service_.unary = [](const rpc::Call&, const EchoRequest&, EchoResponse*) -> absl::Status {
    throw std::runtime_error("secret");
  };
  EchoResponse response;
  const absl::Status status = Call("x", &response);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal, "INTERNAL"));
  EXPECT_THAT(std::string(status.message()), ::testing::Not(::testing::HasSubstr("secret")));
}

TEST_F(DispatcherTest, RefusesWhatDoesNotFitInTheQueueAndRecovers) {
  absl::Notification release;
  std::atomic<int> started = 0, refused = 0, answered = 0;
  service_.unary = [&](const rpc::Call&, const EchoRequest&, EchoResponse*) {
    ++started;
    release.WaitForNotification();
    return absl::OkStatus();
  };
  std::vector<std::thread> clients;
  const auto add_clients = [&](int count) {
    for (int i = 0; i < count; ++i) {
      clients.emplace_back([&] {
        EchoResponse response;
        const absl::Status status = Call("x", &response);
        refused += status.code() == absl::StatusCode::kResourceExhausted &&
                   ReasonOf(status) == "OVERLOADED";
        answered += status.ok();
      });
    }
  };
  add_clients(2);  // as many as there are threads
  EXPECT_TRUE(klynge::testing::Eventually(absl::Seconds(5), [&] { return started == 2; }));
  add_clients(10);  // two find room in the queue
  EXPECT_TRUE(klynge::testing::Eventually(absl::Seconds(5), [&] { return refused == 8; }));
  release.Notify();
  for (auto& client : clients) client.join();
  EXPECT_EQ(answered, 4);
}

TEST_F(DispatcherTest, DoesNotStartWorkWhoseDeadlineHasPassed) {
  absl::Notification release;
  std::atomic<int> started = 0;
  service_.unary = [&](const rpc::Call&, const EchoRequest&, EchoResponse*) {
    ++started;
    release.WaitForNotification();
    return absl::OkStatus();
  };
  std::vector<std::thread> busy;
  for (int i = 0; i < 2; ++i) {
    busy.emplace_back([&] {
      EchoResponse response;
      EXPECT_THAT(Call("x", &response), IsOk());
    });
  }
  ASSERT_TRUE(klynge::testing::Eventually(absl::Seconds(10), [&] { return started == 2; }));
  EchoResponse response;
  EXPECT_EQ(Call("late", &response, absl::Milliseconds(50)).code(),
            absl::StatusCode::kDeadlineExceeded);
  // The server reckons the deadline from when the call reached it, a little later than the client.
  absl::SleepFor(absl::Milliseconds(100));
  release.Notify();
  for (auto& client : busy) client.join();
  ASSERT_TRUE(klynge::testing::Eventually(absl::Seconds(10),
                                          [&] { return runtime_.executor().queued() == 0; }));
  EXPECT_EQ(started, 2);
}

TEST_F(DispatcherTest, GoesOnInTheCallersTraceWithASpanOfItsOwn) {
  service_.unary = [](const rpc::Call& call, const EchoRequest&, EchoResponse* response) {
    response->set_text(call.traceparent);
    return absl::OkStatus();
  };
  const std::string trace = "00-0123456789abcdef0123456789abcdef-";
  rpc::Call call;
  call.traceparent = trace + "0123456789abcdef-01";
  grpc::ClientContext context;
  PrepareContext(call, &context);
  EchoResponse response;
  ASSERT_THAT(stub_->Echo(&context, EchoRequest(), &response), IsOk());
  EXPECT_EQ(response.text().size(), call.traceparent.size());
  EXPECT_THAT(response.text(), ::testing::StartsWith(trace));
  EXPECT_THAT(response.text(), ::testing::EndsWith("-01"));
  EXPECT_NE(response.text(), call.traceparent);
}

TEST_F(DispatcherTest, MakesATraceWhereThereIsNone) {
  service_.unary = [](const rpc::Call& call, const EchoRequest&, EchoResponse* response) {
    response->set_text(call.traceparent);
    return absl::OkStatus();
  };
  rpc::Call call;
  call.traceparent = "nonsense";
  grpc::ClientContext context;
  PrepareContext(call, &context);
  EchoResponse response;
  ASSERT_THAT(stub_->Echo(&context, EchoRequest(), &response), IsOk());
  EXPECT_THAT(response.text(), ::testing::MatchesRegex("00-[0-9a-f]+-[0-9a-f]+-01"));
  EXPECT_EQ(response.text().size(), 55u);
}

TEST_F(DispatcherTest, CarriesTheRequestIdOnButBelievesOnlyServicesForWhomTheyAsk) {
  service_.unary = [](const rpc::Call& call, const EchoRequest&, EchoResponse* response) {
    response->set_text(absl::StrCat(call.request_id, " ", call.on_behalf_of));
    return absl::OkStatus();
  };
  rpc::Call call;
  call.request_id = "order-7";
  call.on_behalf_of = "spiffe://klynge/operator";
  grpc::ClientContext context;
  PrepareContext(call, &context);
  EchoResponse response;
  ASSERT_THAT(stub_->Echo(&context, EchoRequest(), &response), IsOk());
  EXPECT_EQ(response.text(), "order-7 local");
}

TEST_F(DispatcherTest, RefusesACallerThatAsksTooOften) {
  SteadyClock clock;
  CallerLimits limits(clock, {.rate = 0.01, .burst = 2});
  runtime_.runtime().caller_limits = &limits;
  EchoResponse response;
  EXPECT_THAT(Call("x", &response), IsOk());
  EXPECT_THAT(Call("x", &response), IsOk());
  EXPECT_THAT(Call("x", &response),
              klynge::testing::IsRetryable(absl::StatusCode::kResourceExhausted, "RATE_LIMITED"));
}

TEST_F(DispatcherTest, HandsAStreamOverInOrder) {
  grpc::ClientContext context;
  EchoResponse response;
  auto writer = stub_->Join(&context, &response);
  std::string expected;
  EchoRequest request;
  for (int i = 0; i < 5'000; ++i) {
    request.set_text(absl::StrCat(i, ","));
    expected += request.text();
    ASSERT_TRUE(writer->Write(request));
  }
  writer->WritesDone();
  ASSERT_THAT(writer->Finish(), IsOk());
  EXPECT_EQ(response.text(), expected);
}

TEST_F(DispatcherTest, TakesAnEmptyStream) {
  grpc::ClientContext context;
  EchoResponse response;
  auto writer = stub_->Join(&context, &response);
  writer->WritesDone();
  EXPECT_THAT(writer->Finish(), IsOk());
}

TEST_F(DispatcherTest, EndsAStreamAtItsFirstError) {
  grpc::ClientContext context;
  EchoResponse response;
  auto writer = stub_->Join(&context, &response);
  EchoRequest request;
  request.set_text("bad");
  for (int i = 0; i < 10'000 && writer->Write(request); ++i) {
  }
  writer->WritesDone();
  EXPECT_THAT(writer->Finish(), StatusIs(absl::StatusCode::kInvalidArgument, "BAD"));
}

TEST_F(DispatcherTest, StreamsMoreThanItQueues) {
  grpc::ClientContext context;
  EchoRequest request;
  request.set_text("x");
  request.set_times(3'000);
  auto reader = stub_->Repeat(&context, request);
  EchoResponse response;
  int count = 0;
  while (reader->Read(&response)) ++count;
  EXPECT_THAT(reader->Finish(), IsOk());
  EXPECT_EQ(count, 3'000);
}

TEST_F(DispatcherTest, TellsAStreamThatItsClientHasGone) {
  Mutex mutex;
  std::shared_ptr<ResponseStream<EchoResponse>> kept;
  service_.stream = [&](const rpc::Call&, const EchoRequest&, auto out) {
    MutexLock lock(&mutex);
    kept = out;
  };
  grpc::ClientContext context;
  auto reader = stub_->Repeat(&context, EchoRequest());
  std::shared_ptr<ResponseStream<EchoResponse>> stream;
  ASSERT_TRUE(klynge::testing::Eventually(absl::Seconds(10), [&] {
    MutexLock lock(&mutex);
    stream = kept;
    return stream != nullptr;
  }));
  EXPECT_TRUE(stream->Send(EchoResponse()));
  context.TryCancel();
  EXPECT_TRUE(klynge::testing::Eventually(absl::Seconds(10), [&] { return stream->cancelled(); }));
  EXPECT_FALSE(stream->Send(EchoResponse()));
  stream->Finish(absl::OkStatus());  // too late, and harmless
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(DispatcherTest, FinishesWhatIsUnderWayWhenItDrains) {
  absl::Notification started;
  service_.unary = [&](const rpc::Call&, const EchoRequest&, EchoResponse* response) {
    started.Notify();
    absl::SleepFor(absl::Milliseconds(200));
    response->set_text("done");
    return absl::OkStatus();
  };
  EchoResponse response;
  absl::Status status = absl::UnknownError("not run");
  std::thread client([&] { status = Call("x", &response); });
  started.WaitForNotification();
  host_.server().Drain({.grace = absl::Seconds(10)});
  client.join();
  EXPECT_THAT(status, IsOk());
  EXPECT_EQ(response.text(), "done");
}

TEST(PageToken, WorksOnlyForTheRequestItWasMadeFor) {
  EchoRequest request;
  request.set_text("a");
  request.set_page_token(MakePageToken(request, "row 50"));
  EXPECT_EQ(*PagePosition(request), "row 50");
  request.set_text("b");
  EXPECT_THAT(PagePosition(request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_PAGE_TOKEN"));
  request.set_page_token("?");
  EXPECT_THAT(PagePosition(request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_PAGE_TOKEN"));
}

}  // namespace
}  // namespace klynge::rpc
