#include "services/observations/recorder.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "services/observations/observations_store.h"
#include "services/platform/rpc/status.h"

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

void Outcomes::Append(Outcomes batch) {
  for (RowOutcome& outcome : *batch.response_.mutable_outcomes()) {
    outcome.set_row(rows_ + outcome.row());
    Keep(std::move(outcome));
  }
  rows_ += batch.rows_;
  response_.set_created(response_.created() + batch.response_.created());
  response_.set_unchanged(response_.unchanged() + batch.response_.unchanged());
  response_.set_rejected(response_.rejected() + batch.response_.rejected());
}

absl::Status Recorder::TakeOptions(const v1::RecordObservationsOptions& options) {
  if (!first_) {
    Violations violations;
    violations.Add("options", "came after a record; send them as the first message");
    return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
  }
  validate_only_ = options.validate_only();
  problems_only_ = options.only_problems();
  return absl::OkStatus();
}

absl::Status Recorder::OnBatch(const rpc::Call& call,
                               std::vector<v1::RecordObservationsRequest> batch) {
  for (v1::RecordObservationsRequest& message : batch) {
    if (message.has_options()) {
      KLYNGE_RETURN_IF_ERROR(TakeOptions(message.options()));
    } else {
      waiting_.push_back(std::move(*message.mutable_observation()));
    }
    first_ = false;
  }
  return waiting_.size() < kRecordsAtOnce ? absl::OkStatus() : Store(call);
}

std::shared_ptr<const organisation::Tree> Recorder::TreeForWaiting(const rpc::Call& call) {
  auto held = tree_.Held();
  const auto known = [&](const v1::Observation& record) { return held->Exists(record.unit_id()); };
  if (held && std::all_of(waiting_.begin(), waiting_.end(), known)) return held;
  auto newest = tree_.Current(call);
  return newest.ok() && newest->confirmed.ok() ? std::move(newest->tree) : nullptr;
}

absl::Status Recorder::Store(const rpc::Call& call) {
  const auto tree = TreeForWaiting(call);
  Outcomes outcomes;
  std::vector<Observation> fresh;
  const auto body = [&](sql::WriteTransaction& transaction) -> absl::Status {
    outcomes = Outcomes();  // the body may run again
    if (problems_only_) outcomes.KeepProblemsOnly();
    KLYNGE_ASSIGN_OR_RETURN(const auto catalogue, catalogue_.InWrite(transaction));
    std::vector<Judgement> judgements;
    std::vector<std::string> ids;
    for (const v1::Observation& record : waiting_) {
      judgements.push_back(Judge(record, *catalogue, tree.get()));
      ids.push_back(record.observation_id());
    }
    KLYNGE_ASSIGN_OR_RETURN(auto stored, FindObservations(transaction.session(), ids));
    stored.insert(would_be_stored_.begin(), would_be_stored_.end());
    fresh = SortOut(judgements, std::move(stored), outcomes);
    if (fresh.empty()) {
      transaction.Discard();
      return absl::OkStatus();
    }
    return InsertObservations(transaction, *catalogue, fresh);
  };
  KLYNGE_ASSIGN_OR_RETURN(
      const int64_t revision,
      database_.Write({call.method, call.actor, call.deadline, validate_only_}, body));
  if (validate_only_) {
    for (Observation& observation : fresh) {
      std::string id = observation.observation_id;
      would_be_stored_.emplace(std::move(id), std::move(observation));
    }
  }
  waiting_.clear();
  outcomes_.Append(std::move(outcomes));
  outcomes_.response().set_revision(revision);
  return absl::OkStatus();
}

absl::Status Recorder::OnEnd(const rpc::Call& call, v1::RecordObservationsResponse* response) {
  if (!waiting_.empty()) {
    KLYNGE_RETURN_IF_ERROR(Store(call));
  } else if (outcomes_.rows() == 0) {
    // A stream without records too is answered with the revision that it stands at.
    KLYNGE_ASSIGN_OR_RETURN(const int64_t revision, database_.Revision(call.deadline));
    outcomes_.response().set_revision(revision);
  }
  *response = std::move(outcomes_.response());
  return absl::OkStatus();
}

}  // namespace klynge::observations
