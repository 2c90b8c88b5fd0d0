// One row of an import: taken from its message, and checked as far as a row can be checked alone.
#pragma once

#include <absl/strings/string_view.h>

#include <cstdint>
#include <string>
#include <vector>

#include "klynge/organisation/v1/errors.pb.h"
#include "klynge/organisation/v1/import.pb.h"
#include "services/organisation/client/things.h"

namespace klynge::organisation {

// One thing that is wrong with a row.
struct Problem {
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
  std::string field;        // "unit.parent_id"
  std::string description;  // what was given, what is allowed

  bool operator==(const Problem&) const = default;
};

struct ImportRow {
  // An end date of kOpenEnd stands for none given.
  AnyThing content;
  // Wrong in itself: the content is then not to be used, but for its ids.
  std::vector<Problem> problems;

  // The id of what the row describes.
  const std::string& id() const;
  // The path of that id: "unit.unit_id".
  std::string id_field() const;
  // The same for two rows that speak of the same thing.
  std::tuple<size_t, absl::string_view, Date> key() const;
};

// The row in `message`, which must hold one (not options).
ImportRow ParseRow(const v1::ImportOrganisationRequest& message);

}  // namespace klynge::organisation
