#include <absl/strings/str_cat.h>
#include <google/protobuf/wrappers.pb.h>

#include "klynge/goals/v1/errors.pb.h"
#include "services/goals/goal_import.h"
#include "services/goals/goals_service.h"

namespace klynge::goals {
namespace {

constexpr size_t kMaxRows = 100'000;

void Count(const std::vector<type::v1::RowOutcome>& outcomes, v1::ImportGoalsResponse* response) {
  using type::v1::RowOutcome;
  for (const RowOutcome& outcome : outcomes) {
    *response->add_outcomes() = outcome;
    switch (outcome.outcome()) {
      case RowOutcome::OUTCOME_CREATED:
        response->set_created_count(response->created_count() + 1);
        break;
      case RowOutcome::OUTCOME_UNCHANGED:
        response->set_unchanged_count(response->unchanged_count() + 1);
        break;
      default:
        response->set_rejected_count(response->rejected_count() + 1);
    }
  }
}

bool MissesAUnit(const std::vector<type::v1::RowOutcome>& outcomes) {
  return std::any_of(outcomes.begin(), outcomes.end(), [](const type::v1::RowOutcome& outcome) {
    return outcome.reason() == ReasonName(v1::ERROR_REASON_UNIT_NOT_FOUND);
  });
}

}  // namespace

// Gathers the rows of one import and stores them in one transaction at its end, so that an import
// that breaks off leaves nothing behind.
class GoalsService::Import final
    : public rpc::ClientStreamHandler<v1::ImportGoalsRequest, v1::ImportGoalsResponse> {
 public:
  explicit Import(GoalsService& service) : service_(service) {}

  absl::Status OnBatch(const Call&, std::vector<v1::ImportGoalsRequest> batch) override {
    for (v1::ImportGoalsRequest& message : batch) {
      if (first_) options_ = message.options();
      // Rather refused than stored although, say, only a check was asked for.
      if (!first_ && message.has_options()) {
        Violations violations;
        violations.Add("options", "may only be in the first message; nothing was written");
        return violations.ToStatus(v1::ERROR_REASON_INVALID_STREAM);
      }
      first_ = false;
      for (v1::GoalRow& row : *message.mutable_rows()) {
        digests_.push_back(sql::Fingerprint(row));
        rows_.push_back(std::move(row));
      }
    }
    if (rows_.size() <= kMaxRows) return absl::OkStatus();
    return InvalidArgument(
        v1::ERROR_REASON_TOO_MANY_ROWS,
        absl::StrCat("an import has at most ", kMaxRows, " rows; send them in several imports"));
  }

  absl::Status OnEnd(const Call& call, v1::ImportGoalsResponse* response) override {
    KLYNGE_ASSIGN_OR_RETURN(const auto newest, service_.trees_.Current(call));
    const sql::WriteContext context{call.method, call.actor, call.deadline,
                                    options_.validate_only(), Repeat()};
    return sql::IdempotentWrite(
        service_.database_, context, response,
        [&](Transaction& transaction) { return Store(newest, transaction, response); });
  }

 private:
  sql::Idempotency Repeat() const {
    v1::ImportGoalsOptions options = options_;
    options.clear_request_id();
    google::protobuf::StringValue all;
    all.set_value(sql::Fingerprint(options));
    for (const std::string& digest : digests_) all.mutable_value()->append(digest);
    return {options_.request_id(), sql::Fingerprint(all)};
  }

  absl::Status Store(const organisation::CurrentTree& newest, Transaction& transaction,
                     v1::ImportGoalsResponse* response) {
    KLYNGE_ASSIGN_OR_RETURN(auto book, service_.books_.InWrite(transaction));
    GoalImport import(*book, *newest.tree, service_.Now(), transaction.now());
    import.Judge(rows_, digests_);
    // A row is not rejected, and that not remembered for a repeat, for what may be wrong.
    if (!newest.confirmed.ok() && MissesAUnit(import.outcomes())) return newest.confirmed;
    Count(import.outcomes(), response);
    const bool refused = options_.atomic() && response->rejected_count() > 0;
    response->set_applied(!refused && !options_.validate_only());
    if (refused || import.changes().empty()) {
      transaction.Discard();
      return absl::OkStatus();
    }
    return service_.Save(transaction, *book, import.changes(), "import");
  }

  GoalsService& service_;
  bool first_ = true;
  v1::ImportGoalsOptions options_;
  std::vector<v1::GoalRow> rows_;
  std::vector<std::string> digests_;
};

grpc::ServerReadReactor<v1::ImportGoalsRequest>* GoalsService::ImportGoals(
    Context* context, v1::ImportGoalsResponse* response) {
  return dispatcher_.ClientStream<v1::ImportGoalsRequest, v1::ImportGoalsResponse>(
      __func__, context, response, std::make_unique<Import>(*this));
}

}  // namespace klynge::goals
