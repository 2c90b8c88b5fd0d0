// The echo server as a process, and the load on it.
#pragma once

#include <string>

#include "tests/bench/load.h"
#include "tests/support/processes.h"

namespace klynge::bench {

class Echo {
 public:
  enum class Mode { kCallback, kQueue };

  // Answers with messages of `response_bytes`; the load's requests have `request_bytes`.
  Echo(Mode mode, size_t request_bytes, size_t response_bytes, const std::string& log);

  // The load on it, to be run with RunLoad.
  Load MakeLoad(absl::Duration duration) const;

 private:
  const int port_;
  const size_t response_bytes_;
  grpc::ByteBuffer request_;
  testing::ChildProcess process_;
};

}  // namespace klynge::bench
