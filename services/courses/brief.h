// What the courses service itself knows for a learning conversation, and the whole brief as a
// document. Pure.
#pragma once

#include <string>

#include "klynge/courses/v1/brief.pb.h"
#include "services/courses/programme_record.h"
#include "services/courses/wording.h"

namespace klynge::courses {

// The team's part in the programme of `record` until an ISO day.
v1::BriefParticipation Participation(const ProgrammeRecord& record, const std::string& cluster_id,
                                     const std::string& as_of);

// The programme to tell of: of those the team is or was enrolled in, the one it joined last, at the
// latest on an ISO day. Null when there is none.
const ProgrammeRecord* ProgrammeOf(const CoursesModel& model, const std::string& cluster_id,
                                   const std::string& as_of);

std::string BriefMarkdown(const v1::LearningConversationBrief& brief, const Wording& say);

}  // namespace klynge::courses
