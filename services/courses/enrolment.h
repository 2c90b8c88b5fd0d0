// Who may be enrolled: whole leadership teams of the programme's areas, each once, never beyond the
// places there are. Pure.
#pragma once

#include <set>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/courses/programme_record.h"
#include "services/organisation/client/tree.h"

namespace klynge::courses {

// The kind of unit that is counted as a cluster of an area.
inline constexpr char kCluster[] = "cluster";
// The kind that is counted as a network of self-owned institutions.
inline constexpr char kSelfOwnedNetwork[] = "self_owned_network";

// True from the day the team was read until the day it left, on ISO dates.
bool TakesPartOn(const v1::Enrolment& enrolment, absl::string_view day);

// Leaders of the programme's enrolments that `counts` lets through, each once, also when a leader
// is in two of them because clusters were merged or the team was read anew.
int CountLeaders(const ProgrammeRecord& record,
                 absl::FunctionRef<bool(const v1::Enrolment& enrolment)> counts);

// Places that are taken: by every leader who takes part on `day` or will later. Enrolments after
// `day` are counted too, so a programme that is not full on `day` is never full before the last
// enrolment in it.
v1::Places PlacesFrom(const ProgrammeRecord& record, absl::string_view day);

// The same by the teams that have not left.
v1::Places PlacesOf(const ProgrammeRecord& record);

// The whole team of `cluster_id` as it is on `day`, as an enrolment that is not stored yet. Errors:
// kNotFound CLUSTER_NOT_FOUND; kFailedPrecondition NOT_A_TEAM, OUTSIDE_AREAS or TEAM_EMPTY.
absl::StatusOr<v1::Enrolment> ReadTeam(const v1::Programme& programme,
                                       const organisation::Tree& tree, absl::string_view cluster_id,
                                       Date day);

// OK when `enrolment` can be added to what is enrolled. Errors: kAlreadyExists ALREADY_ENROLLED
// (the team, or one of its leaders with another team); kFailedPrecondition CAPACITY_EXCEEDED, with
// the counts.
absl::Status CheckEnrolment(const ProgrammeRecord& record, const v1::Enrolment& enrolment);

// An enrolled team read anew.
struct RefreshedTeam {
  // The stay so far, ended on the day the new one begins.
  v1::Enrolment ended;
  v1::Enrolment current;
  std::vector<std::string> joined;  // person ids
  std::vector<std::string> left;
  // Seminar sessions of the team from the day on, with the leaders they expect now.
  std::vector<v1::Session> sessions;
};

// `fresh` (from ReadTeam) in the place of the team's active enrolment `active`. Errors: as
// CheckEnrolment.
absl::StatusOr<RefreshedTeam> Replace(const ProgrammeRecord& record, const v1::Enrolment& active,
                                      const v1::Enrolment& fresh);

// The active enrolment of a team, or null.
const v1::Enrolment* FindActive(const ProgrammeRecord& record, absl::string_view cluster_id);

// The enrolment of a team that takes part on an ISO day, or null.
const v1::Enrolment* FindOn(const ProgrammeRecord& record, absl::string_view cluster_id,
                            absl::string_view day);

}  // namespace klynge::courses
