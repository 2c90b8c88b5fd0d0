#include "services/organisation/import_stream.h"

#include <absl/strings/str_cat.h>

#include <utility>

#include "services/organisation/blank_fields.h"
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

// The rows with what they leave blank. The messages stay as they were sent: the transaction may run
// again, on what is stored then.
std::vector<ImportRow> CompleteRows(const Tree& stored,
                                    const std::vector<v1::ImportOrganisationRequest>& messages) {
  std::vector<ImportRow> rows;
  rows.reserve(messages.size());
  for (v1::ImportOrganisationRequest message : messages) {
    std::vector<Problem> problems = FillBlanks(stored, message);
    rows.push_back(ParseRow(message));
    rows.back().problems.insert(rows.back().problems.begin(), problems.begin(), problems.end());
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

void SetOutcomes(const std::vector<ImportRow>& rows, const ImportPlan& plan,
                 v1::ImportOrganisationResponse* response) {
  int64_t counts[4] = {};
  for (size_t i = 0; i < rows.size(); ++i) {
    const RowVerdict& verdict = plan.verdicts[i];
    ++counts[static_cast<size_t>(verdict.result)];
    type::v1::RowOutcome* outcome = response->add_outcomes();
    outcome->set_row(static_cast<int64_t>(i) + 1);
    outcome->set_id(rows[i].id());
    outcome->set_outcome(OutcomeOf(verdict.result));
    if (!verdict.problems.empty()) SetProblems(verdict.problems, outcome);
  }
  response->set_created_count(counts[static_cast<size_t>(RowResult::kCreated)]);
  response->set_updated_count(counts[static_cast<size_t>(RowResult::kUpdated)]);
  response->set_unchanged_count(counts[static_cast<size_t>(RowResult::kUnchanged)]);
  response->set_rejected_count(counts[static_cast<size_t>(RowResult::kRejected)]);
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
  for (const v1::ImportOrganisationRequest& message : batch) {
    KLYNGE_RETURN_IF_ERROR(Take(message));
  }
  return absl::OkStatus();
}

absl::Status ImportStream::Take(const v1::ImportOrganisationRequest& message) {
  const bool first = std::exchange(first_, false);
  if (message.has_options()) {
    if (!first) {
      return BrokenStream("options", "may only be the first message; nothing was written");
    }
    options_ = message.options();
    Violations violations;
    CheckRequestId(violations, options_.request_id());
    KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
    repeats_ = sql::IdempotentStream(options_.request_id());
  } else if (message.content_case() == v1::ImportOrganisationRequest::CONTENT_NOT_SET) {
    return BrokenStream(
        "content", absl::StrCat("is missing after row ", rows_.size(), "; nothing was written"));
  } else if (RowIn(message) == nullptr) {
    return BrokenStream("content",
                        "is of a sort that an import does not take; nothing was written");
  } else if (rows_.size() == kMaxRows) {
    return InvalidArgument(v1::ERROR_REASON_TOO_MANY_ROWS,
                           absl::StrCat("an import has at most ", kMaxRows,
                                        " rows; split it and send the parts one after another"));
  } else {
    rows_.push_back(message);
  }
  repeats_.Received(message);
  return absl::OkStatus();
}

absl::Status ImportStream::OnEnd(const rpc::Call& call, v1::ImportOrganisationResponse* response) {
  return repeats_.WritePart(
      database_, {call.method, call.actor, call.deadline, options_.validate_only()}, true, response,
      [&](sql::WriteTransaction& transaction) { return Import(transaction, response); });
}

absl::Status ImportStream::Import(sql::WriteTransaction& transaction,
                                  v1::ImportOrganisationResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(const std::shared_ptr<const Tree> before, trees_.InWrite(transaction));
  const std::vector<ImportRow> rows = CompleteRows(*before, rows_);
  const ImportPlan plan = PlanImport(*before, rows);
  SetOutcomes(rows, plan, response);
  SetEndedRoles(plan, response);
  SetDifferences(*before, rows, plan, response);
  const bool applies = !options_.validate_only() && !(options_.atomic() && plan.HasRejected());
  response->set_applied(applies);
  if (!applies || plan.ChangesNothing()) {
    transaction.Discard();
    return absl::OkStatus();
  }
  return SavePlan(transaction, *before, plan);
}

}  // namespace klynge::organisation
