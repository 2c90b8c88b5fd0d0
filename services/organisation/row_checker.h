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
  void Name(const std::string& value) { Text("name", value); }
  // One line that people read, of at most 200 bytes.
  void Text(absl::string_view field, const std::string& value);
  // The same, which may be left out.
  void Line(absl::string_view field, const std::string& value) {
    if (!value.empty()) Text(field, value);
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

}  // namespace klynge::organisation
