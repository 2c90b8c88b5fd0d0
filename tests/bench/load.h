// The load of every benchmark: so many calls in flight from one thread, each answer checked. The
// messages are bytes, made and compared without protobuf unless the caller wants it, so that the
// client costs the same whatever it calls.
#pragma once

#include <absl/time/time.h>
#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "tests/bench/figures.h"

namespace klynge::bench {

struct Load {
  std::shared_ptr<grpc::Channel> channel;
  std::string method;  // "/klynge.organisation.v1.OrganisationService/GetUnit"
  // The request of call 0, 1, 2 …
  std::function<grpc::ByteBuffer(int64_t call)> request;
  // Whether that call's answer is right.
  std::function<bool(int64_t call, const grpc::ByteBuffer& answer)> check;
  int in_flight = 64;
  // Runs for warm_up + duration; only what is answered in the latter is measured.
  absl::Duration warm_up = absl::Milliseconds(200);
  absl::Duration duration = absl::Seconds(2);
};

// Runs the load and waits for the answers to all its calls. Fails with what was wrong when a call
// fails or an answer is not right.
Run RunLoad(const Load& load);

// A message as the bytes it is sent as, and back (false: not such a message).
grpc::ByteBuffer ToBytes(const google::protobuf::Message& message);
bool FromBytes(const grpc::ByteBuffer& bytes, google::protobuf::Message* message);
// The same bytes, without a copy of them.
bool SameBytes(const grpc::ByteBuffer& one, const grpc::ByteBuffer& other);

}  // namespace klynge::bench
