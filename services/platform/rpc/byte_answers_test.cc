#include "services/platform/rpc/byte_answers.h"

#include <gmock/gmock.h>

#include "google/rpc/error_details.pb.h"
#include "klynge/testing/v1/echo_service.grpc.pb.h"
#include "services/platform/rpc/caller_limits.h"
#include "services/platform/rpc/dispatcher.h"
#include "services/platform/rpc/message_bytes.h"
#include "services/platform/steady_clock.h"
#include "tests/support/service_host.h"
#include "tests/support/status_matchers.h"

namespace klynge::rpc {
namespace {

using google::rpc::BadRequest;
using klynge::testing::IsOk;
using klynge::testing::IsRetryable;
using klynge::testing::StatusIs;
using klynge::testing::WrongFields;
using klynge::testing::v1::EchoRequest;
using klynge::testing::v1::EchoResponse;
using klynge::testing::v1::EchoService;
using ::testing::ElementsAre;

std::string Text(const grpc::ByteBuffer& bytes) {
  grpc::Slice slice;
  EXPECT_TRUE(bytes.DumpToSingleSlice(&slice).ok());
  return std::string(reinterpret_cast<const char*>(slice.begin()), slice.size());
}

TEST(MessageBytes, AreThoseOfTheMessageMadeInTheOrdinaryWay) {
  BadRequest whole;
  std::vector<std::string> kept;
  // Without anything, short, and with lengths of two and three bytes.
  for (const size_t size : {0, 5, 200, 20'000}) {
    BadRequest::FieldViolation* violation = whole.add_field_violations();
    violation->set_field(std::string(size, 'f'));
    AppendDelimited(*violation, &kept.emplace_back());
  }
  MessageBytes bytes;
  for (const std::string& violation : kept) {
    bytes.Add(BadRequest::kFieldViolationsFieldNumber, violation);
  }
  EXPECT_EQ(Text(bytes.Finish(BadRequest())), whole.SerializeAsString());
}

TEST(MessageBytes, AreNothingForAMessageOfNothing) {
  const grpc::ByteBuffer bytes = MessageBytes().Finish(BadRequest());
  EXPECT_TRUE(bytes.Valid());
  EXPECT_EQ(bytes.Length(), 0u);
}

// Answers Echo with bytes: inline, or on the executor when the text is to be said several times.
class ByteEcho final : public WithByteAnswers<EchoService> {
 public:
  explicit ByteEcho(Runtime& runtime) : dispatcher_(runtime, EchoService::service_full_name()) {
    AnswerWithBytes<EchoRequest>(
        kEcho,
        [this](grpc::CallbackServerContext* context, const EchoRequest* request,
               grpc::ByteBuffer* response) -> grpc::ServerUnaryReactor* {
          return request->times() > 1
                     ? dispatcher_.Unary(kEcho, context, request, response, Answer)
                     : dispatcher_.Inline(kEcho, context, request, response, Answer);
        });
  }

 private:
  static constexpr char kEcho[] = "Echo";

  static absl::Status Answer(const Call&, const EchoRequest& request, grpc::ByteBuffer* response) {
    if (request.text() == "bad") {
      return MakeStatus(absl::StatusCode::kInvalidArgument, "BAD", "bad");
    }
    EchoResponse rest;
    rest.set_text(request.text());
    *response = MessageBytes().Finish(rest);
    return absl::OkStatus();
  }

  Dispatcher dispatcher_;
};

class ByteAnswersTest : public ::testing::Test {
 protected:
  absl::Status Ask(const std::string& text, int times, EchoResponse* response) {
    grpc::ClientContext context;
    EchoRequest request;
    request.set_text(text);
    request.set_times(times);
    return FromGrpc(stub_->Echo(&context, request, response));
  }

  klynge::testing::TestRuntime runtime_{2, 2};
  ByteEcho service_{runtime_.runtime()};
  klynge::testing::ServiceHost host_{runtime_, "testing", {&service_}};
  std::unique_ptr<EchoService::Stub> stub_ = EchoService::NewStub(host_.channel());
};

TEST_F(ByteAnswersTest, AreWhatTheCallerTakesForTheMessage) {
  EchoResponse response;
  ASSERT_THAT(Ask("hej", 1, &response), IsOk());
  EXPECT_EQ(response.text(), "hej");
  ASSERT_THAT(Ask("on the executor", 2, &response), IsOk());
  EXPECT_EQ(response.text(), "on the executor");
  ASSERT_THAT(Ask("", 1, &response), IsOk());
  EXPECT_EQ(response.text(), "");
}

TEST_F(ByteAnswersTest, GoTheWayOfEveryCall) {
  EchoResponse response;
  EXPECT_THAT(Ask("bad", 1, &response), StatusIs(absl::StatusCode::kInvalidArgument, "BAD"));
  const absl::Status checked = Ask("bell \a", 1, &response);
  EXPECT_THAT(checked, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(checked), ElementsAre("text"));

  SteadyClock clock;
  CallerLimits limits(clock, {.rate = 0.01, .burst = 1});
  runtime_.runtime().caller_limits = &limits;
  EXPECT_THAT(Ask("once", 1, &response), IsOk());
  EXPECT_THAT(Ask("twice", 1, &response),
              IsRetryable(absl::StatusCode::kResourceExhausted, "RATE_LIMITED"));
}

}  // namespace
}  // namespace klynge::rpc
