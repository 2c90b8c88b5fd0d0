#include "services/platform/rpc/dispatcher.h"

namespace klynge::rpc {

Dispatcher::~Dispatcher() {
  for (Method* method = methods_.load(); method != nullptr;) {
    delete std::exchange(method, method->next);
  }
}

Method& Dispatcher::AddMethod(const char* rpc) {
  MutexLock lock(&adding_);
  Method* const newest = methods_.load(std::memory_order_relaxed);
  // Another thread may have been faster.
  for (Method* method = newest; method != nullptr; method = method->next) {
    if (method->rpc == rpc) return *method;
  }
  const std::string name = absl::StrCat("/", service_, "/", rpc);
  auto* added = new Method{rpc, name, telemetry::RpcMetrics(runtime_.metrics, name), newest};
  methods_.store(added, std::memory_order_release);
  return *added;
}

}  // namespace klynge::rpc
