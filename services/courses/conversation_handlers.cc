#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/courses_service.h"
#include "services/courses/enrolment.h"
#include "services/courses/programme.h"
#include "services/platform/rpc/validation.h"
#include "services/platform/sql/idempotent_write.h"

namespace klynge::courses {
namespace {

constexpr size_t kMaxSteps = 4000;

void CheckConversationFields(const v1::LearningConversation& conversation, Date today,
                             Violations& violations) {
  RequireId(violations, "conversation.programme_id", conversation.programme_id());
  RequireId(violations, "conversation.cluster_id", conversation.cluster_id());
  if (conversation.held_on().empty()) violations.Add("conversation.held_on", "is required");
  if (DateOr(violations, "conversation.held_on", conversation.held_on(), today) > today) {
    violations.Add(
        "conversation.held_on",
        absl::StrCat(conversation.held_on(), " is yet to come; record it when it is held"));
  }
  for (int i = 0; i < conversation.participant_roles_size(); ++i) {
    RequireId(violations, absl::StrCat("conversation.participant_roles[", i, "]"),
              conversation.participant_roles(i));
  }
  if (conversation.agreed_steps().size() > kMaxSteps) {
    violations.Add("conversation.agreed_steps",
                   absl::StrCat("is longer than ", kMaxSteps, " bytes"));
  }
}

// What only the programme can tell: its period, the planned number, the order of the conversations.
void CheckAgainstProgramme(const ProgrammeRecord& record, const v1::LearningConversation& asked,
                           Violations& violations) {
  const auto& programme = record.programme;
  const int planned = ConversationsPerTeam(programme);
  if (asked.number() < 1 || asked.number() > planned) {
    violations.Add("conversation.number",
                   absl::StrCat(asked.number(), " is not between 1 and the ", planned, " planned"));
  }
  if (asked.held_on() < programme.first_day() || programme.last_day() < asked.held_on()) {
    violations.Add("conversation.held_on",
                   absl::StrCat(asked.held_on(), " is not within the programme (",
                                programme.first_day(), " to ", programme.last_day(), ")"));
  }
  for (const auto& other : record.conversations) {
    if (other.cluster_id() != asked.cluster_id()) continue;
    const bool before = other.number() < asked.number() && other.held_on() > asked.held_on();
    const bool after = other.number() > asked.number() && other.held_on() < asked.held_on();
    if (before || after) {
      violations.Add("conversation.held_on",
                     absl::StrCat(asked.held_on(), " is out of order: number ", other.number(),
                                  " was held on ", other.held_on()));
    }
  }
}

}  // namespace

absl::Status CoursesService::RecordConversation(
    const rpc::Call& call, const v1::RecordLearningConversationRequest& request,
    v1::RecordLearningConversationResponse* response) {
  const v1::LearningConversation& asked = request.conversation();
  Violations fields;
  CheckConversationFields(asked, Today(clock_), fields);
  KLYNGE_RETURN_IF_ERROR(fields.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(auto model, courses_.InWrite(transaction));
        KLYNGE_ASSIGN_OR_RETURN(const ProgrammeRecord* record,
                                RequireProgramme(*model, asked.programme_id()));
        Violations violations;
        CheckAgainstProgramme(*record, asked, violations);
        KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
        if (FindOn(*record, asked.cluster_id(), asked.held_on()) == nullptr) {
          return FailedPrecondition(v1::ERROR_REASON_NOT_ENROLLED,
                                    absl::StrCat("the team of \"", asked.cluster_id(),
                                                 "\" is not enrolled on ", asked.held_on()),
                                    {{"cluster_id", asked.cluster_id()}});
        }
        KLYNGE_RETURN_IF_ERROR(StoreConversation(transaction, asked));
        *response->mutable_conversation() = asked;
        return Audit(
            transaction, "learning_conversation",
            absl::StrCat(asked.programme_id(), "/", asked.cluster_id(), "/", asked.number()),
            "record", asked);
      });
}

}  // namespace klynge::courses
