#include "services/organisation/import_row.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "services/platform/rpc/validation.h"

namespace klynge::organisation {
namespace {

constexpr size_t kMaxNameBytes = 200;

// Collects what is wrong with the fields of one row.
class RowChecker {
 public:
  explicit RowChecker(std::string prefix) : prefix_(std::move(prefix)) {}

  void Id(absl::string_view field, const std::string& value) {
    RequireId(violations_, absl::StrCat(prefix_, field), value);
  }
  void Name(const std::string& value) {
    RequireText(violations_, absl::StrCat(prefix_, "name"), value, kMaxNameBytes);
    OnOneLine("name", value);
  }
  // A text that may be left out.
  void Line(absl::string_view field, const std::string& value) {
    if (!value.empty())
      RequireText(violations_, absl::StrCat(prefix_, field), value, kMaxNameBytes);
    OnOneLine(field, value);
  }
  DateRange Dates(const std::string& from, const std::string& to) {
    const size_t before = violations_.list().size();
    if (from.empty()) violations_.Add(prefix_ + "valid_from", "is required: a date as 2021-09-01");
    const DateRange range{DateOr(violations_, prefix_ + "valid_from", from, kOpenStart),
                          DateOr(violations_, prefix_ + "valid_to", to, kOpenEnd)};
    if (violations_.list().size() == before && range.empty()) {
      reversed_.push_back(
          {v1::ERROR_REASON_DATES_REVERSED, prefix_ + "valid_to",
           absl::StrCat("must be after valid_from (", from, "), was ", FormatDate(range.to))});
    }
    return range;
  }

  std::vector<Problem> TakeProblems() {
    std::vector<Problem> problems = std::move(reversed_);
    for (const FieldViolation& violation : violations_.list()) {
      problems.push_back({v1::ERROR_REASON_INVALID_FIELDS, violation.field, violation.description});
    }
    return problems;
  }

 private:
  void OnOneLine(absl::string_view field, const std::string& value) {
    if (std::any_of(value.begin(), value.end(),
                    [](unsigned char byte) { return absl::ascii_iscntrl(byte); })) {
      violations_.Add(absl::StrCat(prefix_, field), "has control characters: write it on one line");
    }
  }

  const std::string prefix_;
  Violations violations_;
  std::vector<Problem> reversed_;
};

ImportRow ParseUnit(const v1::Unit& unit) {
  RowChecker check("unit.");
  check.Id("unit_id", unit.unit_id());
  check.Id("kind", unit.kind());
  check.Name(unit.name());
  if (!unit.parent_id().empty()) check.Id("parent_id", unit.parent_id());
  const DateRange valid = check.Dates(unit.valid_from(), unit.valid_to());
  return {UnitVersion{unit.unit_id(), unit.kind(), unit.name(), unit.parent_id(), valid},
          check.TakeProblems()};
}

ImportRow ParsePerson(const v1::Person& person) {
  RowChecker check("person.");
  check.Id("person_id", person.person_id());
  check.Name(person.name());
  return {Person{person.person_id(), person.name()}, check.TakeProblems()};
}

ImportRow ParseAssignment(const v1::Assignment& assignment) {
  RowChecker check("assignment.");
  check.Id("assignment_id", assignment.assignment_id());
  check.Id("person_id", assignment.person_id());
  check.Id("role", assignment.role());
  check.Id("unit_id", assignment.unit_id());
  const DateRange valid = check.Dates(assignment.valid_from(), assignment.valid_to());
  return {Assignment{assignment.assignment_id(), assignment.person_id(), assignment.role(),
                     assignment.unit_id(), valid},
          check.TakeProblems()};
}

ImportRow ParseBody(const v1::Body& body) {
  RowChecker check("body.");
  check.Id("body_id", body.body_id());
  check.Id("kind", body.kind());
  check.Name(body.name());
  check.Id("unit_id", body.unit_id());
  const DateRange valid = check.Dates(body.valid_from(), body.valid_to());
  return {Body{body.body_id(), body.kind(), body.name(), body.unit_id(), valid},
          check.TakeProblems()};
}

ImportRow ParseBodyMembership(const v1::BodyMembership& held) {
  RowChecker check("body_membership.");
  check.Id("membership_id", held.membership_id());
  check.Id("body_id", held.body_id());
  check.Id("person_id", held.person_id());
  check.Id("role", held.role());
  check.Line("represents", held.represents());
  const DateRange valid = check.Dates(held.valid_from(), held.valid_to());
  return {BodyMembership{held.membership_id(), held.body_id(), held.person_id(), held.role(),
                         held.represents(), valid},
          check.TakeProblems()};
}

}  // namespace

const std::string& ImportRow::id() const {
  return absl::visit([](const auto& thing) -> const std::string& { return IdOf(thing); }, content);
}

std::string ImportRow::id_field() const {
  return absl::visit([](const auto& thing) { return IdField(thing); }, content);
}

std::tuple<size_t, absl::string_view, Date> ImportRow::key() const {
  return std::tuple_cat(std::tuple(content.index()),
                        absl::visit([](const auto& thing) { return KeyOf(thing); }, content));
}

ImportRow ParseRow(const v1::ImportOrganisationRequest& message) {
  if (message.has_unit()) return ParseUnit(message.unit());
  if (message.has_person()) return ParsePerson(message.person());
  if (message.has_assignment()) return ParseAssignment(message.assignment());
  if (message.has_body()) return ParseBody(message.body());
  return ParseBodyMembership(message.body_membership());
}

}  // namespace klynge::organisation
