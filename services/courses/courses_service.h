// The RPCs of klynge.courses.v1.CoursesService: checks what comes in, asks the rules, and lets the
// store write what they accepted. Reads answer from the model in memory; writes decide inside the
// write transaction on the model as it is there, so that capacity holds whoever enrols at once, on
// any replica.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "klynge/courses/v1/courses_service.grpc.pb.h"
#include "services/courses/courses_store.h"
#include "services/courses/peers.h"
#include "services/organisation/client/tree_source.h"
#include "services/platform/clock.h"
#include "services/platform/rpc/dispatcher.h"
#include "services/platform/sql/database.h"

namespace klynge::courses {

class CoursesService final : public v1::CoursesService::CallbackService {
 public:
  // Everything must outlive the service.
  CoursesService(rpc::Runtime& runtime, sql::Database& database, Courses& courses,
                 organisation::TreeSource& trees, Peers& peers, const Clock& clock)
      : dispatcher_(runtime, "klynge.courses.v1.CoursesService"),
        database_(database),
        courses_(courses),
        trees_(trees),
        peers_(peers),
        clock_(clock) {}

  using Context = grpc::CallbackServerContext;
  using Unary = grpc::ServerUnaryReactor;

  Unary* CreateProgramme(Context* context, const v1::CreateProgrammeRequest* request,
                         v1::CreateProgrammeResponse* response) override;
  Unary* GetProgramme(Context* context, const v1::GetProgrammeRequest* request,
                      v1::GetProgrammeResponse* response) override;
  Unary* ListProgrammes(Context* context, const v1::ListProgrammesRequest* request,
                        v1::ListProgrammesResponse* response) override;
  Unary* UpdateProgramme(Context* context, const v1::UpdateProgrammeRequest* request,
                         v1::UpdateProgrammeResponse* response) override;
  grpc::ServerReadReactor<v1::ImportResourcesRequest>* ImportResources(
      Context* context, v1::ImportResourcesResponse* response) override;
  Unary* ListResources(Context* context, const v1::ListResourcesRequest* request,
                       v1::ListResourcesResponse* response) override;
  Unary* EnrolTeam(Context* context, const v1::EnrolTeamRequest* request,
                   v1::EnrolTeamResponse* response) override;
  Unary* RefreshTeam(Context* context, const v1::RefreshTeamRequest* request,
                     v1::RefreshTeamResponse* response) override;
  Unary* WithdrawTeam(Context* context, const v1::WithdrawTeamRequest* request,
                      v1::WithdrawTeamResponse* response) override;
  Unary* ListEnrolments(Context* context, const v1::ListEnrolmentsRequest* request,
                        v1::ListEnrolmentsResponse* response) override;
  grpc::ServerWriteReactor<v1::PlanTimetableResponse>* PlanTimetable(
      Context* context, const v1::PlanTimetableRequest* request) override;
  Unary* ScheduleSession(Context* context, const v1::ScheduleSessionRequest* request,
                         v1::ScheduleSessionResponse* response) override;
  Unary* GetTimetable(Context* context, const v1::GetTimetableRequest* request,
                      v1::GetTimetableResponse* response) override;
  Unary* ExplainTimetable(Context* context, const v1::ExplainTimetableRequest* request,
                          v1::ExplainTimetableResponse* response) override;
  grpc::ServerReadReactor<v1::RecordAttendanceRequest>* RecordAttendance(
      Context* context, v1::RecordAttendanceResponse* response) override;
  Unary* RecordLearningConversation(Context* context,
                                    const v1::RecordLearningConversationRequest* request,
                                    v1::RecordLearningConversationResponse* response) override;
  Unary* ListUnitUses(Context* context, const v1::ListUnitUsesRequest* request,
                      v1::ListUnitUsesResponse* response) override;
  Unary* GetProgrammeStatus(Context* context, const v1::GetProgrammeStatusRequest* request,
                            v1::GetProgrammeStatusResponse* response) override;
  Unary* GetLearningConversationBrief(Context* context,
                                      const v1::GetLearningConversationBriefRequest* request,
                                      v1::GetLearningConversationBriefResponse* response) override;

 private:
  // A read: `handler` gets the model at the revision asked for, at once when it is at hand.
  template <class Request, class Response, class Handler>
  Unary* Answer(const char* rpc, Context* context, const Request* request, Response* response,
                Handler handler);

  absl::Status Create(const rpc::Call& call, const v1::CreateProgrammeRequest& request,
                      v1::CreateProgrammeResponse* response);
  absl::Status Update(const rpc::Call& call, const v1::UpdateProgrammeRequest& request,
                      v1::UpdateProgrammeResponse* response);
  absl::Status Import(const rpc::Call& call, const std::vector<v1::ImportResourcesRequest>& rows,
                      v1::ImportResourcesResponse* response);
  absl::Status Enrol(const rpc::Call& call, const v1::EnrolTeamRequest& request,
                     v1::EnrolTeamResponse* response);
  absl::Status Refresh(const rpc::Call& call, const v1::RefreshTeamRequest& request,
                       v1::RefreshTeamResponse* response);
  absl::Status Withdraw(const rpc::Call& call, const v1::WithdrawTeamRequest& request,
                        v1::WithdrawTeamResponse* response);
  absl::Status Plan(const rpc::Call& call, const v1::PlanTimetableRequest& request,
                    rpc::ResponseStream<v1::PlanTimetableResponse>& stream);
  // True when this request has stored a plan before, which is then in `planned`.
  absl::StatusOr<bool> PlannedBefore(const rpc::Call& call, const v1::PlanTimetableRequest& request,
                                     v1::PlannedTimetable* planned);
  // Stores `planned` unless what it was made from has changed; fills in its revision.
  absl::Status StorePlan(const rpc::Call& call, const v1::PlanTimetableRequest& request,
                         const CoursesModel& planned_from, v1::PlannedTimetable* planned);
  absl::Status Schedule(const rpc::Call& call, const v1::ScheduleSessionRequest& request,
                        v1::ScheduleSessionResponse* response);
  absl::Status Explain(const rpc::Call& call, const v1::ExplainTimetableRequest& request,
                       v1::ExplainTimetableResponse* response);
  absl::Status Record(const rpc::Call& call, const std::vector<v1::RecordAttendanceRequest>& rows,
                      v1::RecordAttendanceResponse* response);
  absl::Status RecordConversation(const rpc::Call& call,
                                  const v1::RecordLearningConversationRequest& request,
                                  v1::RecordLearningConversationResponse* response);
  absl::Status Status(const rpc::Call& call, const v1::GetProgrammeStatusRequest& request,
                      v1::GetProgrammeStatusResponse* response);
  absl::Status Brief(const rpc::Call& call, const v1::GetLearningConversationBriefRequest& request,
                     v1::GetLearningConversationBriefResponse* response);

  // Adds a violation for each area that the organisation never had. Errors: none can be asked.
  absl::Status CheckAreas(const rpc::Call& call, const v1::Programme& programme,
                          Violations& violations);

  rpc::Dispatcher dispatcher_;
  sql::Database& database_;
  Courses& courses_;
  organisation::TreeSource& trees_;
  Peers& peers_;
  const Clock& clock_;
  // Planning takes a processor for seconds: one at a time.
  std::mutex planning_;
};

// The programme, or kNotFound PROGRAMME_NOT_FOUND.
absl::StatusOr<const ProgrammeRecord*> RequireProgramme(const CoursesModel& model,
                                                        const std::string& programme_id);

// Adds to the audit log what a message is now.
absl::Status Audit(sql::WriteTransaction& transaction, const std::string& kind,
                   const std::string& id, const std::string& action,
                   const google::protobuf::Message& after);

template <class Request, class Response, class Handler>
grpc::ServerUnaryReactor* CoursesService::Answer(const char* rpc, Context* context,
                                                 const Request* request, Response* response,
                                                 Handler handler) {
  auto fresh = courses_.IfFresh(request->min_revision());
  if (fresh.model) {
    return dispatcher_.Inline(
        rpc, context, request, response,
        [fresh, handler](const rpc::Call&, const Request& asked, Response* answer) {
          answer->set_revision(fresh.revision);
          return handler(fresh, asked, answer);
        });
  }
  return dispatcher_.Unary(rpc, context, request, response,
                           [this, handler](const rpc::Call& call, const Request& asked,
                                           Response* answer) -> absl::Status {
                             KLYNGE_ASSIGN_OR_RETURN(
                                 auto held, courses_.AtLeast(asked.min_revision(), call.deadline));
                             answer->set_revision(held.revision);
                             return handler(held, asked, answer);
                           });
}

}  // namespace klynge::courses
