#include "tests/fuzz/service_fuzzer.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/util/json_util.h>

#include <stdexcept>

#include "services/platform/rpc/page_token.h"
#include "services/platform/rpc/runtime.h"
#include "services/platform/rpc/status.h"

// The descriptor set of all services, made by protos/CMakeLists.txt.
extern "C" const char klynge_protoset[];
extern "C" const char klynge_protoset_end[];

namespace klynge::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Far more than any answer takes: reaching it means that the service hangs.
constexpr absl::Duration kPatience = absl::Seconds(20);

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor* type) {
  const auto* generated =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(type->full_name());
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  return std::unique_ptr<Message>(factory->GetPrototype(generated)->New());
}

std::unique_ptr<Message> Copy(const Message& message) {
  std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  return copy;
}

Messages Copies(const Messages& messages) {
  Messages copies;
  for (const auto& message : messages) copies.push_back(Copy(*message));
  return copies;
}

std::string Printed(const Messages& messages) {
  std::string text;
  for (const auto& message : messages) {
    absl::StrAppend(&text, message->ShortDebugString().substr(0, 2000), "\n");
  }
  return text.substr(0, 6000);
}

const FieldDescriptor* Field(const Message& message, const std::string& name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

// Makes the requests a trial run without a request_id; false when the RPC has none.
bool AskForTrialRun(Messages& requests) {
  if (requests.empty()) return false;
  if (const auto* options = Field(*requests[0], "options")) {
    if (!requests[0]->GetReflection()->HasField(*requests[0], options)) {
      requests.insert(requests.begin(), std::unique_ptr<Message>(requests[0]->New()));
    }
    Message* first = requests[0].get();
    Message* set = first->GetReflection()->MutableMessage(first, options);
    set->GetReflection()->SetBool(set, Field(*set, "validate_only"), true);
    return true;
  }
  const auto* validate_only = Field(*requests[0], "validate_only");
  if (validate_only == nullptr) return false;
  for (const auto& request : requests) {
    request->GetReflection()->SetBool(request.get(), validate_only, true);
  }
  return true;
}

}  // namespace

std::string Json(const Message& message) {
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json).ok());
  return json;
}

ServiceFuzzer::ServiceFuzzer(std::shared_ptr<grpc::Channel> channel, const std::string& service,
                             const std::string& probe, uint64_t seed)
    : service_(FindService(service)),
      probe_(FindMethod(probe)),
      stub_(std::move(channel)),
      random_(seed) {}

// Not from the generated code: the linker leaves out the descriptors of files with no messages.
const google::protobuf::ServiceDescriptor& ServiceFuzzer::FindService(const std::string& name) {
  google::protobuf::FileDescriptorSet set;
  set.ParseFromArray(klynge_protoset, static_cast<int>(klynge_protoset_end - klynge_protoset));
  for (const auto& file : set.file()) descriptors_.BuildFile(file);
  const auto* service = descriptors_.FindServiceByName(name);
  if (service == nullptr) throw std::invalid_argument("no service " + name);
  return *service;
}

const ServiceFuzzer::Method& ServiceFuzzer::FindMethod(const std::string& rpc) const {
  const Method* method = service_.FindMethodByName(rpc);
  if (method == nullptr) throw std::invalid_argument("no RPC " + rpc);
  return *method;
}

Messages ServiceFuzzer::Parse(const Method& method, const std::vector<std::string>& json) {
  Messages messages;
  for (const std::string& text : json) {
    messages.push_back(NewMessage(method.input_type()));
    const auto parsed = google::protobuf::util::JsonStringToMessage(text, messages.back().get());
    EXPECT_TRUE(parsed.ok()) << parsed.ToString() << ": " << text;
  }
  return messages;
}

void ServiceFuzzer::Learn(const std::string& rpc, const std::vector<std::string>& json) {
  const Method& method = FindMethod(rpc);
  Messages requests = Parse(method, json);
  for (const auto& request : requests) random_.Learn(*request);
  const Answer answer = Call(method, requests);
  ASSERT_TRUE(answer.status.ok()) << rpc << ": " << answer.status.error_message() << "\n"
                                  << rpc::FromGrpc(answer.status);
  random_.Learn(*answer.response);
  samples_[&method].push_back(std::move(requests));
}

ServiceFuzzer::Answer ServiceFuzzer::Call(const Method& method, const Messages& requests) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
  grpc::CompletionQueue queue;
  const auto done = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  auto call = stub_.PrepareCall(
      &context, absl::StrCat("/", service_.full_name(), "/", method.name()), &queue);
  call->StartCall(nullptr);
  bool open = done();
  for (const auto& request : requests) {
    if (!open) break;  // the service has answered before the stream's end
    const grpc::Slice slice(request->SerializeAsString());
    call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    open = done();
  }
  if (open) {
    call->WritesDone(nullptr);
    done();
  }
  Answer answer;
  grpc::ByteBuffer reply;
  call->Read(&reply, nullptr);
  if (done()) {
    grpc::Slice slice;
    EXPECT_TRUE(reply.DumpToSingleSlice(&slice).ok());
    answer.response = NewMessage(method.output_type());
    EXPECT_TRUE(answer.response->ParseFromArray(slice.begin(), static_cast<int>(slice.size())));
  }
  call->Finish(&answer.status, nullptr);
  done();
  queue.Shutdown();
  done();
  return answer;
}

int64_t ServiceFuzzer::Revision() {
  Messages request;
  request.push_back(NewMessage(probe_.input_type()));
  const Answer answer = Call(probe_, request);
  EXPECT_TRUE(answer.status.ok()) << rpc::FromGrpc(answer.status);
  if (answer.response == nullptr) return 0;
  return answer.response->GetReflection()->GetInt64(*answer.response,
                                                    Field(*answer.response, "revision"));
}

Messages ServiceFuzzer::MakeRequests(const Method& method) {
  const auto& samples = samples_[&method];
  Messages requests;
  if (samples.empty() || random_.Below(4) == 0) {
    const size_t count = method.client_streaming() ? random_.Below(5) : 1;
    for (size_t i = 0; i < count; ++i) {
      requests.push_back(NewMessage(method.input_type()));
      random_.Fill(requests.back().get());
    }
    return requests;
  }
  requests = Copies(samples[random_.Below(samples.size())]);
  for (size_t i = random_.Below(4); i > 0; --i) {
    Message* one = requests[random_.Below(requests.size())].get();
    if (random_.Below(5) != 0 || !random_.MutateBytes(one)) random_.Mutate(one);
  }
  if (method.client_streaming() && random_.Below(3) == 0) {
    requests.push_back(Copy(*requests[random_.Below(requests.size())]));
    std::swap(requests.back(), requests[random_.Below(requests.size())]);
  }
  return requests;
}

void ServiceFuzzer::Run(int calls) {
  int64_t revision = Revision();
  for (int i = 0; i < calls; ++i) {
    const Method& method = *service_.method(i % service_.method_count());
    if (method.server_streaming()) continue;
    const Messages requests = MakeRequests(method);
    SCOPED_TRACE(absl::StrCat("call ", i, ", ", method.name(), ": ", Printed(requests)));
    const Answer answer = Call(method, requests);
    ++counts_[answer.status.error_code()];
    const int64_t now = Revision();
    CheckAnswer(answer, revision, now);
    revision = now;
    CheckTrialRun(method, Copies(requests));
    if (answer.status.ok() && !method.client_streaming())
      CheckPages(method, *requests[0], *answer.response);
    if (::testing::Test::HasFailure()) return;  // the first one tells enough
  }
}

int ServiceFuzzer::Count(grpc::StatusCode code) const {
  const auto found = counts_.find(code);
  return found == counts_.end() ? 0 : found->second;
}

void ServiceFuzzer::CheckAnswer(const Answer& answer, int64_t before, int64_t after) {
  EXPECT_GE(after, before);
  const absl::Status status = rpc::FromGrpc(answer.status);
  if (status.ok()) {
    ASSERT_NE(answer.response, nullptr);
    const auto* field = Field(*answer.response, "revision");
    ASSERT_NE(field, nullptr);
    EXPECT_LE(answer.response->GetReflection()->GetInt64(*answer.response, field), after);
    return;
  }
  // The table in services/README.md.
  EXPECT_THAT(
      status.code(),
      ::testing::AnyOf(absl::StatusCode::kInvalidArgument, absl::StatusCode::kNotFound,
                       absl::StatusCode::kAlreadyExists, absl::StatusCode::kFailedPrecondition,
                       absl::StatusCode::kAborted, absl::StatusCode::kResourceExhausted,
                       absl::StatusCode::kUnavailable))
      << status;
  EXPECT_NE(ReasonOf(status), "") << status;
  EXPECT_NE(status.message(), "");
  EXPECT_EQ(after, before) << "an error wrote: " << status;
  if (status.code() != absl::StatusCode::kInvalidArgument) return;
  EXPECT_FALSE(FieldViolationsOf(status).empty()) << status;
  for (const FieldViolation& violation : FieldViolationsOf(status)) {
    EXPECT_NE(violation.field, "") << status;
    EXPECT_NE(violation.description, "") << violation.field;
  }
}

void ServiceFuzzer::CheckTrialRun(const Method& method, Messages requests) {
  if (!AskForTrialRun(requests)) return;
  SCOPED_TRACE("validate_only");
  const int64_t before = Revision();
  const Answer first = Call(method, requests);
  const Answer second = Call(method, requests);
  const int64_t after = Revision();
  CheckAnswer(first, before, after);
  EXPECT_EQ(after, before);
  EXPECT_EQ(rpc::FromGrpc(first.status), rpc::FromGrpc(second.status));
  EXPECT_EQ(first.response == nullptr ? "" : first.response->DebugString(),
            second.response == nullptr ? "" : second.response->DebugString());
}

void ServiceFuzzer::CheckPages(const Method& method, const Message& request,
                               const Message& response) {
  const auto* token = Field(request, "page_token");
  if (token == nullptr) return;
  const auto ask = [&](const std::string& page_token) {
    SCOPED_TRACE("page_token " + page_token);
    Messages next;
    next.push_back(Copy(request));
    next[0]->GetReflection()->SetString(next[0].get(), token, page_token);
    Answer answer = Call(method, next);
    const int64_t now = Revision();
    CheckAnswer(answer, now, now);
    return answer;
  };
  const std::string next =
      response.GetReflection()->GetString(response, Field(response, "next_page_token"));
  if (!next.empty()) {
    EXPECT_TRUE(ask(next).status.ok());
  }
  ask(rpc::MakePageToken(request, random_.Text()));
}

}  // namespace klynge::testing
