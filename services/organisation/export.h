// ExportOrganisation: the organisation as a file that an import takes.
#pragma once

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>

#include <string>

#include "klynge/organisation/v1/export.pb.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// Gives the file to `send` in pieces of whole lines, until it answers false: kCancelled then.
// kInvalidArgument, INVALID_FIELDS; kNotFound, UNIT_NOT_FOUND.
absl::Status Export(const Tree& tree, const v1::ExportOrganisationRequest& request,
                    absl::FunctionRef<bool(std::string chunk)> send);

}  // namespace klynge::organisation
