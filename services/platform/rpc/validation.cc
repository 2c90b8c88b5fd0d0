#include "services/platform/rpc/validation.h"

#include <absl/strings/ascii.h>

#include "klynge/type/v1/errors.pb.h"

namespace klynge {
namespace {

bool LowerOrDigit(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return absl::ascii_islower(byte) || absl::ascii_isdigit(byte);
}

constexpr absl::string_view kDateForm = "write it as YYYY-MM-DD, for example 2021-09-01";

}  // namespace

bool ValidId(absl::string_view id) {
  if (id.empty() || id.size() > 64 || !LowerOrDigit(id[0])) return false;
  return std::all_of(id.begin(), id.end(),
                     [](char c) { return LowerOrDigit(c) || c == '.' || c == '_' || c == '-'; });
}

void RequireId(Violations& violations, absl::string_view field, absl::string_view id) {
  if (ValidId(id)) return;
  violations.Add(std::string(field),
                 id.empty() ? "is required"
                            : "is not an id: use 1 to 64 of a-z, 0-9, '.', '_' and '-', beginning "
                              "with a letter or digit");
}

absl::Status FieldMissing(absl::string_view field) {
  Violations violations;
  violations.Add(std::string(field), "is required");
  return violations.ToStatus(type::v1::ERROR_REASON_INVALID_FIELDS);
}

void RequireText(Violations& violations, absl::string_view field, absl::string_view text,
                 size_t max_bytes) {
  if (absl::StripAsciiWhitespace(text).empty()) {
    violations.Add(std::string(field), text.empty() ? "is required" : "is blank");
  }
  if (text.size() > max_bytes) {
    violations.Add(std::string(field),
                   absl::StrCat("is ", text.size(), " bytes long; at most ", max_bytes));
  }
}

Date DateOr(Violations& violations, absl::string_view field, absl::string_view iso, Date if_empty) {
  if (iso.empty()) return if_empty;
  if (const auto date = ParseDate(iso)) return *date;
  violations.Add(std::string(field), absl::StrCat("\"", iso, "\" is no date: ", kDateForm));
  return if_empty;
}

DateRange RequireDateRange(Violations& violations, absl::string_view prefix,
                           absl::string_view valid_from, absl::string_view valid_to) {
  const std::string from_field = absl::StrCat(prefix, "valid_from");
  const std::string to_field = absl::StrCat(prefix, "valid_to");
  if (valid_from.empty()) violations.Add(from_field, absl::StrCat("is required: ", kDateForm));
  DateRange range{DateOr(violations, from_field, valid_from, kOpenStart),
                  DateOr(violations, to_field, valid_to, kOpenEnd)};
  if (!valid_from.empty() && range.to <= range.from) {
    violations.Add(to_field, absl::StrCat("\"", valid_to, "\" is not after valid_from \"",
                                          valid_from, "\"; the last day is the day before it"));
  }
  return range;
}

void CheckRequestId(Violations& violations, absl::string_view request_id) {
  const bool printable = std::all_of(request_id.begin(), request_id.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c));
  });
  if (request_id.size() > 128 || !printable) {
    violations.Add("request_id", "use at most 128 visible ASCII characters, for example a UUID");
  }
}

}  // namespace klynge
