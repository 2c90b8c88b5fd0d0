#include "services/organisation/reorganisations.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <utility>

#include "services/organisation/known_trees.h"
#include "services/organisation/organisation_store.h"
#include "services/organisation/query_support.h"
#include "services/organisation/reorganisation_outcome.h"
#include "services/organisation/reorganisation_store.h"
#include "services/platform/rpc/status.h"
#include "services/platform/sql/idempotent_write.h"

namespace klynge::organisation {
namespace {

// Leaves room for what is added to make ids of what a reorganisation makes.
constexpr size_t kLongestId = 48;
constexpr int kMostSteps = 200;

absl::Status NoSuchReorganisation(const std::string& id) {
  return NotFound(v1::ERROR_REASON_REORGANISATION_NOT_FOUND,
                  absl::StrCat("there is no reorganisation \"", id,
                               "\"; ListReorganisations shows those there are"),
                  {{"reorganisation_id", id}});
}

absl::Status CheckDraft(const v1::Reorganisation& draft) {
  Violations violations;
  const std::string& id = draft.reorganisation_id();
  RequireId(violations, "reorganisation.reorganisation_id", id);
  if (id.size() > kLongestId) {
    violations.Add("reorganisation.reorganisation_id",
                   absl::StrCat("has ", id.size(), " characters; at most ", kLongestId,
                                ", since what it makes gets ids that begin with it"));
  }
  RequireText(violations, "reorganisation.title", draft.title(), 200);
  if (draft.effective_on().empty()) {
    violations.Add("reorganisation.effective_on", "is required: a date as 2021-09-01");
  }
  DateOr(violations, "reorganisation.effective_on", draft.effective_on(), kOpenStart);
  if (draft.steps_size() > kMostSteps) {
    violations.Add("reorganisation.steps",
                   absl::StrCat("has ", draft.steps_size(), " steps; at most ", kMostSteps));
  }
  return WrongFields(violations);
}

// The draft, in a write that is to change it.
absl::StatusOr<v1::Reorganisation> DraftInWrite(sql::WriteTransaction& transaction,
                                                const std::string& id, const std::string& etag) {
  Violations violations;
  RequireId(violations, "reorganisation_id", id);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_ASSIGN_OR_RETURN(auto found, LoadReorganisation(transaction, id));
  if (!found) return NoSuchReorganisation(id);
  if (found->state() != v1::REORGANISATION_STATE_DRAFT) {
    return FailedPrecondition(
        v1::ERROR_REASON_REORGANISATION_NOT_DRAFT,
        absl::StrCat(
            "\"", id, "\" is ",
            found->state() == v1::REORGANISATION_STATE_COMMITTED ? "committed" : "discarded",
            " and cannot be changed; draft a new one"),
        {{"reorganisation_id", id}});
  }
  if (!etag.empty() && etag != found->etag()) {
    return Aborted(v1::ERROR_REASON_STALE_ETAG,
                   absl::StrCat("\"", id, "\" was changed since etag ", etag,
                                "; read it again and send etag ", found->etag()),
                   {{"etag", found->etag()}});
  }
  return *std::move(found);
}

absl::Status Apply(const v1::UpdateReorganisationRequest& request, v1::Reorganisation& draft) {
  const v1::Reorganisation& given = request.reorganisation();
  Violations violations;
  std::vector<std::string> paths(request.update_mask().paths().begin(),
                                 request.update_mask().paths().end());
  if (paths.empty()) paths = {"title", "effective_on", "steps"};
  for (const std::string& path : paths) {
    if (path == "title") {
      draft.set_title(given.title());
    } else if (path == "effective_on") {
      draft.set_effective_on(given.effective_on());
    } else if (path == "steps") {
      *draft.mutable_steps() = given.steps();
    } else {
      violations.Add("update_mask", absl::StrCat("\"", path,
                                                 "\" cannot be changed; title, effective_on and "
                                                 "steps can"));
    }
  }
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  return CheckDraft(draft);
}

absl::Status BreaksRules(const std::vector<StepProblem>& problems) {
  Violations violations;
  for (const auto& [step, problem] : problems) {
    violations.Add(
        step == 0 ? problem.field : absl::StrCat("steps[", step - 1, "].", problem.field),
        problem.description);
  }
  return violations.ToStatus(absl::StatusCode::kFailedPrecondition,
                             ReasonName(v1::ERROR_REASON_REORGANISATION_BREAKS_RULES),
                             "the reorganisation breaks rules on its day");
}

int64_t Written(const ImportPlan& plan) {
  size_t written = 0;
  ForEachSort([&](auto sort) { written += ListOf<typename decltype(sort)::Type>(plan).size(); });
  return static_cast<int64_t>(written);
}

// The revision that the request's known_at means; nothing for what is known now.
template <class Request>
absl::StatusOr<absl::optional<int64_t>> KnownRevision(sql::Session& session, const Clock& clock,
                                                      const Request& request) {
  if (!request.has_known_at()) return absl::nullopt;
  KLYNGE_ASSIGN_OR_RETURN(const absl::Time known_at, KnownAt(request.known_at(), clock));
  KLYNGE_ASSIGN_OR_RETURN(const KnownMoment moment, FindMoment(session, known_at));
  return moment.revision;
}

// The revision that must be seen: a read replica that lags does not know what was registered last.
template <class Request>
absl::StatusOr<int64_t> LeastRevision(sql::Database& database, absl::Time deadline,
                                      const Request& request) {
  if (!request.has_known_at()) return request.min_revision();
  KLYNGE_ASSIGN_OR_RETURN(const int64_t newest, database.Revision(deadline));
  return std::max(newest, request.min_revision());
}

}  // namespace

absl::Status Reorganisations::Create(const rpc::Call& call,
                                     const v1::CreateReorganisationRequest& request,
                                     v1::CreateReorganisationResponse* response) {
  KLYNGE_RETURN_IF_ERROR(CheckDraft(request.reorganisation()));
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        v1::Reorganisation& draft = *response->mutable_reorganisation();
        draft = request.reorganisation();
        const std::string& id = draft.reorganisation_id();
        KLYNGE_ASSIGN_OR_RETURN(const auto known, LoadReorganisation(transaction, id));
        if (known) {
          return AlreadyExists(v1::ERROR_REASON_REORGANISATION_EXISTS,
                               absl::StrCat("there is a reorganisation \"", id,
                                            "\" already; change it, or choose another id"),
                               {{"reorganisation_id", id}});
        }
        draft.set_state(v1::REORGANISATION_STATE_DRAFT);
        draft.clear_commit_time();
        draft.clear_commit_revision();
        return StoreReorganisation(transaction, "create", draft);
      });
}

absl::Status Reorganisations::Update(const rpc::Call& call,
                                     const v1::UpdateReorganisationRequest& request,
                                     v1::UpdateReorganisationResponse* response) {
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        const v1::Reorganisation& given = request.reorganisation();
        KLYNGE_ASSIGN_OR_RETURN(v1::Reorganisation draft,
                                DraftInWrite(transaction, given.reorganisation_id(), given.etag()));
        KLYNGE_RETURN_IF_ERROR(Apply(request, draft));
        KLYNGE_RETURN_IF_ERROR(StoreReorganisation(transaction, "update", draft));
        *response->mutable_reorganisation() = std::move(draft);
        return absl::OkStatus();
      });
}

absl::Status Reorganisations::Discard(const rpc::Call& call,
                                      const v1::DiscardReorganisationRequest& request,
                                      v1::DiscardReorganisationResponse* response) {
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(
            v1::Reorganisation draft,
            DraftInWrite(transaction, request.reorganisation_id(), request.etag()));
        draft.set_state(v1::REORGANISATION_STATE_DISCARDED);
        KLYNGE_RETURN_IF_ERROR(StoreReorganisation(transaction, "discard", draft));
        *response->mutable_reorganisation() = std::move(draft);
        return absl::OkStatus();
      });
}

absl::Status Reorganisations::Commit(const rpc::Call& call,
                                     const v1::CommitReorganisationRequest& request,
                                     v1::CommitReorganisationResponse* response) {
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(
            v1::Reorganisation draft,
            DraftInWrite(transaction, request.reorganisation_id(), request.etag()));
        const Date today = Today(database_.clock());
        if (ParseDate(draft.effective_on()).value_or(today) < today && !request.retroactive()) {
          return FailedPrecondition(
              v1::ERROR_REASON_REORGANISATION_RETROACTIVE,
              absl::StrCat("its day, ", draft.effective_on(),
                           ", has passed; move it, or send retroactive to rewrite what is known "
                           "of the days since"));
        }
        KLYNGE_ASSIGN_OR_RETURN(const auto before, trees_.InWrite(transaction));
        const ReorganisationOutcome outcome = WorkOut(*before, draft);
        if (!outcome.problems.empty()) return BreaksRules(outcome.problems);
        KLYNGE_RETURN_IF_ERROR(SavePlan(transaction, *before, outcome.plan));
        draft.set_state(v1::REORGANISATION_STATE_COMMITTED);
        draft.set_commit_revision(transaction.revision());
        *draft.mutable_commit_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(
            absl::ToUnixMicros(transaction.now()));
        KLYNGE_RETURN_IF_ERROR(StoreReorganisation(transaction, "commit", draft));
        *response->mutable_reorganisation() = std::move(draft);
        response->set_written_count(Written(outcome.plan));
        return absl::OkStatus();
      });
}

absl::Status Reorganisations::Preview(const rpc::Call& call,
                                      const v1::PreviewReorganisationRequest& request,
                                      v1::PreviewReorganisationResponse* response) {
  v1::GetReorganisationRequest which;
  which.set_reorganisation_id(request.reorganisation_id());
  which.set_min_revision(request.min_revision());
  v1::GetReorganisationResponse found;
  KLYNGE_RETURN_IF_ERROR(Get(call, which, &found));
  const v1::Reorganisation& draft = found.reorganisation();
  if (draft.state() != v1::REORGANISATION_STATE_DRAFT) {
    return FailedPrecondition(v1::ERROR_REASON_REORGANISATION_NOT_DRAFT,
                              absl::StrCat("\"", draft.reorganisation_id(),
                                           "\" is no draft any more; what it did is in the "
                                           "organisation, or it was discarded"));
  }
  KLYNGE_ASSIGN_OR_RETURN(const auto held, trees_.AtLeast(found.revision(), call.deadline));
  const Tree& before = *held.model;
  const ReorganisationOutcome outcome = WorkOut(before, draft);
  const Date on = *ParseDate(draft.effective_on());
  DescribeOutcome(before, outcome, on, response);
  *response->mutable_reorganisation() = draft;
  response->set_committable(outcome.problems.empty());
  if (!request.skip_other_services()) {
    for (UsesThere& there : elsewhere_.Ask(call, TouchedUnits(outcome), on)) {
      v1::ServiceUses* proto = response->add_other_services();
      proto->set_service(there.service);
      *proto->mutable_uses() = {there.uses.begin(), there.uses.end()};
      proto->set_total_size(there.total);
      proto->set_missing_because(there.missing_because);
    }
  }
  response->set_retroactive(on < Today(database_.clock()));
  response->set_revision(before.revision());
  return absl::OkStatus();
}

absl::Status Reorganisations::Get(const rpc::Call& call,
                                  const v1::GetReorganisationRequest& request,
                                  v1::GetReorganisationResponse* response) {
  Violations violations;
  RequireId(violations, "reorganisation_id", request.reorganisation_id());
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_ASSIGN_OR_RETURN(const int64_t least, LeastRevision(database_, call.deadline, request));
  return database_.ReadAtLeast(call.deadline, least, [&](sql::Session& session) -> absl::Status {
    KLYNGE_ASSIGN_OR_RETURN(const auto known, KnownRevision(session, database_.clock(), request));
    KLYNGE_ASSIGN_OR_RETURN(auto found,
                            LoadReorganisations(session, request.reorganisation_id(), known));
    if (found.empty()) return NoSuchReorganisation(request.reorganisation_id());
    *response->mutable_reorganisation() = std::move(found[0]);
    KLYNGE_ASSIGN_OR_RETURN(const int64_t revision, RevisionIn(session));
    response->set_revision(revision);
    return absl::OkStatus();
  });
}

absl::Status Reorganisations::List(const rpc::Call& call,
                                   const v1::ListReorganisationsRequest& request,
                                   v1::ListReorganisationsResponse* response) {
  Violations violations;
  const Date from = DateOr(violations, "effective_from", request.effective_from(), kOpenStart);
  const Date to = DateOr(violations, "effective_to", request.effective_to(), kOpenEnd);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_ASSIGN_OR_RETURN(const int64_t least, LeastRevision(database_, call.deadline, request));
  return database_.ReadAtLeast(call.deadline, least, [&](sql::Session& session) -> absl::Status {
    response->Clear();
    KLYNGE_ASSIGN_OR_RETURN(const auto known, KnownRevision(session, database_.clock(), request));
    KLYNGE_ASSIGN_OR_RETURN(const auto all, LoadReorganisations(session, absl::nullopt, known));
    std::vector<const v1::Reorganisation*> chosen;
    for (const v1::Reorganisation& each : all) {
      const Date on = ParseDate(each.effective_on()).value_or(kOpenStart);
      const bool stands_so =
          request.states().empty() || absl::c_linear_search(request.states(), each.state());
      if (stands_so && from <= on && on < to) chosen.push_back(&each);
    }
    KLYNGE_ASSIGN_OR_RETURN(const int64_t revision, RevisionIn(session));
    response->set_revision(revision);
    return Page(
        chosen, request, response,
        [](const v1::Reorganisation& each) { return each.reorganisation_id(); },
        [&](const v1::Reorganisation& each) { *response->add_reorganisations() = each; });
  });
}

}  // namespace klynge::organisation
