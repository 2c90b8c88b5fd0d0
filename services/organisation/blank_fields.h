// A row of an import says only what it changes: the rest is what is stored.
#pragma once

#include <vector>

#include "klynge/organisation/v1/import.pb.h"
#include "services/organisation/client/tree.h"
#include "services/organisation/import_row.h"

namespace klynge::organisation {

// The field of the import's message that holds the row, "unit"; null when the message holds none.
const google::protobuf::FieldDescriptor* RowIn(const v1::ImportOrganisationRequest& message);

// Fills the fields that the row leaves blank from what is stored under its key; for a version of a
// unit with a new first day from the version in force the day before. Fields named by `clear` stay
// blank. The problems are of names in `clear`.
std::vector<Problem> FillBlanks(const Tree& stored, v1::ImportOrganisationRequest& message);

}  // namespace klynge::organisation
