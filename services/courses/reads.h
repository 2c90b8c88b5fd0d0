// The reads that are answered from the model alone. Each fills the response at the model it is
// given; the caller has set the revision.
#pragma once

#include "klynge/courses/v1/courses_service.pb.h"
#include "services/courses/courses_store.h"

namespace klynge::courses {

// Errors of all: kNotFound PROGRAMME_NOT_FOUND; kInvalidArgument for bad filters and page tokens.
absl::Status ReadProgramme(const Courses::Versioned& held, const v1::GetProgrammeRequest& request,
                           v1::GetProgrammeResponse* response);
absl::Status ReadProgrammes(const Courses::Versioned& held,
                            const v1::ListProgrammesRequest& request,
                            v1::ListProgrammesResponse* response);
absl::Status ReadResources(const Courses::Versioned& held, const v1::ListResourcesRequest& request,
                           v1::ListResourcesResponse* response);
absl::Status ReadEnrolments(const Courses::Versioned& held,
                            const v1::ListEnrolmentsRequest& request,
                            v1::ListEnrolmentsResponse* response);
absl::Status ReadTimetable(const Courses::Versioned& held, const v1::GetTimetableRequest& request,
                           v1::GetTimetableResponse* response);
// `today` is the day that is meant when none is asked for.
absl::Status ReadUnitUses(const Courses::Versioned& held, Date today,
                          const v1::ListUnitUsesRequest& request,
                          v1::ListUnitUsesResponse* response);

}  // namespace klynge::courses
