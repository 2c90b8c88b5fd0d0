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

absl::Status UnitUnknown(const std::string& unit_id) {
  return NotFound(v1::ERROR_REASON_UNIT_NOT_FOUND,
                  absl::StrCat("there is no unit \"", unit_id, "\""), {{"unit_id", unit_id}});
}

absl::Status PersonNotFound(const std::string& person_id) {
  return NotFound(v1::ERROR_REASON_PERSON_NOT_FOUND,
                  absl::StrCat("there is no person \"", person_id, "\""),
                  {{"person_id", person_id}});
}

absl::Status PositionNotFound(const Tree& tree, const std::string& position_id, Date on) {
  std::string message = absl::StrCat("there is no position \"", position_id, "\"");
  if (const Position* position = tree.positions().Find(position_id)) {
    message = absl::StrCat("position \"", position_id, "\" does not exist on ", FormatDate(on),
                           "; it does from ", FormatDate(position->valid.from));
    const std::string end = FormatEnd(position->valid.to);
    if (!end.empty()) absl::StrAppend(&message, " to ", end);
  }
  return NotFound(v1::ERROR_REASON_POSITION_NOT_FOUND, message,
                  {{"position_id", position_id}, {"as_of", FormatDate(on)}});
}

absl::Status PartnerNotFound(const std::string& partner_id) {
  return NotFound(v1::ERROR_REASON_PARTNER_NOT_FOUND,
                  absl::StrCat("there is no partner \"", partner_id, "\""),
                  {{"partner_id", partner_id}});
}

absl::Status UnitHasNoTeam(const UnitVersion& unit) {
  return FailedPrecondition(v1::ERROR_REASON_UNIT_HAS_NO_TEAM,
                            absl::StrCat("\"", unit.unit_id, "\" is of kind ", unit.kind,
                                         ", which has no leadership team; ask for a cluster or a "
                                         "self-owned network"),
                            {{"unit_id", unit.unit_id}, {"kind", unit.kind}});
}

absl::Status CheckHasTeam(const Tree& tree, const std::string& unit_id, Date on) {
  const UnitVersion* unit = tree.FindUnit(unit_id, on);
  if (unit == nullptr) return UnitNotFound(tree, unit_id, on);
  return tree.HasTeam(unit_id, on) ? absl::OkStatus() : UnitHasNoTeam(*unit);
}

}  // namespace klynge::organisation
