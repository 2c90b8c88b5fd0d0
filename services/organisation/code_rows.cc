#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>

#include "services/organisation/row_checker.h"

namespace klynge::organisation {
namespace {

// Six digits that are a day of birth and four more, however they are set apart. The days of numbers
// that replace a real one begin at 61.
bool LooksLikeCivilRegistration(absl::string_view code) {
  std::string digits;
  for (const char c : code) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      digits += c;
    } else if (c != '-' && c != ' ' && c != '.') {
      return false;
    }
  }
  if (digits.size() != 10) return false;
  const int day = (digits[0] - '0') * 10 + digits[1] - '0';
  const int month = (digits[2] - '0') * 10 + digits[3] - '0';
  return month >= 1 && month <= 12 && day % 60 >= 1 && day % 60 <= 31;
}

}  // namespace

ImportRow ParseCode(const v1::Code& code) {
  RowChecker check("code.");
  check.Id("code_id", code.code_id());
  check.Id("register", code.register_());
  // That of an erased person is empty, and may be sent again so; CheckRegisteredCodes refuses all
  // others.
  if (!code.code().empty() || code.person_id().empty()) check.Text("code", code.code(), 64);
  if (!code.person_id().empty() && LooksLikeCivilRegistration(code.code())) {
    // Not said again: answers are kept.
    check.Wrong("code",
                "looks like a civil registration number (CPR), which is never taken in; give the "
                "number that the register gave the person");
  }
  const int given =
      !code.unit_id().empty() + !code.person_id().empty() + !code.partner_id().empty();
  if (given != 1) {
    check.Wrong("unit_id", "of unit_id, person_id and partner_id one must be given: whose it is");
  }
  check.IdOrNone("unit_id", code.unit_id());
  check.IdOrNone("person_id", code.person_id());
  check.IdOrNone("partner_id", code.partner_id());
  const DateRange valid = check.Dates(code.valid_from(), code.valid_to());
  return {Code{code.code_id(), code.register_(), code.code(), code.unit_id(), code.person_id(),
               code.partner_id(), valid},
          check.TakeProblems()};
}

}  // namespace klynge::organisation
