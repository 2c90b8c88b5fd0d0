// The status of a programme as a document for politicians, in Danish or English. Pure.
#pragma once

#include <map>
#include <string>

#include "klynge/courses/v1/status.pb.h"
#include "services/courses/wording.h"

namespace klynge::courses {

std::string StatusMarkdown(const v1::ProgrammeStatus& status, const Wording& say);

// Which service each part came from and which is missing; shared with the brief.
std::string PartsMarkdown(const google::protobuf::RepeatedPtrField<v1::Part>& parts,
                          const Wording& say);

// True when the difference is larger than chance would explain: more than two standard errors.
bool IsClear(const v1::BeforeAfter& row);

// Before and after as a table; empty when there is nothing to show. With `unit_names`, a first
// column names the unit; ids without a name are shown as they are. Shared with the brief.
std::string QualityTable(const google::protobuf::RepeatedPtrField<v1::BeforeAfter>& quality,
                         const std::map<std::string, std::string>& unit_names, const Wording& say);

// "12 mål er aftalt, 3 er nået …" as one paragraph; shared with the brief.
std::string GoalsParagraph(const v1::GoalFigures& goals, const Wording& say);

}  // namespace klynge::courses
