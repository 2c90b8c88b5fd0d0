#include "services/organisation/import_stream.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <utility>

#include "services/organisation/blank_fields.h"
#include "services/organisation/external_ids.h"
#include "services/organisation/import_differences.h"
#include "services/organisation/import_plan.h"
#include "services/organisation/organisation_store.h"
#include "services/platform/rpc/validation.h"

namespace klynge::organisation {
namespace {

type::v1::RowOutcome::Outcome OutcomeOf(RowResult result) {
  switch (result) {
    case RowResult::kCreated:
      return type::v1::RowOutcome::OUTCOME_CREATED;
    case RowResult::kUpdated:
      return type::v1::RowOutcome::OUTCOME_UPDATED;
    case RowResult::kUnchanged:
      return type::v1::RowOutcome::OUTCOME_UNCHANGED;
    case RowResult::kRejected:
      break;
  }
  return type::v1::RowOutcome::OUTCOME_REJECTED;
}

absl::Status BrokenStream(std::string field, std::string description) {
  Violations violations;
  violations.Add(std::move(field), std::move(description));
  return violations.ToStatus(v1::ERROR_REASON_INVALID_STREAM);
}

// Adds the problems of fields of which none is told yet.
void AddUntold(std::vector<Problem> more, std::vector<Problem>& told) {
  const size_t known = told.size();
  for (Problem& problem : more) {
    const auto end = told.begin() + static_cast<ptrdiff_t>(known);
    if (std::none_of(told.begin(), end,
                     [&](const Problem& other) { return other.field == problem.field; })) {
      told.push_back(std::move(problem));
    }
  }
}

// The rows that could be read, with what they leave blank; `places` are theirs among those
// received. These stay as they were sent: the transaction may run again, on what is stored then.
std::vector<ImportRow> CompleteRows(const Tree& stored, const std::vector<ReceivedRow>& received,
                                    std::vector<int>& places) {
  std::vector<ImportRow> rows;
  rows.reserve(received.size());
  ExternalIds external_ids(stored, received);
  for (size_t i = 0; i < received.size(); ++i) {
    v1::ImportOrganisationRequest message = received[i].message;
    if (RowIn(message) == nullptr) continue;
    std::vector<Problem> problems = received[i].problems;
    for (Problem& problem : external_ids.Resolve(message)) problems.push_back(std::move(problem));
    for (Problem& problem : FillBlanks(stored, message)) problems.push_back(std::move(problem));
    rows.push_back(ParseRow(message));
    AddUntold(std::exchange(rows.back().problems, std::move(problems)), rows.back().problems);
    places.push_back(static_cast<int>(i));
  }
  return rows;
}

void SetProblems(const std::vector<Problem>& problems, type::v1::RowOutcome* outcome) {
  const Problem& first = problems.front();
  outcome->set_reason(ReasonName(first.reason));
  outcome->set_message(absl::StrCat(first.field, ": ", first.description));
  for (const Problem& problem : problems) {
    type::v1::FieldProblem* proto = outcome->add_problems();
    proto->set_field(problem.field);
    proto->set_description(problem.description);
  }
}

// One outcome for each row received; those that could not be read are rejected.
void SetOutcomes(const std::vector<ReceivedRow>& received, const std::vector<ImportRow>& rows,
                 const std::vector<int>& places, const ImportPlan& plan,
                 v1::ImportOrganisationResponse* response) {
  for (size_t i = 0; i < received.size(); ++i) {
    type::v1::RowOutcome* outcome = response->add_outcomes();
    outcome->set_row(static_cast<int64_t>(i) + 1);
    outcome->set_line(received[i].line);
    if (RowIn(received[i].message) != nullptr) continue;
    outcome->set_outcome(type::v1::RowOutcome::OUTCOME_REJECTED);
    SetProblems(received[i].problems, outcome);
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    const RowVerdict& verdict = plan.verdicts[i];
    type::v1::RowOutcome* outcome = response->mutable_outcomes(places[i]);
    outcome->set_id(rows[i].id());
    outcome->set_outcome(OutcomeOf(verdict.result));
    if (!verdict.problems.empty()) SetProblems(verdict.problems, outcome);
  }
  std::map<type::v1::RowOutcome::Outcome, int64_t> counts;
  for (const type::v1::RowOutcome& outcome : response->outcomes()) ++counts[outcome.outcome()];
  response->set_created_count(counts[type::v1::RowOutcome::OUTCOME_CREATED]);
  response->set_updated_count(counts[type::v1::RowOutcome::OUTCOME_UPDATED]);
  response->set_unchanged_count(counts[type::v1::RowOutcome::OUTCOME_UNCHANGED]);
  response->set_rejected_count(counts[type::v1::RowOutcome::OUTCOME_REJECTED]);
}

void SetEndedRoles(const ImportPlan& plan, v1::ImportOrganisationResponse* response) {
  for (const EndedRole& ended : plan.ended_roles) {
    v1::EndedRole* proto = response->add_ended_roles();
    proto->set_person_id(ended.person_id);
    proto->set_assignment_id(ended.assignment_id);
    proto->set_substitution_id(ended.substitution_id);
    proto->set_valid_to(FormatDate(ended.valid_to));
    proto->set_vacant_position_id(ended.vacant_position_id);
    proto->set_membership_id(ended.membership_id);
  }
}

}  // namespace

absl::Status ImportStream::OnBatch(const rpc::Call&,
                                   std::vector<v1::ImportOrganisationRequest> batch) {
  for (v1::ImportOrganisationRequest& message : batch) KLYNGE_RETURN_IF_ERROR(Take(message));
  return absl::OkStatus();
}

absl::Status ImportStream::Take(v1::ImportOrganisationRequest& message) {
  const bool first = std::exchange(first_, false);
  bytes_ += message.ByteSizeLong();
  if (message.has_options()) {
    KLYNGE_RETURN_IF_ERROR(TakeOptions(message.options(), first));
    repeats_.Received(message);
    return absl::OkStatus();
  }
  repeats_.Received(message);
  KLYNGE_RETURN_IF_ERROR(message.has_file_chunk() ? TakeChunk(message.file_chunk())
                                                  : TakeRow(message));
  if (rows_.size() <= kMaxRows && bytes_ <= kMaxBytes) return absl::OkStatus();
  return InvalidArgument(
      v1::ERROR_REASON_TOO_MANY_ROWS,
      absl::StrCat("an import has at most ", kMaxRows, " rows and ", kMaxBytes >> 20,
                   " MiB; split it and send the parts one after another"));
}

absl::Status ImportStream::TakeOptions(const v1::ImportOptions& options, bool first) {
  if (!first) {
    return BrokenStream("options", "may only be the first message; nothing was written");
  }
  options_ = options;
  Violations violations;
  CheckRequestId(violations, options_.request_id());
  file_ = OpenRowFile(options_.format());
  if (options_.format() != v1::FILE_FORMAT_UNSPECIFIED && file_ == nullptr) {
    violations.Add("options.format", "is none of JSON_LINES, CSV and CSV_EXCEL");
  }
  repeats_ = sql::IdempotentStream(options_.request_id());
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
}

absl::Status ImportStream::TakeChunk(const std::string& chunk) {
  if (file_ == nullptr) {
    return BrokenStream("file_chunk", "needs options.format in the first message");
  }
  if (chunk.size() > kMaxChunkBytes) {
    return BrokenStream("file_chunk", absl::StrCat("has ", chunk.size(), " bytes; at most ",
                                                   kMaxChunkBytes, " are taken at a time"));
  }
  return file_->Read(chunk, rows_);
}

absl::Status ImportStream::TakeRow(v1::ImportOrganisationRequest& message) {
  if (RowIn(message) == nullptr) {
    return BrokenStream(
        "content", absl::StrCat("is missing after row ", rows_.size(), "; nothing was written"));
  }
  if (file_ != nullptr) {
    return BrokenStream("content", "is a row, but options.format says that rows come as a file");
  }
  rows_.emplace_back().message = std::move(message);
  return absl::OkStatus();
}

absl::Status ImportStream::OnEnd(const rpc::Call& call, v1::ImportOrganisationResponse* response) {
  if (file_ != nullptr) KLYNGE_RETURN_IF_ERROR(file_->End(rows_));
  return repeats_.WritePart(
      database_, {call.method, call.actor, call.deadline, options_.validate_only()}, true, response,
      [&](sql::WriteTransaction& transaction) { return Import(transaction, response); });
}

absl::Status ImportStream::Import(sql::WriteTransaction& transaction,
                                  v1::ImportOrganisationResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(const std::shared_ptr<const Tree> before, trees_.InWrite(transaction));
  std::vector<int> places;
  const std::vector<ImportRow> rows = CompleteRows(*before, rows_, places);
  const ImportPlan plan = PlanImport(*before, rows);
  SetOutcomes(rows_, rows, places, plan, response);
  SetEndedRoles(plan, response);
  SetDifferences(*before, rows, places, plan, response);
  const bool applies =
      !options_.validate_only() && !(options_.atomic() && response->rejected_count() > 0);
  response->set_applied(applies);
  if (!applies || plan.ChangesNothing()) {
    transaction.Discard();
    return absl::OkStatus();
  }
  return SavePlan(transaction, *before, plan);
}

}  // namespace klynge::organisation
