// Codes and placements for tests, one line each; dates as in the protos.
#pragma once

#include <string>
#include <utility>

#include "services/organisation/test_support.h"

namespace klynge::organisation::testing {

// A unit's code; the id is made of the register, the code and the unit.
inline Code CodeOf(std::string unit, std::string register_name, std::string code,
                   absl::string_view from = "2020-01-01", absl::string_view to = "") {
  std::string id = absl::StrCat("c-", register_name, "-", code, "-", unit);
  return {std::move(id),   std::move(register_name), std::move(code), std::move(unit), "", "",
          {D(from), D(to)}};
}
inline Code CodeOfPerson(std::string person, std::string code,
                         absl::string_view from = "2020-01-01", absl::string_view to = "") {
  return {"c-" + person,   "employee_number", std::move(code), "", std::move(person), "",
          {D(from), D(to)}};
}

// The id is made of the hierarchy, the unit and the first day.
inline Placement PlacementOf(std::string unit, std::string parent, std::string hierarchy = "med",
                             absl::string_view from = "2020-01-01", absl::string_view to = "") {
  std::string id = absl::StrCat(hierarchy, "-", unit, "-", from);
  return {
      std::move(id), std::move(hierarchy), std::move(unit), std::move(parent), {D(from), D(to)}};
}

inline Message Row(const Code& code) {
  Message message;
  ToProto(code, message.mutable_code());
  return message;
}
inline Message Row(const Placement& placement) {
  Message message;
  ToProto(placement, message.mutable_placement());
  return message;
}

}  // namespace klynge::organisation::testing
