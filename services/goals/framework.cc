#include "services/goals/framework.h"

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/message_differencer.h>

#include <utility>

#include "services/platform/rpc/validation.h"

namespace klynge::goals {
namespace {

void CheckLabel(const type::v1::LocalizedText& label, const std::string& path,
                Violations& violations) {
  RequireText(violations, path + ".da", label.da(), 4000);
  RequireText(violations, path + ".en", label.en(), 4000);
}

// The part that all lists of a framework share: a valid code that is not there yet, and a label.
template <class Entry>
void CheckEntry(const Entry& entry, const std::string& path,
                absl::flat_hash_set<std::string>& codes, Violations& violations) {
  RequireId(violations, path + ".code", entry.code());
  if (!codes.insert(entry.code()).second) {
    violations.Add(path + ".code",
                   absl::StrCat("\"", entry.code(), "\" stands twice in this list"));
  }
  CheckLabel(entry.label(), path + ".label", violations);
}

template <class Entries>
void CheckEntries(const Entries& entries, absl::string_view list, Violations& violations) {
  absl::flat_hash_set<std::string> codes;
  for (int i = 0; i < entries.size(); ++i) {
    CheckEntry(entries[i], absl::StrCat("framework.", list, "[", i, "]"), codes, violations);
  }
}

void CheckGroups(const v1::Framework& framework, absl::flat_hash_set<std::string>& codes,
                 Violations& violations) {
  if (framework.groups().empty()) violations.Add("framework.groups", "give at least one group");
  for (int i = 0; i < framework.groups_size(); ++i) {
    const std::string path = absl::StrCat("framework.groups[", i, "]");
    CheckEntry(framework.groups(i), path, codes, violations);
    CheckLabel(framework.groups(i).question(), path + ".question", violations);
  }
}

void CheckCoreAreas(const v1::Framework& framework, const absl::flat_hash_set<std::string>& groups,
                    Violations& violations) {
  if (framework.core_areas().empty()) {
    violations.Add("framework.core_areas", "give at least one core area");
  }
  absl::flat_hash_set<std::string> codes;
  for (int i = 0; i < framework.core_areas_size(); ++i) {
    const v1::CoreArea& area = framework.core_areas(i);
    const std::string path = absl::StrCat("framework.core_areas[", i, "]");
    CheckEntry(area, path, codes, violations);
    CheckLabel(area.description(), path + ".description", violations);
    if (!groups.contains(area.group_code())) {
      violations.Add(path + ".group_code",
                     absl::StrCat("\"", area.group_code(), "\" is none of framework.groups"));
    }
    for (int b = 0; b < area.behaviours_size(); ++b) {
      CheckLabel(area.behaviours(b), absl::StrCat(path, ".behaviours[", b, "]"), violations);
    }
  }
}

void CheckKnown(const std::vector<std::string>& codes,
                const absl::flat_hash_set<std::string>& known, const Framework& framework,
                const std::string& path, Violations& violations) {
  for (size_t i = 0; i < codes.size(); ++i) {
    if (known.contains(codes[i])) continue;
    violations.Add(
        absl::StrCat(path, "[", i, "]"),
        absl::StrCat("\"", codes[i], "\" is not in framework ", framework.content.framework_id(),
                     " version ", framework.content.version()));
  }
}

}  // namespace

Framework::Framework(v1::Framework published) : content(std::move(published)) {
  for (const auto& area : content.core_areas()) core_areas.insert(area.code());
  for (const auto& guidepost : content.guideposts()) guideposts.insert(guidepost.code());
  for (const auto& theme : content.curriculum_themes()) themes.insert(theme.code());
}

void CheckFramework(const v1::Framework& framework, Violations& violations) {
  RequireId(violations, "framework.framework_id", framework.framework_id());
  if (framework.version() < 0) violations.Add("framework.version", "0 for the next one, or above");
  CheckLabel(framework.label(), "framework.label", violations);
  absl::flat_hash_set<std::string> groups;
  CheckGroups(framework, groups, violations);
  CheckCoreAreas(framework, groups, violations);
  CheckEntries(framework.guideposts(), "guideposts", violations);
  CheckEntries(framework.curriculum_themes(), "curriculum_themes", violations);
  CheckEntries(framework.med_notions(), "med_notions", violations);
}

bool SameContent(const v1::Framework& a, const v1::Framework& b) {
  google::protobuf::util::MessageDifferencer differencer;
  const auto* type = v1::Framework::descriptor();
  differencer.IgnoreField(type->FindFieldByNumber(v1::Framework::kVersionFieldNumber));
  differencer.IgnoreField(type->FindFieldByNumber(v1::Framework::kPublishedAtFieldNumber));
  return differencer.Compare(a, b);
}

void CheckCodes(const Goal& goal, const Framework& framework, absl::string_view prefix,
                Violations& violations) {
  CheckKnown(goal.core_areas, framework.core_areas, framework,
             absl::StrCat(prefix, "core_area_codes"), violations);
  CheckKnown(goal.guideposts, framework.guideposts, framework,
             absl::StrCat(prefix, "guidepost_codes"), violations);
  CheckKnown(goal.themes, framework.themes, framework,
             absl::StrCat(prefix, "curriculum_theme_codes"), violations);
}

}  // namespace klynge::goals
