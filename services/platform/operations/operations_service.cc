#include "services/platform/operations/operations_service.h"

#include <absl/functional/bind_front.h>

#include <algorithm>

#include "klynge/operations/v1/errors.pb.h"
#include "services/platform/telemetry/build_info.h"
#include "services/platform/telemetry/caller_hash.h"

namespace klynge::operations {
namespace {

constexpr absl::Duration kLeastDuration = absl::Seconds(1);
constexpr absl::Duration kMostDuration = absl::Hours(24);

void Fill(absl::Time time, google::protobuf::Timestamp* out) {
  const timespec parts = absl::ToTimespec(time);
  out->set_seconds(parts.tv_sec);
  out->set_nanos(static_cast<int32_t>(parts.tv_nsec));
}

void Fill(absl::Duration duration, google::protobuf::Duration* out) {
  const timespec parts = absl::ToTimespec(duration);
  out->set_seconds(parts.tv_sec);
  out->set_nanos(static_cast<int32_t>(parts.tv_nsec));
}

absl::Duration ToDuration(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

// The two count alike, one from 1 and one from 0.
v1::LogLevel ToProto(telemetry::Level level) {
  return static_cast<v1::LogLevel>(static_cast<int>(level) + 1);
}
telemetry::Level FromProto(v1::LogLevel level) {
  return static_cast<telemetry::Level>(static_cast<int>(level) - 1);
}
static_assert(static_cast<int>(telemetry::Level::kDebug) + 1 == v1::LOG_LEVEL_DEBUG);
static_assert(static_cast<int>(telemetry::Level::kError) + 1 == v1::LOG_LEVEL_ERROR);

v1::ServingState StateOf(bool draining, const std::vector<Dependency>& dependencies) {
  if (draining) return v1::SERVING_STATE_DRAINING;
  if (!Ready(dependencies)) return v1::SERVING_STATE_NOT_READY;
  const bool all = std::all_of(dependencies.begin(), dependencies.end(),
                               [](const Dependency& one) { return one.available; });
  return all ? v1::SERVING_STATE_READY : v1::SERVING_STATE_DEGRADED;
}

void Fill(const Dependency& dependency, v1::Dependency* out) {
  out->set_name(dependency.name);
  out->set_required(dependency.required);
  out->set_available(dependency.available);
  Fill(dependency.since, out->mutable_since());
  out->set_last_error(dependency.last_error);
  if (!dependency.last_error.empty()) {
    Fill(dependency.last_error_time, out->mutable_last_error_time());
  }
}

absl::Status Validate(const v1::SetLogLevelRequest& request) {
  Violations violations;
  if (request.level() == v1::LOG_LEVEL_UNSPECIFIED || !v1::LogLevel_IsValid(request.level())) {
    violations.Add("level",
                   "LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING or LOG_LEVEL_ERROR");
  }
  const absl::Duration duration = ToDuration(request.duration());
  if (request.has_duration() && (duration < kLeastDuration || duration > kMostDuration)) {
    violations.Add("duration", "from 1s to 86400s (24 h), or left out");
  }
  return violations.ToStatus(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS", "");
}

}  // namespace

OperationsService::OperationsService(rpc::Runtime& runtime, Options options,
                                     const ProcessState& state, LogLevelControl& log_level)
    : options_(std::move(options)),
      state_(state),
      log_level_(log_level),
      dispatcher_(runtime, kOperationsServiceName) {}

grpc::ServerUnaryReactor* OperationsService::GetStatus(grpc::CallbackServerContext* context,
                                                       const v1::GetStatusRequest* request,
                                                       v1::GetStatusResponse* response) {
  return dispatcher_.Inline(
      __func__, context, request, response,
      [this](const rpc::Call&, const v1::GetStatusRequest&, v1::GetStatusResponse* answer) {
        FillStatus(answer);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* OperationsService::GetLogLevel(grpc::CallbackServerContext* context,
                                                         const v1::GetLogLevelRequest* request,
                                                         v1::GetLogLevelResponse* response) {
  return dispatcher_.Inline(
      __func__, context, request, response,
      [this](const rpc::Call&, const v1::GetLogLevelRequest&, v1::GetLogLevelResponse* answer) {
        const LogLevelControl::State state = log_level_.state();
        answer->set_level(ToProto(state.level));
        answer->set_configured_level(ToProto(log_level_.configured()));
        if (state.expires) Fill(*state.expires, answer->mutable_expire_time());
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* OperationsService::SetLogLevel(grpc::CallbackServerContext* context,
                                                         const v1::SetLogLevelRequest* request,
                                                         v1::SetLogLevelResponse* response) {
  return dispatcher_.Inline(__func__, context, request, response,
                            absl::bind_front(&OperationsService::ChangeLogLevel, this));
}

void OperationsService::FillStatus(v1::GetStatusResponse* response) const {
  const auto dependencies = state_.dependencies();
  response->set_service(options_.service);
  response->set_version(telemetry::kVersion);
  response->set_commit(telemetry::kCommit);
  Fill(state_.started(), response->mutable_start_time());
  Fill(state_.uptime(), response->mutable_uptime());
  response->set_state(StateOf(state_.draining(), dependencies));
  response->set_known_revision(state_.known_revision());
  for (const Dependency& one : dependencies) Fill(one, response->add_dependencies());
  response->set_dropped_log_lines(telemetry::DroppedLogLines());
}

absl::Status OperationsService::ChangeLogLevel(const rpc::Call& call,
                                               const v1::SetLogLevelRequest& request,
                                               v1::SetLogLevelResponse* response) {
  KLYNGE_RETURN_IF_ERROR(RequireOperator(call));
  KLYNGE_RETURN_IF_ERROR(Validate(request));
  absl::optional<absl::Duration> duration;
  if (request.has_duration()) duration = ToDuration(request.duration());
  const telemetry::Level level = FromProto(request.level());
  const LogLevelControl::State before = log_level_.Set(level, duration);
  const LogLevelControl::State after = log_level_.state();
  // A warning, so that it is seen at nearly every level.
  telemetry::Log(telemetry::Level::kWarning, "log level changed",
                 {{"from", telemetry::LevelName(before.level)},
                  {"to", telemetry::LevelName(level)},
                  {"seconds", duration ? absl::ToInt64Seconds(*duration) : 0},
                  {"caller", telemetry::CallerHash(call.actor)}});
  response->set_previous_level(ToProto(before.level));
  if (after.expires) Fill(*after.expires, response->mutable_expire_time());
  return absl::OkStatus();
}

absl::Status OperationsService::RequireOperator(const rpc::Call& call) const {
  const auto& operators = options_.operators;
  if (options_.everyone_operates ||
      std::find(operators.begin(), operators.end(), call.actor) != operators.end()) {
    return absl::OkStatus();
  }
  telemetry::Log(telemetry::Level::kWarning, "denied",
                 {{"method", call.method}, {"caller", telemetry::CallerHash(call.actor)}});
  return MakeStatus(absl::StatusCode::kPermissionDenied, v1::ERROR_REASON_NOT_AN_OPERATOR,
                    "only operators may change a running process; the service knows them by "
                    "--operators");
}

}  // namespace klynge::operations
