// Things that come with migrations, such as the catalogue of competences. The audit log has no line
// of them until they are changed.
#pragma once

#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include <string>
#include <string_view>

#include "services/organisation/organisation_tables.h"

namespace klynge::organisation {

// The lines of the audit log with what a thing of a migration was before it was first changed: the
// migration wrote none.
inline std::string SeedWord(absl::string_view word) { return absl::StrCat("seed.", word); }

// True for sorts of which migrations bring some: kSelect brings those that are as they came.
template <class Thing>
constexpr bool ComesWithMigrations() {
  return std::string_view(Kept<Thing>::kSelect).find("revision = 0") != std::string_view::npos;
}

}  // namespace klynge::organisation
