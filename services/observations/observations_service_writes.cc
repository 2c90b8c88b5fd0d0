// The handlers that change something, but for the stream of observations (recorder.h).
#include <absl/strings/str_cat.h>
#include <google/protobuf/util/time_util.h>

#include "klynge/observations/v1/errors.pb.h"
#include "services/observations/observations_service.h"
#include "services/observations/observations_store.h"
#include "services/platform/rpc/status.h"
#include "services/platform/rpc/validation.h"
#include "services/platform/sql/idempotent_write.h"

namespace klynge::observations {
namespace {

google::protobuf::Timestamp TimestampOf(absl::Time time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}

absl::Status VersionTaken(const v1::Instrument& instrument) {
  return AlreadyExists(
      v1::ERROR_REASON_INSTRUMENT_VERSION_EXISTS,
      absl::StrCat(
          "instrument \"", instrument.instrument_id(), "\" version ", instrument.version(),
          " is published with another content and never changes; publish the next version"),
      {{"instrument_id", instrument.instrument_id()}});
}

// The published version that the request repeats; null when it asks for a new one.
absl::StatusOr<std::shared_ptr<const Instrument>> Repeated(const Catalogue& catalogue,
                                                           const v1::Instrument& instrument) {
  auto found = catalogue.instruments.find(instrument.instrument_id());
  const int newest =
      found == catalogue.instruments.end() ? 0 : static_cast<int>(found->second.size());
  const int version = instrument.version();
  if (version > newest + 1) {
    Violations violations;
    violations.Add("instrument.version",
                   absl::StrCat("is ", version, "; the next version is ", newest + 1));
    return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
  }
  if (newest == 0 || version == newest + 1) return nullptr;
  const auto& published = found->second[(version == 0 ? newest : version) - 1];
  if (SameContent(published->proto(), instrument)) return published;
  if (version == 0) return nullptr;
  return VersionTaken(instrument);
}

}  // namespace

absl::Status ObservationsService::HandlePublish(const rpc::Call& call,
                                                const v1::PublishInstrumentRequest& request,
                                                v1::PublishInstrumentResponse* response) {
  KLYNGE_RETURN_IF_ERROR(CheckInstrument(request.instrument()));
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(const auto catalogue, catalogue_.InWrite(transaction));
        KLYNGE_ASSIGN_OR_RETURN(const auto published, Repeated(*catalogue, request.instrument()));
        v1::Instrument* answer = response->mutable_instrument();
        if (published) {
          *answer = published->proto();
          transaction.Discard();
          return absl::OkStatus();
        }
        auto versions = catalogue->instruments.find(request.instrument().instrument_id());
        *answer = request.instrument();
        answer->set_version(versions == catalogue->instruments.end()
                                ? 1
                                : static_cast<int>(versions->second.size()) + 1);
        *answer->mutable_published_at() = TimestampOf(transaction.now());
        return InsertInstrument(transaction, *answer);
      });
}

absl::Status ObservationsService::HandleCreate(const rpc::Call& call,
                                               const v1::CreateRoundRequest& request,
                                               v1::CreateRoundResponse* response) {
  KLYNGE_RETURN_IF_ERROR(CheckNewRound(request.round()));
  KLYNGE_ASSIGN_OR_RETURN(const auto newest, tree_.Current(call));
  auto units = TreeOfRound(request.round(), *newest.tree);
  if (!units.ok()) return newest.Vouch(v1::ERROR_REASON_UNIT_NOT_FOUND, units.status());
  const auto tree = std::make_shared<const analytics::ReportingTree>(*std::move(units));
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(const auto catalogue, catalogue_.InWrite(transaction));
        Round round;
        round.proto = request.round();
        round.tree = tree;
        v1::Round& proto = round.proto;
        if (catalogue->FindRound(proto.round_id()) != nullptr) {
          return AlreadyExists(
              v1::ERROR_REASON_ROUND_EXISTS,
              absl::StrCat("round \"", proto.round_id(), "\" exists; choose another id"),
              {{"round_id", proto.round_id()}});
        }
        KLYNGE_ASSIGN_OR_RETURN(
            round.instrument,
            catalogue->FindInstrument(proto.instrument_id(), proto.instrument_version()));
        proto.set_instrument_version(round.instrument->proto().version());
        if (proto.detail_priority() == v1::DETAIL_PRIORITY_UNSPECIFIED) {
          proto.set_detail_priority(v1::DETAIL_PRIORITY_UNITS);
        }
        proto.set_state(v1::ROUND_STATE_OPEN);
        proto.set_small_group_threshold(small_group_threshold_);
        proto.set_unit_count(tree->leaf_count());
        proto.set_observation_count(0);
        *proto.mutable_created_at() = TimestampOf(transaction.now());
        proto.clear_closed_at();
        *response->mutable_round() = proto;
        return InsertRound(transaction, round);
      });
}

absl::Status ObservationsService::HandleClose(const rpc::Call& call,
                                              const v1::CloseRoundRequest& request,
                                              v1::CloseRoundResponse* response) {
  Violations violations;
  RequireId(violations, "round_id", request.round_id());
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(const auto catalogue, catalogue_.InWrite(transaction));
        KLYNGE_ASSIGN_OR_RETURN(const auto round, catalogue->RequireRound(request.round_id()));
        if (!round->open()) {
          return FailedPrecondition(
              v1::ERROR_REASON_ROUND_CLOSED,
              absl::StrCat("round \"", request.round_id(), "\" is closed already"),
              {{"round_id", request.round_id()}});
        }
        v1::Round* answer = response->mutable_round();
        *answer = round->proto;
        answer->set_state(v1::ROUND_STATE_CLOSED);
        *answer->mutable_closed_at() = TimestampOf(transaction.now());
        return observations::CloseRound(transaction, *round);
      });
}

}  // namespace klynge::observations
