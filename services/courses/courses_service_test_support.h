// A replica of the courses service behind a real server, on a database of the test's own. Only for
// tests.
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "klynge/migrations/courses.h"
#include "services/courses/courses_service.h"
#include "services/courses/courses_test_support.h"
#include "services/platform/rpc/client/peer.h"
#include "tests/support/engines.h"
#include "tests/support/service_host.h"
#include "tests/support/status_matchers.h"

namespace klynge::courses::testing {

// Where nobody answers.
inline std::shared_ptr<grpc::Channel> Nowhere() {
  return grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials());
}

struct PeerChannels {
  std::shared_ptr<grpc::Channel> organisation = Nowhere();
  std::shared_ptr<grpc::Channel> goals = Nowhere();
  std::shared_ptr<grpc::Channel> observations = Nowhere();
};

class Replica {
 public:
  // `confirmed`: what the organisation service says of the tree.
  Replica(std::unique_ptr<sql::Database> database, std::shared_ptr<const organisation::Tree> tree,
          const Clock& clock, const PeerChannels& channels = {},
          absl::Status confirmed = absl::OkStatus())
      : database_(std::move(database)),
        courses_(*database_, LoadCourses),
        trees_(std::move(tree), std::move(confirmed)),
        organisation_("organisation", channels.organisation),
        goals_("goals", channels.goals),
        observations_("observations", channels.observations),
        service_(runtime_.runtime(), *database_, courses_, trees_, peers_, clock),
        host_(runtime_, "courses", {&service_}),
        stub_(v1::CoursesService::NewStub(host_.channel())) {
    database_->OnCommit([this](int64_t revision) { courses_.NotifyRevision(revision); });
  }

  v1::CoursesService::Stub& stub() { return *stub_; }
  std::shared_ptr<grpc::Channel> channel() const { return host_.channel(); }
  Courses& courses() { return courses_; }

  // One unary call: Call(&Stub::EnrolTeam, request, &response).
  template <class Request, class Response>
  grpc::Status Call(grpc::Status (v1::CoursesService::Stub::*method)(grpc::ClientContext*,
                                                                     const Request&, Response*),
                    const Request& request, Response* response,
                    absl::Duration patience = absl::Seconds(60)) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
    return (stub_.get()->*method)(&context, request, response);
  }

 private:
  klynge::testing::TestRuntime runtime_;
  std::unique_ptr<sql::Database> database_;
  Courses courses_;
  organisation::FixedTreeSource trees_;
  rpc::Peer organisation_, goals_, observations_;
  Peers peers_{organisation_, goals_, observations_};
  CoursesService service_;
  klynge::testing::ServiceHost host_;
  std::unique_ptr<v1::CoursesService::Stub> stub_;
};

// Shorthands for the calls that most tests begin with.
class Client {
 public:
  using Stub = v1::CoursesService::Stub;
  explicit Client(Replica& replica) : replica_(replica) {}

  grpc::Status Create(const v1::Programme& programme) {
    v1::CreateProgrammeRequest request;
    *request.mutable_programme() = programme;
    v1::CreateProgrammeResponse response;
    return replica_.Call(&Stub::CreateProgramme, request, &response);
  }

  grpc::Status Enrol(const std::string& cluster, v1::EnrolTeamResponse* response,
                     const std::string& request_id = "", bool validate_only = false) {
    v1::EnrolTeamRequest request;
    request.set_programme_id("uddannelse");
    request.set_cluster_id(cluster);
    request.set_as_of("2021-09-01");
    request.set_request_id(request_id);
    request.set_validate_only(validate_only);
    return replica_.Call(&Stub::EnrolTeam, request, response);
  }
  grpc::Status Enrol(const std::string& cluster) {
    v1::EnrolTeamResponse response;
    return Enrol(cluster, &response);
  }

  v1::ListEnrolmentsResponse Enrolments(bool include_withdrawn = false) {
    v1::ListEnrolmentsRequest request;
    request.set_programme_id("uddannelse");
    request.set_include_withdrawn(include_withdrawn);
    v1::ListEnrolmentsResponse response;
    EXPECT_THAT(replica_.Call(&Stub::ListEnrolments, request, &response), klynge::testing::IsOk());
    return response;
  }

  // Two venues and two lecturers, enough for every test.
  v1::ImportResourcesResponse ImportResources() {
    std::vector<v1::ImportResourcesRequest> rows(4);
    *rows[0].mutable_venue() = Venue("sal-1", 30);
    *rows[1].mutable_venue() = Venue("sal-2", 30);
    *rows[2].mutable_lecturer() = Lecturer("u-1");
    *rows[3].mutable_lecturer() = Lecturer("u-2");
    return Import(rows);
  }

  v1::ImportResourcesResponse Import(const std::vector<v1::ImportResourcesRequest>& rows) {
    grpc::ClientContext context;
    v1::ImportResourcesResponse response;
    auto writer = replica_.stub().ImportResources(&context, &response);
    for (const auto& row : rows) writer->Write(row);
    writer->WritesDone();
    EXPECT_THAT(writer->Finish(), klynge::testing::IsOk());
    return response;
  }

  grpc::Status Plan(const v1::PlanTimetableRequest& request, v1::PlannedTimetable* planned) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(60)));
    auto reader = replica_.stub().PlanTimetable(&context, request);
    v1::PlanTimetableResponse message;
    while (reader->Read(&message)) {
      if (message.has_planned()) *planned = message.planned();
    }
    return reader->Finish();
  }

  v1::Timetable Timetable(const std::string& cluster = "") {
    v1::GetTimetableRequest request;
    request.set_programme_id("uddannelse");
    request.set_cluster_id(cluster);
    v1::GetTimetableResponse response;
    EXPECT_THAT(replica_.Call(&Stub::GetTimetable, request, &response), klynge::testing::IsOk());
    return response.timetable();
  }

  v1::RecordAttendanceResponse Record(const std::vector<v1::RecordAttendanceRequest>& rows) {
    grpc::ClientContext context;
    v1::RecordAttendanceResponse response;
    auto writer = replica_.stub().RecordAttendance(&context, &response);
    for (const auto& row : rows) writer->Write(row);
    writer->WritesDone();
    EXPECT_THAT(writer->Finish(), klynge::testing::IsOk());
    return response;
  }

 private:
  Replica& replica_;
};

}  // namespace klynge::courses::testing
