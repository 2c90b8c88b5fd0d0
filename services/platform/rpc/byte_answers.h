// Unary RPCs whose answer is made as bytes (rpc/message_bytes.h) instead of as a message.
//
// For gRPC the type of an answer is whatever it can send, and it sends a grpc::ByteBuffer as it is.
// Nothing else is different: the request comes parsed, the handler goes through the Dispatcher, and
// callers see no difference.
//
//   class GoalsService final : public rpc::WithByteAnswers<v1::GoalsService> {
//    public:
//     GoalsService() {
//       AnswerWithBytes<v1::GetGoalRequest>(
//           kGetGoal, [this](auto* context, auto* request, grpc::ByteBuffer* response) {
//             return dispatcher_.Inline(kGetGoal, context, request, response, …);
//           });
#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include <utility>

namespace klynge::rpc {

// `Service` is what gRPC generated: v1::GoalsService.
template <class Service>
class WithByteAnswers : public Service::CallbackService {
 protected:
  // From now on `handler` answers the RPC, and no override of it. Call it before the server starts.
  // `handler(grpc::CallbackServerContext*, const Request*, grpc::ByteBuffer*)` returns the reactor.
  template <class Request, class Handler>
  void AnswerWithBytes(const char* rpc, Handler handler) {
    const auto* method = google::protobuf::DescriptorPool::generated_pool()
                             ->FindServiceByName(Service::service_full_name())
                             ->FindMethodByName(rpc);
    // As the generated code registers it, which counts the methods as the descriptor does.
    this->MarkMethodCallback(
        method->index(),
        new grpc::internal::CallbackUnaryHandler<Request, grpc::ByteBuffer>(std::move(handler)));
  }
};

}  // namespace klynge::rpc
