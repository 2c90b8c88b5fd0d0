// Tells operators how this process is doing and lets them change what it logs, with grpcurl.
#pragma once

#include <string>
#include <vector>

#include "klynge/operations/v1/operations_service.grpc.pb.h"
#include "services/platform/operations/log_level_control.h"
#include "services/platform/operations/process_state.h"
#include "services/platform/rpc/dispatcher.h"

namespace klynge::operations {

inline constexpr char kOperationsServiceName[] = "klynge.operations.v1.OperationsService";

// Answers from memory on gRPC's own threads, so that it does under overload too. Thread-safe.
class OperationsService final : public v1::OperationsService::CallbackService {
 public:
  struct Options {
    std::string service;  // "goals"
    // Who may change something: everyone (--auth=none, loopback only), or these SPIFFE URIs.
    bool everyone_operates = false;
    std::vector<std::string> operators = {};
  };

  // `runtime`, `state` and `log_level` must outlive this.
  OperationsService(rpc::Runtime& runtime, Options options, const ProcessState& state,
                    LogLevelControl& log_level);

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::GetStatusRequest* request,
                                      v1::GetStatusResponse* response) override;
  grpc::ServerUnaryReactor* GetLogLevel(grpc::CallbackServerContext* context,
                                        const v1::GetLogLevelRequest* request,
                                        v1::GetLogLevelResponse* response) override;
  grpc::ServerUnaryReactor* SetLogLevel(grpc::CallbackServerContext* context,
                                        const v1::SetLogLevelRequest* request,
                                        v1::SetLogLevelResponse* response) override;

 private:
  void FillStatus(v1::GetStatusResponse* response) const;
  absl::Status ChangeLogLevel(const rpc::Call& call, const v1::SetLogLevelRequest& request,
                              v1::SetLogLevelResponse* response);
  // kPermissionDenied, reason NOT_AN_OPERATOR, unless the caller itself is one: on whose behalf it
  // calls does not count.
  absl::Status RequireOperator(const rpc::Call& call) const;

  const Options options_;
  const ProcessState& state_;
  LogLevelControl& log_level_;
  rpc::Dispatcher dispatcher_;
};

}  // namespace klynge::operations
