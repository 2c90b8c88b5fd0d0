// The days that a session takes. Pure.
#pragma once

#include <string>
#include <vector>

#include "services/courses/programme_record.h"

namespace klynge::courses {

// Its last day, ISO date.
const std::string& LastDate(const v1::Session& session);

// Each of its days, ISO dates.
std::vector<std::string> DatesOf(const v1::Session& session);

// Sets its last day by what the programme says of its seminar day.
void SetLastDate(const v1::Programme& programme, v1::Session& session);

}  // namespace klynge::courses
