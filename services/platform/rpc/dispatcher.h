// The one wrapper around every handler: trace context, deadline, caller, handler, metrics, log, and
// Finish exactly once, whatever the handler does. A service holds one Dispatcher and each of its
// RPCs is one line:
//
//   grpc::ServerUnaryReactor* GetGoal(grpc::CallbackServerContext* context,
//                                     const v1::GetGoalRequest* request,
//                                     v1::GetGoalResponse* response) override {
//     return dispatcher_.Unary(__func__, context, request, response,
//                              absl::bind_front(&GoalsService::HandleGetGoal, this));
//   }
//
// Handlers return absl::Status and know nothing of reactors.
#pragma once

#include <absl/status/status.h>
#include <grpcpp/grpcpp.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/platform/mutex.h"
#include "services/platform/rpc/call.h"
#include "services/platform/rpc/request_check.h"
#include "services/platform/rpc/runtime.h"

namespace klynge::rpc {

// Receives a client's stream in batches, on the executor, one batch at a time.
template <class Request, class Response>
class ClientStreamHandler {
 public:
  virtual ~ClientStreamHandler() = default;
  // An error ends the call with it.
  virtual absl::Status OnBatch(const Call& call, std::vector<Request> batch) = 0;
  // The client has sent everything. Not called when the client broke off.
  virtual absl::Status OnEnd(const Call& call, Response* response) = 0;
};

// The sending half of a server stream. Thread-safe; may outlive the handler that was given it.
template <class Response>
class ResponseStream {
 public:
  virtual ~ResponseStream() = default;
  // Queues a message. False once the call is over (cancelled, finished, or more than `kMaxQueued`
  // messages wait because the client does not read).
  virtual bool Send(Response message) = 0;
  // Ends the call after what is queued. The first call counts.
  virtual void Finish(absl::Status status) = 0;
  virtual bool cancelled() const = 0;
  // Messages that wait for the client. Long histories are sent as fast as this falls.
  virtual size_t queued() const = 0;
  // Waits until fewer than `limit` messages are queued; false when the call is over.
  virtual bool WaitForRoom(size_t limit) = 0;

  static constexpr size_t kMaxQueued = 10'000;
};

// `rpc` is always the handler's __func__. Thread-safe.
class Dispatcher {
 public:
  // `service` is the full name, "klynge.goals.v1.GoalsService". The runtime must outlive this.
  Dispatcher(Runtime& runtime, std::string service)
      : runtime_(runtime), service_(std::move(service)) {}
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // Answers on the executor: for handlers that may block.
  template <class Request, class Response, class Handler>
  grpc::ServerUnaryReactor* Unary(const char* rpc, grpc::CallbackServerContext* context,
                                  const Request* request, Response* response, Handler handler) {
    auto* reactor = new UnaryReactor(runtime_, MethodOf(rpc), context);
    auto run = [reactor, request, response, handler = std::move(handler)]() mutable {
      reactor->Complete([&](const Call& call) -> absl::Status {
        KLYNGE_RETURN_IF_ERROR(CheckRequest(*request));
        return handler(call, *request, response);
      });
    };
    if (absl::Status queued = reactor->Admit(std::move(run)); !queued.ok()) reactor->End(queued);
    return reactor;
  }

  // Answers at once on gRPC's thread: only for handlers whose answer is in memory.
  template <class Request, class Response, class Handler>
  grpc::ServerUnaryReactor* Inline(const char* rpc, grpc::CallbackServerContext* context,
                                   const Request* request, Response* response, Handler handler) {
    auto* reactor = new UnaryReactor(runtime_, MethodOf(rpc), context);
    reactor->Complete([&](const Call& call) -> absl::Status {
      KLYNGE_RETURN_IF_ERROR(CheckRequest(*request));
      return handler(call, *request, response);
    });
    return reactor;
  }

  // Calls the handler on gRPC's thread, where it must not block, and answers when the handler's
  // last argument, an UnaryReactor::Done, is called, once and on whatever thread; request and
  // response live until then. An error that the handler returns is the answer, and means that it
  // will not be called.
  template <class Request, class Response, class Handler>
  grpc::ServerUnaryReactor* Start(const char* rpc, grpc::CallbackServerContext* context,
                                  const Request* request, Response* response, Handler handler) {
    auto* reactor = new UnaryReactor(runtime_, MethodOf(rpc), context);
    reactor->Start([&](const Call& call, UnaryReactor::Done done) -> absl::Status {
      KLYNGE_RETURN_IF_ERROR(CheckRequest(*request));
      return handler(call, *request, response, std::move(done));
    });
    return reactor;
  }

  template <class Request, class Response>
  grpc::ServerReadReactor<Request>* ClientStream(
      const char* rpc, grpc::CallbackServerContext* context, Response* response,
      std::unique_ptr<ClientStreamHandler<Request, Response>> handler);

  // The handler runs on the executor and may send and finish, or keep the stream and return.
  template <class Request, class Response, class Handler>
  grpc::ServerWriteReactor<Response>* ServerStream(const char* rpc,
                                                   grpc::CallbackServerContext* context,
                                                   const Request* request, Handler handler);

 private:
  // Finds by the address of the name: no lock, no hash, no allocation.
  Method& MethodOf(const char* rpc) {
    for (Method* method = methods_.load(std::memory_order_acquire); method != nullptr;
         method = method->next) {
      if (method->rpc == rpc) return *method;
    }
    return AddMethod(rpc);
  }
  Method& AddMethod(const char* rpc);

  Runtime& runtime_;
  const std::string service_;
  Mutex adding_;
  std::atomic<Method*> methods_ = nullptr;  // the newest first; only ever added to
};

}  // namespace klynge::rpc

#include "services/platform/rpc/dispatcher_streams.h"
