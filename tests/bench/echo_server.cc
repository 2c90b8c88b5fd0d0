// What a call costs when there is nothing but gRPC: answers every Echo with the same text. It is
// the ceiling of a service that does what it does for nothing.
//
//   klynge-bench-echo PORT BYTES callback|queue
//
// callback: gRPC's callback API, as Klynge uses it. queue: one thread at a completion queue, the
// leanest server that gRPC has.
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <memory>
#include <string>

#include "klynge/testing/v1/echo_service.grpc.pb.h"

namespace klynge::bench {
namespace {

using testing::v1::EchoRequest;
using testing::v1::EchoResponse;
using testing::v1::EchoService;

class CallbackEcho final : public EchoService::CallbackService {
 public:
  explicit CallbackEcho(std::string text) : text_(std::move(text)) {}

  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context, const EchoRequest*,
                                 EchoResponse* response) override {
    response->set_text(text_);
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const std::string text_;
};

// One call at the completion queue: asked for, answered, done.
class QueuedCall {
 public:
  QueuedCall(EchoService::AsyncService& service, grpc::ServerCompletionQueue& queue,
             const std::string& text)
      : service_(service), queue_(queue), text_(text), writer_(&context_) {
    service_.RequestEcho(&context_, &request_, &writer_, &queue_, &queue_, this);
  }

  // The queue has this call again.
  void Go() {
    if (answered_) {
      delete this;
      return;
    }
    new QueuedCall(service_, queue_, text_);
    answered_ = true;
    response_.set_text(text_);
    writer_.Finish(response_, grpc::Status::OK, this);
  }

 private:
  EchoService::AsyncService& service_;
  grpc::ServerCompletionQueue& queue_;
  const std::string& text_;
  grpc::ServerContext context_;
  EchoRequest request_;
  EchoResponse response_;
  grpc::ServerAsyncResponseWriter<EchoResponse> writer_;
  bool answered_ = false;
};

void ServeCallbacks(grpc::ServerBuilder& builder, const std::string& text) {
  CallbackEcho service(text);
  builder.RegisterService(&service);
  builder.BuildAndStart()->Wait();
}

void ServeQueue(grpc::ServerBuilder& builder, const std::string& text) {
  EchoService::AsyncService service;
  builder.RegisterService(&service);
  const auto queue = builder.AddCompletionQueue();
  const auto server = builder.BuildAndStart();
  // Enough asked for that none of the calls in flight has to wait for it.
  for (int i = 0; i < 128; ++i) new QueuedCall(service, *queue, text);
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) static_cast<QueuedCall*>(tag)->Go();
}

int Main(int argc, char** argv) {
  int port = 0, bytes = 0;
  const std::string mode = argc == 4 ? argv[3] : "";
  if (argc != 4 || !absl::SimpleAtoi(argv[1], &port) || !absl::SimpleAtoi(argv[2], &bytes) ||
      (mode != "callback" && mode != "queue")) {
    std::fprintf(stderr, "usage: klynge-bench-echo PORT BYTES callback|queue\n");
    return 2;
  }
  grpc::ServerBuilder builder;
  builder.AddListeningPort(absl::StrCat("127.0.0.1:", port), grpc::InsecureServerCredentials());
  const std::string text(static_cast<size_t>(bytes), 'x');
  mode == "queue" ? ServeQueue(builder, text) : ServeCallbacks(builder, text);
  return 0;
}

}  // namespace
}  // namespace klynge::bench

int main(int argc, char** argv) { return klynge::bench::Main(argc, argv); }
