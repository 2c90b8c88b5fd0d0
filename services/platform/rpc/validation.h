// Checks that many requests share. Each adds what it finds to a Violations list and goes on.
#pragma once

#include <absl/strings/string_view.h>

#include <string>

#include "services/platform/date.h"
#include "services/platform/rpc/status.h"

namespace klynge {

// Ids are the user's own: [a-z0-9][a-z0-9._-]{0,63}.
bool ValidId(absl::string_view id);

// Adds a violation unless `id` is a valid id.
void RequireId(Violations& violations, absl::string_view field, absl::string_view id);

// kInvalidArgument, reason INVALID_FIELDS: the field that names what is asked for was left out.
absl::Status FieldMissing(absl::string_view field);

// Adds a violation if `text` is empty, blank or longer than `max_bytes`.
void RequireText(Violations& violations, absl::string_view field, absl::string_view text,
                 size_t max_bytes = 500);

// The date in `iso`; `if_empty` when there is none; adds a violation for anything that is no date.
Date DateOr(Violations& violations, absl::string_view field, absl::string_view iso, Date if_empty);

// The range of a valid_from (required) and a valid_to (empty: open); adds a violation for each
// field that is no date and for a range that ends before or on the day it begins.
DateRange RequireDateRange(Violations& violations, absl::string_view prefix,
                           absl::string_view valid_from, absl::string_view valid_to);

// Adds a violation unless `request_id` is empty or printable ASCII of at most 128 bytes.
void CheckRequestId(Violations& violations, absl::string_view request_id);

}  // namespace klynge
