#include "services/organisation/query_support.h"

namespace klynge::organisation {

absl::Status UnitNotFound(const Tree& tree, const std::string& unit_id, Date on) {
  const std::vector<const UnitVersion*> versions = tree.Versions(unit_id);
  std::string message = absl::StrCat("there is no unit \"", unit_id, "\"");
  if (!versions.empty()) {
    message = absl::StrCat("unit \"", unit_id, "\" does not exist on ", FormatDate(on),
                           "; it does from ", FormatDate(versions.front()->valid.from));
    const std::string end = FormatEnd(versions.back()->valid.to);
    if (!end.empty()) absl::StrAppend(&message, " to ", end);
  }
  return NotFound(v1::ERROR_REASON_UNIT_NOT_FOUND, message,
                  {{"unit_id", unit_id}, {"as_of", FormatDate(on)}});
}

absl::Status PersonNotFound(const std::string& person_id) {
  return NotFound(v1::ERROR_REASON_PERSON_NOT_FOUND,
                  absl::StrCat("there is no person \"", person_id, "\""),
                  {{"person_id", person_id}});
}

}  // namespace klynge::organisation
