#include "services/courses/courses_service.h"

#include "absl/functional/bind_front.h"
#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/collected_stream.h"
#include "services/courses/reads.h"
#include "services/platform/rpc/validation.h"
#include "services/platform/sql/json.h"

namespace klynge::courses {

absl::StatusOr<const ProgrammeRecord*> RequireProgramme(const CoursesModel& model,
                                                        const std::string& programme_id) {
  if (const ProgrammeRecord* record = model.Find(programme_id)) return record;
  if (programme_id.empty()) return FieldMissing("programme_id");
  return NotFound(v1::ERROR_REASON_PROGRAMME_NOT_FOUND,
                  absl::StrCat("there is no programme \"", programme_id,
                               "\"; ListProgrammes shows those there are"),
                  {{"programme_id", programme_id}});
}

absl::Status Audit(sql::WriteTransaction& transaction, const std::string& kind,
                   const std::string& id, const std::string& action,
                   const google::protobuf::Message& after) {
  KLYNGE_ASSIGN_OR_RETURN(std::string json, sql::ToJson(after));
  transaction.Audit({kind, id, action, std::move(json)});
  return absl::OkStatus();
}

// Reads.

grpc::ServerUnaryReactor* CoursesService::GetProgramme(Context* context,
                                                       const v1::GetProgrammeRequest* request,
                                                       v1::GetProgrammeResponse* response) {
  return Answer(__func__, context, request, response, &ReadProgramme);
}

grpc::ServerUnaryReactor* CoursesService::ListProgrammes(Context* context,
                                                         const v1::ListProgrammesRequest* request,
                                                         v1::ListProgrammesResponse* response) {
  return Answer(__func__, context, request, response, &ReadProgrammes);
}

grpc::ServerUnaryReactor* CoursesService::ListResources(Context* context,
                                                        const v1::ListResourcesRequest* request,
                                                        v1::ListResourcesResponse* response) {
  return Answer(__func__, context, request, response, &ReadResources);
}

grpc::ServerUnaryReactor* CoursesService::ListEnrolments(Context* context,
                                                         const v1::ListEnrolmentsRequest* request,
                                                         v1::ListEnrolmentsResponse* response) {
  return Answer(__func__, context, request, response, &ReadEnrolments);
}

grpc::ServerUnaryReactor* CoursesService::GetTimetable(Context* context,
                                                       const v1::GetTimetableRequest* request,
                                                       v1::GetTimetableResponse* response) {
  return Answer(__func__, context, request, response, &ReadTimetable);
}

grpc::ServerUnaryReactor* CoursesService::ListUnitUses(Context* context,
                                                       const v1::ListUnitUsesRequest* request,
                                                       v1::ListUnitUsesResponse* response) {
  const auto find = [this](const Courses::Versioned& held, const v1::ListUnitUsesRequest& asked,
                           v1::ListUnitUsesResponse* answer) {
    return ReadUnitUses(held, Today(clock_), asked, answer);
  };
  return Answer(__func__, context, request, response, find);
}

// Writes and reports, which may block.

grpc::ServerUnaryReactor* CoursesService::CreateProgramme(Context* context,
                                                          const v1::CreateProgrammeRequest* request,
                                                          v1::CreateProgrammeResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&CoursesService::Create, this));
}

grpc::ServerUnaryReactor* CoursesService::UpdateProgramme(Context* context,
                                                          const v1::UpdateProgrammeRequest* request,
                                                          v1::UpdateProgrammeResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&CoursesService::Update, this));
}

grpc::ServerReadReactor<v1::ImportResourcesRequest>* CoursesService::ImportResources(
    Context* context, v1::ImportResourcesResponse* response) {
  using Stream = CollectedStream<v1::ImportResourcesRequest, v1::ImportResourcesResponse>;
  return dispatcher_.ClientStream<v1::ImportResourcesRequest, v1::ImportResourcesResponse>(
      __func__, context, response,
      std::make_unique<Stream>(absl::bind_front(&CoursesService::Import, this)));
}

grpc::ServerUnaryReactor* CoursesService::EnrolTeam(Context* context,
                                                    const v1::EnrolTeamRequest* request,
                                                    v1::EnrolTeamResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&CoursesService::Enrol, this));
}

grpc::ServerUnaryReactor* CoursesService::RefreshTeam(Context* context,
                                                      const v1::RefreshTeamRequest* request,
                                                      v1::RefreshTeamResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&CoursesService::Refresh, this));
}

grpc::ServerUnaryReactor* CoursesService::WithdrawTeam(Context* context,
                                                       const v1::WithdrawTeamRequest* request,
                                                       v1::WithdrawTeamResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&CoursesService::Withdraw, this));
}

grpc::ServerWriteReactor<v1::PlanTimetableResponse>* CoursesService::PlanTimetable(
    Context* context, const v1::PlanTimetableRequest* request) {
  using Stream = std::shared_ptr<rpc::ResponseStream<v1::PlanTimetableResponse>>;
  return dispatcher_.ServerStream<v1::PlanTimetableRequest, v1::PlanTimetableResponse>(
      __func__, context, request,
      [this](const rpc::Call& call, const v1::PlanTimetableRequest& asked, const Stream& stream) {
        stream->Finish(Plan(call, asked, *stream));
      });
}

grpc::ServerUnaryReactor* CoursesService::ExplainTimetable(
    Context* context, const v1::ExplainTimetableRequest* request,
    v1::ExplainTimetableResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&CoursesService::Explain, this));
}

grpc::ServerUnaryReactor* CoursesService::ScheduleSession(Context* context,
                                                          const v1::ScheduleSessionRequest* request,
                                                          v1::ScheduleSessionResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&CoursesService::Schedule, this));
}

grpc::ServerReadReactor<v1::RecordAttendanceRequest>* CoursesService::RecordAttendance(
    Context* context, v1::RecordAttendanceResponse* response) {
  using Stream = CollectedStream<v1::RecordAttendanceRequest, v1::RecordAttendanceResponse>;
  return dispatcher_.ClientStream<v1::RecordAttendanceRequest, v1::RecordAttendanceResponse>(
      __func__, context, response,
      std::make_unique<Stream>(absl::bind_front(&CoursesService::Record, this)));
}

grpc::ServerUnaryReactor* CoursesService::RecordLearningConversation(
    Context* context, const v1::RecordLearningConversationRequest* request,
    v1::RecordLearningConversationResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&CoursesService::RecordConversation, this));
}

grpc::ServerUnaryReactor* CoursesService::GetProgrammeStatus(
    Context* context, const v1::GetProgrammeStatusRequest* request,
    v1::GetProgrammeStatusResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&CoursesService::Status, this));
}

grpc::ServerUnaryReactor* CoursesService::GetLearningConversationBrief(
    Context* context, const v1::GetLearningConversationBriefRequest* request,
    v1::GetLearningConversationBriefResponse* response) {
  return dispatcher_.Unary(__func__, context, request, response,
                           absl::bind_front(&CoursesService::Brief, this));
}

}  // namespace klynge::courses
