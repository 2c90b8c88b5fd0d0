#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/brief.h"
#include "services/courses/courses_service.h"
#include "services/courses/status.h"
#include "services/courses/status_markdown.h"
#include "services/platform/rpc/validation.h"

namespace klynge::courses {
namespace {

v1::Part OwnPart() {
  v1::Part part;
  part.set_source("courses");
  part.set_state(v1::PART_STATE_AVAILABLE);
  return part;
}

// How fresh a report is to be.
template <class Request>
Freshness FreshnessOf(const Request& request) {
  return {request.min_organisation_revision(), request.min_goals_revision(),
          request.min_observations_revision()};
}

v1::Part OrganisationPart(const absl::Status& status) {
  v1::Part part;
  part.set_source("organisation");
  part.set_state(status.ok() ? v1::PART_STATE_AVAILABLE : v1::PART_STATE_MISSING);
  if (!status.ok()) {
    part.set_reason(std::string(status.message()));
  }
  return part;
}

}  // namespace

absl::Status CoursesService::Status(const rpc::Call& call,
                                    const v1::GetProgrammeStatusRequest& request,
                                    v1::GetProgrammeStatusResponse* response) {
  Violations violations;
  RequireId(violations, "programme_id", request.programme_id());
  const Date as_of = DateOr(violations, "as_of", request.as_of(), Today(clock_));
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  KLYNGE_ASSIGN_OR_RETURN(const auto held, courses_.AtLeast(request.min_revision(), call.deadline));
  KLYNGE_ASSIGN_OR_RETURN(const ProgrammeRecord* record,
                          RequireProgramme(*held.model, request.programme_id()));
  const Wording say(request.language());
  const auto& areas = record->programme.area_ids();
  StatusAnswers answers = peers_.AskForStatus(
      {call, {areas.begin(), areas.end()}, FormatDate(as_of), say, FreshnessOf(request)});
  const auto tree = trees_.AtLeast(call, request.min_organisation_revision());

  v1::ProgrammeStatus& status = *response->mutable_status();
  status = MakeStatus(*record, tree.ok() ? tree->get() : nullptr, as_of, say);
  if (answers.goals) *status.mutable_goals() = *std::move(answers.goals);
  for (auto& row : answers.quality) *status.add_quality() = std::move(row);
  *status.add_parts() = OwnPart();
  *status.add_parts() = OrganisationPart(tree.status());
  for (auto& part : answers.parts) *status.add_parts() = std::move(part);
  response->set_markdown(StatusMarkdown(status, say));
  response->set_revision(held.revision);
  return absl::OkStatus();
}

absl::Status CoursesService::Brief(const rpc::Call& call,
                                   const v1::GetLearningConversationBriefRequest& request,
                                   v1::GetLearningConversationBriefResponse* response) {
  Violations violations;
  RequireId(violations, "cluster_id", request.cluster_id());
  const Date as_of = DateOr(violations, "as_of", request.as_of(), Today(clock_));
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  KLYNGE_ASSIGN_OR_RETURN(const auto held, courses_.AtLeast(request.min_revision(), call.deadline));
  const std::string day = FormatDate(as_of);
  const ProgrammeRecord* record = ProgrammeOf(*held.model, request.cluster_id(), day);
  if (!request.programme_id().empty()) {
    KLYNGE_ASSIGN_OR_RETURN(record, RequireProgramme(*held.model, request.programme_id()));
  }
  const Wording say(request.language());
  BriefAnswers answers =
      peers_.AskForBrief({call, {request.cluster_id()}, day, say, FreshnessOf(request)});
  KLYNGE_RETURN_IF_ERROR(answers.cluster);

  v1::LearningConversationBrief& brief = *response->mutable_brief();
  brief.set_cluster_id(request.cluster_id());
  brief.set_as_of(day);
  if (answers.team) *brief.mutable_team() = *std::move(answers.team);
  if (answers.goals) *brief.mutable_goals() = *std::move(answers.goals);
  for (auto& row : answers.observations) *brief.add_observations() = std::move(row);
  if (record != nullptr) {
    *brief.mutable_participation() = Participation(*record, request.cluster_id(), day);
  }
  for (auto& part : answers.parts) *brief.add_parts() = std::move(part);
  *brief.add_parts() = OwnPart();
  response->set_markdown(BriefMarkdown(brief, say));
  response->set_revision(held.revision);
  return absl::OkStatus();
}

}  // namespace klynge::courses
