// The status of a programme on a day, in figures: what is paid for, who takes part, what has been
// held and what is still open. Pure; goals, quality and parts are filled in by whoever asked the
// other services.
#pragma once

#include "klynge/courses/v1/status.pb.h"
#include "services/courses/programme_record.h"
#include "services/courses/wording.h"
#include "services/organisation/client/tree.h"

namespace klynge::courses {

// `tree` may be null: areas are then named by id and their clusters not counted.
v1::ProgrammeStatus MakeStatus(const ProgrammeRecord& record, const organisation::Tree* tree,
                               Date as_of, const Wording& say);

}  // namespace klynge::courses
