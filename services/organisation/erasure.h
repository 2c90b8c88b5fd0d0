// Erasing a person: the name goes from everywhere, roles and dates stay.
#pragma once

#include <absl/status/status.h>

#include "klynge/organisation/v1/organisation_service.pb.h"
#include "services/organisation/client/tree.h"
#include "services/platform/sql/write_transaction.h"

namespace klynge::organisation {

// The name of everyone who was erased.
inline constexpr char kPseudonym[] = "Slettet person";

// Erases in a write of which `before` is what was there. Errors: kInvalidArgument, INVALID_FIELDS;
// kNotFound, PERSON_NOT_FOUND; kFailedPrecondition, PERSON_ACTIVE, while the person is employed or
// has a role today or later.
absl::Status ErasePersonIn(const Tree& before, Date today, const v1::ErasePersonRequest& request,
                           sql::WriteTransaction& transaction, v1::ErasePersonResponse* response);

}  // namespace klynge::organisation
