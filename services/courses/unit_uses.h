// What of the education refers to units of the organisation: programmes, enrolments, sessions and
// venues. Pure. Persons are not named.
#pragma once

#include "services/courses/programme_record.h"
#include "services/platform/rpc/unit_uses.h"

namespace klynge::courses {

// Programmes run in their areas; an enrolment has its team in the cluster and its leaders in their
// units; sessions expect teams; venues lie in areas.
rpc::UnitUses UsesOf(const rpc::UnitsAsked& asked, const CoursesModel& model);

}  // namespace klynge::courses
