#include "tests/bench/load.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <grpcpp/generic/generic_stub.h>

#include <cstring>
#include <vector>

namespace klynge::bench {
namespace {

constexpr absl::Duration kCallDeadline = absl::Seconds(30);

// One call under way; its address is its tag in the completion queue.
struct Pending {
  grpc::ClientContext context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer answer;
  grpc::Status status;
  int64_t call = 0;
  absl::Time started;
};

class Loader {
 public:
  explicit Loader(const Load& load) : load_(load), stub_(load.channel) {}

  Run Measure() {
    measured_from_ = absl::Now() + load_.warm_up;
    measured_to_ = measured_from_ + load_.duration;
    for (int i = 0; i < load_.in_flight; ++i) Start();
    void* tag = nullptr;
    bool ok = false;
    while (under_way_ > 0 && queue_.Next(&tag, &ok)) {
      const absl::Time now = absl::Now();
      Finish(std::unique_ptr<Pending>(static_cast<Pending*>(tag)), now);
      if (now < measured_to_ && wrong_.empty()) Start();
    }
    if (!wrong_.empty()) Fail(absl::StrCat(load_.method, ": ", wrong_));
    return MakeRun(latencies_, load_.duration, calls_);
  }

 private:
  void Start() {
    auto* pending = new Pending;
    pending->call = calls_++;
    const grpc::ByteBuffer request = load_.request(pending->call);
    pending->started = absl::Now();
    pending->context.set_deadline(absl::ToChronoTime(pending->started + kCallDeadline));
    pending->reader = stub_.PrepareUnaryCall(&pending->context, load_.method, request, &queue_);
    pending->reader->StartCall();
    pending->reader->Finish(&pending->answer, &pending->status, pending);
    ++under_way_;
  }

  void Finish(std::unique_ptr<Pending> pending, absl::Time now) {
    --under_way_;
    if (!pending->status.ok()) {
      wrong_ = absl::StrCat("call ", pending->call, ": error ", pending->status.error_code(), ", ",
                            pending->status.error_message());
    } else if (!load_.check(pending->call, pending->answer)) {
      wrong_ = absl::StrCat("call ", pending->call, ": the answer is not right");
    } else if (now >= measured_from_ && now < measured_to_) {
      latencies_.push_back(absl::ToDoubleMilliseconds(now - pending->started));
    }
  }

  const Load& load_;
  grpc::GenericStub stub_;
  grpc::CompletionQueue queue_;
  absl::Time measured_from_;
  absl::Time measured_to_;
  int64_t calls_ = 0;
  int under_way_ = 0;
  std::vector<double> latencies_;
  std::string wrong_;  // the last thing that was; the load ends with it
};

}  // namespace

Run RunLoad(const Load& load) {
  if (!load.channel->WaitForConnected(absl::ToChronoTime(absl::Now() + absl::Seconds(10)))) {
    Fail(absl::StrCat(load.method, ": the server cannot be reached"));
  }
  return Loader(load).Measure();
}

grpc::ByteBuffer ToBytes(const google::protobuf::Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

bool FromBytes(const grpc::ByteBuffer& bytes, google::protobuf::Message* message) {
  grpc::Slice slice;
  return bytes.DumpToSingleSlice(&slice).ok() &&
         message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
}

bool SameBytes(const grpc::ByteBuffer& one, const grpc::ByteBuffer& other) {
  if (one.Length() != other.Length()) return false;
  grpc::Slice left, right;
  return one.DumpToSingleSlice(&left).ok() && other.DumpToSingleSlice(&right).ok() &&
         std::memcmp(left.begin(), right.begin(), left.size()) == 0;
}

}  // namespace klynge::bench
