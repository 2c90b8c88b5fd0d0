// What an export holds.
#pragma once

#include <absl/container/flat_hash_set.h>
#include <absl/functional/function_ref.h>
#include <absl/strings/string_view.h>

#include <map>
#include <string>
#include <vector>

#include "klynge/organisation/v1/import.pb.h"
#include "services/organisation/client/tree.h"
#include "services/organisation/csv_columns.h"

namespace klynge::organisation {

using Ids = absl::flat_hash_set<std::string>;

// Calls `visit` with each thing of the sort as the row that brings it, by key, until it answers
// false.
void ForEachRow(const Tree& tree, RowSort sort,
                absl::FunctionRef<bool(const v1::ImportOrganisationRequest&)> visit);

// The ids, by sort, of a part of the organisation that can be imported alone: the unit and those
// ever below it; what belongs to these, and to the persons in it; and whatever all that refers to.
// An unknown unit has none.
std::map<RowSort, Ids> ThingsOfSubtree(const Tree& tree, const std::string& unit_id);

}  // namespace klynge::organisation
