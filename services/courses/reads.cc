#include "services/courses/reads.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/courses_service.h"
#include "services/courses/enrolment.h"
#include "services/courses/planning.h"
#include "services/courses/session_days.h"
#include "services/courses/unit_uses.h"
#include "services/platform/rpc/page_token.h"

namespace klynge::courses {
namespace {

bool Attends(const v1::Session& session, const std::string& cluster_id) {
  const auto& teams = session.cluster_ids();
  return std::find(teams.begin(), teams.end(), cluster_id) != teams.end();
}

bool IsMonth(const std::string& month) { return ParseDate(month + "-01").has_value(); }

}  // namespace

absl::Status ReadProgramme(const Courses::Versioned& held, const v1::GetProgrammeRequest& request,
                           v1::GetProgrammeResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(const ProgrammeRecord* record,
                          RequireProgramme(*held.model, request.programme_id()));
  *response->mutable_programme() = record->programme;
  return absl::OkStatus();
}

absl::Status ReadProgrammes(const Courses::Versioned& held,
                            const v1::ListProgrammesRequest& request,
                            v1::ListProgrammesResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(const int page_size, rpc::PageSize(request.page_size()));
  KLYNGE_ASSIGN_OR_RETURN(const std::string after, rpc::PagePosition(request));
  const auto& all = held.model->programmes;
  for (auto next = all.upper_bound(after); next != all.end(); ++next) {
    const v1::Programme& programme = next->second->programme;
    const auto& areas = programme.area_ids();
    if (!request.area_id().empty() &&
        std::find(areas.begin(), areas.end(), request.area_id()) == areas.end()) {
      continue;
    }
    if (response->programmes_size() == page_size) {
      response->set_next_page_token(
          rpc::MakePageToken(request, response->programmes(page_size - 1).programme_id()));
      break;
    }
    *response->add_programmes() = programme;
  }
  return absl::OkStatus();
}

absl::Status ReadResources(const Courses::Versioned& held, const v1::ListResourcesRequest&,
                           v1::ListResourcesResponse* response) {
  for (const auto& [id, venue] : held.model->venues) *response->add_venues() = venue;
  for (const auto& [id, lecturer] : held.model->lecturers) *response->add_lecturers() = lecturer;
  return absl::OkStatus();
}

absl::Status ReadEnrolments(const Courses::Versioned& held,
                            const v1::ListEnrolmentsRequest& request,
                            v1::ListEnrolmentsResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(const ProgrammeRecord* record,
                          RequireProgramme(*held.model, request.programme_id()));
  KLYNGE_ASSIGN_OR_RETURN(const int page_size, rpc::PageSize(request.page_size()));
  KLYNGE_ASSIGN_OR_RETURN(const std::string after, rpc::PagePosition(request));
  *response->mutable_places() = PlacesOf(*record);
  std::string last;
  for (const auto& enrolment : record->enrolments) {
    // A space sorts before everything an id may contain, so this is the order of the record.
    const std::string key = absl::StrCat(enrolment.cluster_id(), " ", enrolment.team_as_of());
    if (key <= after) continue;
    if (!request.area_id().empty() && enrolment.area_id() != request.area_id()) continue;
    if (!request.include_withdrawn() && enrolment.state() != v1::ENROLMENT_STATE_ACTIVE) continue;
    if (response->enrolments_size() == page_size) {
      response->set_next_page_token(rpc::MakePageToken(request, last));
      break;
    }
    last = key;
    *response->add_enrolments() = enrolment;
  }
  return absl::OkStatus();
}

absl::Status ReadTimetable(const Courses::Versioned& held, const v1::GetTimetableRequest& request,
                           v1::GetTimetableResponse* response) {
  Violations violations;
  if (!request.month().empty() && !IsMonth(request.month())) {
    violations.Add("month",
                   absl::StrCat("\"", request.month(), "\" is no month; write \"2021-11\""));
  }
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  KLYNGE_ASSIGN_OR_RETURN(const ProgrammeRecord* record,
                          RequireProgramme(*held.model, request.programme_id()));
  auto& timetable = *response->mutable_timetable();
  timetable.set_programme_id(request.programme_id());
  for (const auto& session : record->sessions) {
    if (!request.cluster_id().empty() && !Attends(session, request.cluster_id())) continue;
    const std::string& month = request.month();
    if (!month.empty() &&
        (session.date().substr(0, 7) > month || LastDate(session).substr(0, 7) < month)) {
      continue;
    }
    *timetable.add_sessions() = session;
  }
  for (std::string& team : UnplacedTeams(*record)) {
    if (request.cluster_id().empty() || team == request.cluster_id()) {
      timetable.add_unplaced_cluster_ids(std::move(team));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadUnitUses(const Courses::Versioned& held, Date today,
                          const v1::ListUnitUsesRequest& request,
                          v1::ListUnitUsesResponse* response) {
  const auto find = [&held](const rpc::UnitsAsked& asked) { return UsesOf(asked, *held.model); };
  return rpc::AnswerUnitUses(request, today, find, response);
}

}  // namespace klynge::courses
