// Collects what is wrong with the fields of one row of an import.
#pragma once

#include <absl/strings/string_view.h>

#include <string>
#include <vector>

#include "services/organisation/import_row.h"
#include "services/platform/rpc/validation.h"

namespace klynge::organisation {

class RowChecker {
 public:
  // Fields are told with the prefix: "unit.".
  explicit RowChecker(std::string prefix) : prefix_(std::move(prefix)) {}

  void Id(absl::string_view field, const std::string& value);
  // The same, which may be left out.
  void IdOrNone(absl::string_view field, const std::string& value) {
    if (!value.empty()) Id(field, value);
  }
  // Of the two ids one is given.
  void EitherId(absl::string_view field, const std::string& value, absl::string_view other_field,
                const std::string& other_value);
  void Name(const std::string& value) { Text("name", value); }
  // One line that people read.
  void Text(absl::string_view field, const std::string& value, size_t most_bytes = 200);
  // The same, which may be left out.
  void Line(absl::string_view field, const std::string& value, size_t most_bytes = 200) {
    if (!value.empty()) Text(field, value, most_bytes);
  }
  DateRange Dates(const std::string& from, const std::string& to);
  // The date, or `if_empty`.
  Date Day(absl::string_view field, const std::string& value, Date if_empty);
  void Wrong(absl::string_view field, std::string description);

  std::vector<Problem> TakeProblems();

 private:
  const std::string prefix_;
  Violations violations_;
  std::vector<Problem> reversed_;
};

// A row of each sort, from its message.
ImportRow ParsePosition(const v1::Position& position);
ImportRow ParseSubstitution(const v1::Substitution& substitution);
ImportRow ParseEmployment(const v1::Employment& employment);
ImportRow ParseBody(const v1::Body& body);
ImportRow ParseBodyMembership(const v1::BodyMembership& held);
ImportRow ParsePartner(const v1::Partner& partner);
ImportRow ParsePartnership(const v1::Partnership& joint);
ImportRow ParseHandover(const v1::Handover& handover);
ImportRow ParseCompetence(const v1::Competence& competence);
ImportRow ParseHeldCompetence(const v1::HeldCompetence& held);
ImportRow ParseTask(const v1::Task& task);
ImportRow ParseResponsibility(const v1::Responsibility& responsibility);
ImportRow ParseSuccession(const v1::Succession& succession);
ImportRow ParsePlacement(const v1::Placement& placement);
ImportRow ParseCode(const v1::Code& code);

}  // namespace klynge::organisation
