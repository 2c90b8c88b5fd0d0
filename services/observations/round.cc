#include "services/observations/round.h"

#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include "klynge/observations/v1/errors.pb.h"
#include "services/platform/rpc/validation.h"

namespace klynge::observations {
namespace {

constexpr int kMaxRoots = 100;

using organisation::UnitVersion;

absl::CivilMonth MonthFrom(Date opens, int month) { return absl::CivilMonth(opens) + month; }

// The day in a required field; nothing, and a violation, for anything else.
absl::optional<Date> RequireDate(Violations& violations, const std::string& field,
                                 const std::string& iso) {
  const absl::optional<Date> date = ParseDate(iso);
  if (!date) violations.Add(field, absl::StrCat("\"", iso, "\" is no date; write 2021-10-01"));
  return date;
}

// Kinds of units that others can stand below.
absl::flat_hash_set<std::string> ContainerKinds(const organisation::Tree& organisation) {
  absl::flat_hash_set<std::string> kinds;
  for (const auto& kind : organisation.organisation().unit_kinds) {
    kinds.insert(kind.parent_kinds.begin(), kind.parent_kinds.end());
  }
  return kinds;
}

}  // namespace

int Round::months() const { return MonthOf(closes) + 1; }

int Round::MonthOf(Date day) const {
  return static_cast<int>(absl::CivilMonth(day) - absl::CivilMonth(opens));
}

std::string Round::MonthName(int month) const {
  const absl::CivilMonth at = MonthFrom(opens, month);
  return absl::StrFormat("%04d-%02d", at.year(), at.month());
}

absl::Status CheckNewRound(const v1::Round& round) {
  Violations violations;
  RequireId(violations, "round.round_id", round.round_id());
  RequireText(violations, "round.label.da", round.label().da());
  RequireId(violations, "round.instrument_id", round.instrument_id());
  if (round.instrument_version() < 0) {
    violations.Add("round.instrument_version", "is negative; 0 means the newest");
  }
  const auto opens = RequireDate(violations, "round.opens_on", round.opens_on());
  const auto closes = RequireDate(violations, "round.closes_on", round.closes_on());
  if (opens && closes && (*closes < *opens || *closes - *opens > kLongestRound)) {
    violations.Add("round.closes_on",
                   absl::StrCat("is ", round.closes_on(), "; must not lie before ",
                                "opens_on nor more than ", kLongestRound, " days after it"));
  }
  if (round.root_unit_ids_size() < 1 || round.root_unit_ids_size() > kMaxRoots) {
    violations.Add("round.root_unit_ids",
                   absl::StrCat("has ", round.root_unit_ids_size(), " entries; 1 to ", kMaxRoots,
                                " are allowed"));
  }
  for (int i = 0; i < round.root_unit_ids_size(); ++i) {
    RequireId(violations, absl::StrCat("round.root_unit_ids[", i, "]"), round.root_unit_ids(i));
  }
  if (round.purpose() == v1::ROUND_PURPOSE_UNSPECIFIED ||
      !v1::RoundPurpose_IsValid(round.purpose())) {
    violations.Add("round.purpose", "is missing or unknown; BEFORE, AFTER and ROUTINE are allowed");
  }
  if (!v1::DetailPriority_IsValid(round.detail_priority())) {
    violations.Add("round.detail_priority", "is unknown; UNITS and MONTHS are allowed");
  }
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
}

absl::StatusOr<analytics::ReportingTree> TreeOfRound(const v1::Round& round,
                                                     const organisation::Tree& organisation) {
  const Date opens = *ParseDate(round.opens_on());
  Violations unknown;
  std::vector<const UnitVersion*> units;  // parents before children, from each root
  absl::flat_hash_set<std::string> taken;
  const auto take = [&](const UnitVersion* unit) {
    if (taken.insert(unit->unit_id).second) units.push_back(unit);
  };
  for (int i = 0; i < round.root_unit_ids_size(); ++i) {
    const std::string& root = round.root_unit_ids(i);
    if (organisation.FindUnit(root, opens) == nullptr) {
      unknown.Add(
          absl::StrCat("round.root_unit_ids[", i, "]"),
          absl::StrCat("the organisation has no unit \"", root, "\" on ", round.opens_on()));
      continue;
    }
    const auto above = organisation.AncestorVersions(root, opens);
    for (auto unit = above.rbegin(); unit != above.rend(); ++unit) take(*unit);
    for (const UnitVersion* unit : organisation.SubtreeVersions(root, opens)) take(unit);
  }
  KLYNGE_RETURN_IF_ERROR(unknown.ToStatus(absl::StatusCode::kNotFound,
                                          ReasonName(v1::ERROR_REASON_UNIT_NOT_FOUND),
                                          "some root units are unknown on the opening day"));
  // From below: keep single units and whatever has a unit kept below it.
  const auto containers = ContainerKinds(organisation);
  absl::flat_hash_set<std::string> kept;
  for (auto unit = units.rbegin(); unit != units.rend(); ++unit) {
    if (containers.contains((*unit)->kind) && !kept.contains((*unit)->unit_id)) continue;
    kept.insert((*unit)->unit_id);
    kept.insert((*unit)->parent_id);
  }
  std::vector<analytics::ReportingTree::Unit> tree;
  for (const UnitVersion* unit : units) {
    if (!kept.contains(unit->unit_id)) continue;
    tree.push_back({unit->unit_id, unit->kind, unit->name, unit->parent_id});
  }
  if (tree.empty()) {
    return FailedPrecondition(
        v1::ERROR_REASON_ROUND_WITHOUT_UNITS,
        absl::StrCat("none of the root units has a single unit below it on ", round.opens_on()));
  }
  return analytics::ReportingTree::Make(tree);
}

}  // namespace klynge::observations
