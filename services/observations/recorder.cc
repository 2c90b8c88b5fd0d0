#include "services/observations/recorder.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "services/observations/observations_store.h"
#include "services/platform/rpc/status.h"
#include "services/platform/rpc/validation.h"

namespace klynge::observations {
namespace {

using type::v1::RowOutcome;

// A transaction's worth of records.
constexpr size_t kRecordsAtOnce = 1'000;
// What one answer holds at most: gRPC takes 4 MB.
constexpr int kMostOutcomes = 10'000;
constexpr size_t kMostOutcomeBytes = 2'000'000;
constexpr int kMostProblems = 50;

Rejection IdReused() {
  const std::string description =
      "is in use for another content; observations are never changed, send a new id";
  return {v1::ERROR_REASON_OBSERVATION_ID_REUSED,
          absl::StrCat("observation_id ", description),
          {{"observation_id", description}}};
}

// True when nothing is wrong with a record but that its round has closed since.
bool OnlyClosed(const Judgement& judgement) {
  return judgement.rejection.problems.size() == 1 &&
         judgement.rejection.reason == v1::ERROR_REASON_ROUND_CLOSED;
}

// Judges records against each other and against what is stored, in the order sent.
std::vector<Observation> SortOut(const std::vector<Judgement>& judgements,
                                 absl::flat_hash_map<std::string, Observation> stored,
                                 Outcomes& outcomes) {
  std::vector<Observation> fresh;
  for (const Judgement& judgement : judgements) {
    const Observation& observation = judgement.observation;
    const std::string& id = observation.observation_id;
    if (!judgement.accepted() && !OnlyClosed(judgement)) {
      outcomes.Rejected(id, judgement.rejection);
      continue;
    }
    if (auto known = stored.find(id); known != stored.end()) {
      if (known->second == observation) {
        outcomes.Unchanged(id);
      } else {
        outcomes.Rejected(id, IdReused());
      }
    } else if (!judgement.accepted()) {
      outcomes.Rejected(id, judgement.rejection);
    } else {
      outcomes.Stored(id);
      stored.emplace(id, observation);
      fresh.push_back(observation);
    }
  }
  return fresh;
}

}  // namespace

RowOutcome* Outcomes::Add(const std::string& id, RowOutcome::Outcome outcome) {
  ++rows_;
  if (outcome == RowOutcome::OUTCOME_CREATED) response_.set_created(response_.created() + 1);
  if (outcome == RowOutcome::OUTCOME_UNCHANGED) response_.set_unchanged(response_.unchanged() + 1);
  if (outcome == RowOutcome::OUTCOME_REJECTED) response_.set_rejected(response_.rejected() + 1);
  if (problems_only_ && outcome != RowOutcome::OUTCOME_REJECTED) return nullptr;
  RowOutcome* row = response_.add_outcomes();
  row->set_row(rows_);
  row->set_id(id);
  row->set_outcome(outcome);
  return row;
}

void Outcomes::Rejected(const std::string& id, const Rejection& rejection) {
  RowOutcome* row = Add(id, RowOutcome::OUTCOME_REJECTED);
  row->set_reason(ReasonName(rejection.reason));
  row->set_message(rejection.message);
  for (const FieldViolation& violation : rejection.problems) {
    if (row->problems_size() == kMostProblems) break;
    type::v1::FieldProblem* problem = row->add_problems();
    problem->set_field(violation.field);
    problem->set_description(violation.description);
  }
}

void Outcomes::Keep(RowOutcome outcome) {
  const size_t size = outcome.ByteSizeLong();
  if (response_.outcomes_size() >= kMostOutcomes || bytes_ + size > kMostOutcomeBytes) {
    response_.set_outcomes_left_out(response_.outcomes_left_out() + 1);
    return;
  }
  bytes_ += size;
  *response_.add_outcomes() = std::move(outcome);
}

void Outcomes::Append(v1::RecordObservationsResponse part) {
  for (RowOutcome& outcome : *part.mutable_outcomes()) {
    outcome.set_row(rows_ + outcome.row());
    Keep(std::move(outcome));
  }
  rows_ += part.created() + part.unchanged() + part.rejected();
  response_.set_created(response_.created() + part.created());
  response_.set_unchanged(response_.unchanged() + part.unchanged());
  response_.set_rejected(response_.rejected() + part.rejected());
  response_.set_revision(part.revision());
}

absl::Status Recorder::TakeOptions(const v1::RecordObservationsOptions& options) {
  if (!first_) {
    Violations violations;
    violations.Add("options", "came after a record; send them as the first message");
    return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
  }
  Violations violations;
  CheckRequestId(violations, options.request_id());
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  validate_only_ = options.validate_only();
  problems_only_ = options.only_problems();
  repeats_ = sql::IdempotentStream(options.request_id());
  return absl::OkStatus();
}

absl::Status Recorder::OnBatch(const rpc::Call& call,
                               std::vector<v1::RecordObservationsRequest> batch) {
  for (v1::RecordObservationsRequest& message : batch) {
    if (message.has_options()) KLYNGE_RETURN_IF_ERROR(TakeOptions(message.options()));
    repeats_.Received(message);
    first_ = false;
    if (message.has_options()) continue;
    waiting_.push_back(std::move(*message.mutable_observation()));
    if (waiting_.size() == kRecordsAtOnce) KLYNGE_RETURN_IF_ERROR(Store(call, false));
  }
  return absl::OkStatus();
}

std::shared_ptr<const organisation::Tree> Recorder::TreeForWaiting(const rpc::Call& call) {
  auto held = tree_.Held();
  const auto known = [&](const v1::Observation& record) { return held->Exists(record.unit_id()); };
  if (held && std::all_of(waiting_.begin(), waiting_.end(), known)) return held;
  auto newest = tree_.Current(call);
  return newest.ok() && newest->confirmed.ok() ? std::move(newest->tree) : nullptr;
}

absl::Status Recorder::Write(sql::WriteTransaction& transaction, const organisation::Tree* tree,
                             std::vector<Observation>& fresh,
                             v1::RecordObservationsResponse& part) {
  KLYNGE_ASSIGN_OR_RETURN(const auto catalogue, catalogue_.InWrite(transaction));
  std::vector<Judgement> judgements;
  std::vector<std::string> ids;
  for (const v1::Observation& record : waiting_) {
    judgements.push_back(Judge(record, *catalogue, tree));
    ids.push_back(record.observation_id());
  }
  KLYNGE_ASSIGN_OR_RETURN(sql::Session * session, transaction.Reader());
  KLYNGE_ASSIGN_OR_RETURN(auto stored, FindObservations(*session, ids));
  stored.insert(would_be_stored_.begin(), would_be_stored_.end());
  Outcomes outcomes(problems_only_);
  fresh = SortOut(judgements, std::move(stored), outcomes);
  part = std::move(outcomes.response());
  if (fresh.empty()) {
    transaction.Discard();
    return absl::OkStatus();
  }
  return InsertObservations(transaction, *catalogue, fresh);
}

absl::Status Recorder::Store(const rpc::Call& call, bool last) {
  const auto tree = TreeForWaiting(call);
  std::vector<Observation> fresh;
  v1::RecordObservationsResponse part;
  KLYNGE_RETURN_IF_ERROR(
      repeats_.WritePart(database_, {call.method, call.actor, call.deadline, validate_only_}, last,
                         &part, [&](sql::WriteTransaction& transaction) {
                           return Write(transaction, tree.get(), fresh, part);
                         }));
  if (validate_only_) {
    for (Observation& observation : fresh) {
      std::string id = observation.observation_id;
      would_be_stored_.emplace(std::move(id), std::move(observation));
    }
  }
  waiting_.clear();
  outcomes_.Append(std::move(part));
  return absl::OkStatus();
}

absl::Status Recorder::OnEnd(const rpc::Call& call, v1::RecordObservationsResponse* response) {
  // An empty end too is a part: a repeat that goes on longer is noticed, and a stream without
  // records is answered with the revision that it stands at.
  KLYNGE_RETURN_IF_ERROR(Store(call, true));
  *response = std::move(outcomes_.response());
  return absl::OkStatus();
}

}  // namespace klynge::observations
