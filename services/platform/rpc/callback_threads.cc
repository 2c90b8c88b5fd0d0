#include "services/platform/rpc/callback_threads.h"

#include <absl/synchronization/notification.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>

namespace klynge::rpc {
namespace {

// A channel that is never destroyed, after one call with a callback. Nobody need listen there: the
// deadline of the call has passed.
grpc::GenericStub* UsedStub() {
  auto* stub = new grpc::GenericStub(
      grpc::CreateChannel("ipv4:127.0.0.1:1", grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now());
  const grpc::Slice nothing;
  const grpc::ByteBuffer request(&nothing, 1);
  grpc::ByteBuffer response;
  absl::Notification ended;
  stub->UnaryCall(&context, "/klynge.Nothing/Nothing", grpc::StubOptions(), &request, &response,
                  [&ended](const grpc::Status&) { ended.Notify(); });
  ended.WaitForNotification();
  return stub;
}

}  // namespace

void KeepCallbackThreads() {
  static const grpc::GenericStub* const kept = UsedStub();
  (void)kept;
}

}  // namespace klynge::rpc
