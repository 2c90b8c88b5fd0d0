// What other registers call units, persons and partners, as plain values. Only the organisation
// service holds them: they are not in the snapshot that others fetch.
#pragma once

#include <string>

#include "services/platform/date.h"

namespace klynge::organisation {

// A register that somebody else keeps, such as that of P-numbers.
struct CodeRegister {
  std::string name;
  std::string label_da;
  std::string label_en;
  std::string pattern;     // RE2; a code matches it whole
  std::string expects_da;  // the pattern in words
  std::string expects_en;
  bool unique = false;  // a code has one holder a day
  bool for_units = false;
  bool for_persons = false;
  bool for_partners = false;

  bool operator==(const CodeRegister&) const = default;
};

// A code during one period. Of the three holders one is given.
struct Code {
  std::string code_id;
  std::string register_name;
  std::string code;  // "" for a person who was erased
  std::string unit_id;
  std::string person_id;
  std::string partner_id;
  DateRange valid;

  bool operator==(const Code&) const = default;
};

}  // namespace klynge::organisation
