#include "tests/bench/echo.h"

#include <absl/strings/str_cat.h>

#include "klynge/testing/v1/echo_service.pb.h"
#include "tests/bench/programs.h"

namespace klynge::bench {
namespace {

// The text with which the message is so long: its tag and length take two bytes, three from 128 on.
std::string TextFor(size_t message_bytes) {
  const size_t around = message_bytes < 130 ? 2 : 3;
  return std::string(message_bytes - std::min(message_bytes, around), 'x');
}

}  // namespace

Echo::Echo(Mode mode, size_t request_bytes, size_t response_bytes, const std::string& log)
    : port_(testing::FreePort()),
      response_bytes_(response_bytes),
      process_({ProgramPath("klynge-bench-echo"), absl::StrCat(port_),
                absl::StrCat(TextFor(response_bytes).size()),
                mode == Mode::kQueue ? "queue" : "callback"},
               log) {
  testing::v1::EchoRequest request;
  request.set_text(TextFor(request_bytes));
  request_ = ToBytes(request);
}

Load Echo::MakeLoad(absl::Duration duration) const {
  Load load;
  load.channel = OwnChannel(absl::StrCat("127.0.0.1:", port_));
  load.method = "/klynge.testing.v1.EchoService/Echo";
  load.request = [this](int64_t) { return request_; };
  load.check = [this](int64_t, const grpc::ByteBuffer& answer) {
    return answer.Length() == response_bytes_;
  };
  load.duration = duration;
  return load;
}

}  // namespace klynge::bench
