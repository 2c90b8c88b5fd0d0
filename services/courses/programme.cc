#include "services/courses/programme.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/courses/resource.h"
#include "services/courses/timetable/model.h"
#include "services/platform/rpc/validation.h"

namespace klynge::courses {
namespace {

constexpr int kMaxLeaders = 100'000;
constexpr size_t kMaxParagraph = 4000;

std::string At(absl::string_view list, int index, absl::string_view field = "") {
  return absl::StrCat("programme.", list, "[", index, "]", field.empty() ? "" : ".", field);
}

// Ids of one list: valid and each used once.
class Ids {
 public:
  explicit Ids(Violations& violations) : violations_(violations) {}
  void Take(const std::string& field, const std::string& id) {
    RequireId(violations_, field, id);
    if (!id.empty() && !seen_.insert(id).second) {
      violations_.Add(field, absl::StrCat("\"", id, "\" is used twice; give each its own id"));
    }
  }
  bool Has(const std::string& id) const { return seen_.count(id) > 0; }

 private:
  Violations& violations_;
  std::set<std::string> seen_;
};

void CheckParagraph(Violations& violations, const std::string& field,
                    const type::v1::LocalizedText& text) {
  if (text.da().size() > kMaxParagraph || text.en().size() > kMaxParagraph) {
    violations.Add(field, absl::StrCat("is longer than ", kMaxParagraph, " bytes"));
  }
}

void RequireLabel(Violations& violations, const std::string& field,
                  const type::v1::LocalizedText& text) {
  RequireText(violations, field + ".da", text.da());
  CheckParagraph(violations, field, text);
}

void CheckPeriodAndPlaces(const v1::Programme& programme, Violations& violations) {
  const Date first = DateOr(violations, "programme.first_day", programme.first_day(), kOpenStart);
  const Date last = DateOr(violations, "programme.last_day", programme.last_day(), kOpenEnd);
  if (programme.first_day().empty()) violations.Add("programme.first_day", "is required");
  if (programme.last_day().empty()) violations.Add("programme.last_day", "is required");
  if (last < first) {
    violations.Add("programme.last_day", absl::StrCat(programme.last_day(), " is before first_day ",
                                                      programme.first_day()));
  }
  if (programme.capacity_leaders() < 1 || programme.capacity_leaders() > kMaxLeaders) {
    violations.Add(
        "programme.capacity_leaders",
        absl::StrCat(programme.capacity_leaders(), " is not between 1 and ", kMaxLeaders));
  }
  const auto& networks = programme.expected_networks();
  if (networks.at_least() < 0 || networks.at_most() < networks.at_least()) {
    violations.Add("programme.expected_networks",
                   "needs 0 or more at_least, and at_most not below it");
  }
}

void CheckThemesAndFields(const v1::Programme& programme, Ids& themes, Violations& violations) {
  if (programme.themes().empty()) violations.Add("programme.themes", "needs at least one theme");
  for (int i = 0; i < programme.themes_size(); ++i) {
    themes.Take(At("themes", i, "theme_id"), programme.themes(i).theme_id());
    RequireLabel(violations, At("themes", i, "name"), programme.themes(i).name());
  }
  Ids fields(violations);
  for (int i = 0; i < programme.competence_fields_size(); ++i) {
    const auto& field = programme.competence_fields(i);
    fields.Take(At("competence_fields", i, "field_id"), field.field_id());
    RequireLabel(violations, At("competence_fields", i, "name"), field.name());
    CheckParagraph(violations, At("competence_fields", i, "description"), field.description());
    for (const std::string& theme : field.theme_ids()) {
      if (themes.Has(theme)) continue;
      violations.Add(At("competence_fields", i, "theme_ids"),
                     absl::StrCat("\"", theme, "\" is no theme of the programme"));
    }
  }
}

void CheckCount(const v1::Activity& activity, int index, Violations& violations) {
  const bool clarified = activity.form() != v1::ACTIVITY_FORM_TO_BE_CLARIFIED;
  const bool counted = clarified && activity.count_basis() != v1::COUNT_BASIS_CONTINUOUS;
  if (clarified && activity.count_basis() == v1::COUNT_BASIS_UNSPECIFIED) {
    violations.Add(At("activities", index, "count_basis"),
                   "is required: COUNT_BASIS_PROGRAMME, _TEAM or _CONTINUOUS");
  }
  if (counted && (activity.planned_count() < 1 || activity.planned_count() > 1000)) {
    violations.Add(At("activities", index, "planned_count"),
                   absl::StrCat(activity.planned_count(), " is not between 1 and 1000"));
  }
  if (!counted && activity.planned_count() != 0) {
    violations.Add(At("activities", index, "planned_count"),
                   "must be 0 for what is continuous or still to be clarified");
  }
  if (!clarified && activity.clarification().da().empty()) {
    violations.Add(At("activities", index, "clarification.da"),
                   "is required: say what is still open");
  }
}

void CheckBasisFitsForm(const v1::Activity& activity, int index, Violations& violations) {
  const bool counted_activity = activity.form() == v1::ACTIVITY_FORM_TEAM_SEMINAR ||
                                activity.form() == v1::ACTIVITY_FORM_SESSION;
  if (counted_activity && activity.count_basis() != v1::COUNT_BASIS_PROGRAMME) {
    violations.Add(At("activities", index, "count_basis"),
                   "must be COUNT_BASIS_PROGRAMME for seminars and sessions");
  }
  if (activity.form() == v1::ACTIVITY_FORM_LEARNING_CONVERSATION &&
      activity.count_basis() != v1::COUNT_BASIS_TEAM) {
    violations.Add(At("activities", index, "count_basis"),
                   "must be COUNT_BASIS_TEAM for learning conversations");
  }
}

void CheckSeminarDays(const v1::Activity& activity, int index, const Ids& themes, Ids& days,
                      Violations& violations) {
  const int wanted =
      activity.form() == v1::ACTIVITY_FORM_TEAM_SEMINAR ? activity.planned_count() : 0;
  if (activity.seminar_days_size() != wanted) {
    violations.Add(At("activities", index, "seminar_days"),
                   absl::StrCat("has ", activity.seminar_days_size(), " days, needs ", wanted,
                                wanted == 0 ? " (only team seminars have them)"
                                            : " (as many as planned_count)"));
  }
  for (int d = 0; d < activity.seminar_days_size(); ++d) {
    const auto& day = activity.seminar_days(d);
    const std::string path = At("activities", index, absl::StrCat("seminar_days[", d, "]"));
    days.Take(path + ".seminar_day_id", day.seminar_day_id());
    RequireLabel(violations, path + ".name", day.name());
    if (!themes.Has(day.theme_id())) {
      violations.Add(path + ".theme_id",
                     absl::StrCat("\"", day.theme_id(), "\" is no theme of the programme"));
    }
    CheckFeatures(path + ".required_features", day.required_features(), violations);
    if (day.days() < 0 || day.days() > timetable::kMaxEventDays) {
      violations.Add(path + ".days",
                     absl::StrCat(day.days(), " is not between 1 and ", timetable::kMaxEventDays));
    }
  }
}

void CheckActivities(const v1::Programme& programme, const Ids& themes, Violations& violations) {
  if (programme.activities().empty()) {
    violations.Add("programme.activities", "needs at least one activity");
  }
  Ids activities(violations);
  Ids days(violations);
  int conversations = 0;
  for (int i = 0; i < programme.activities_size(); ++i) {
    const auto& activity = programme.activities(i);
    activities.Take(At("activities", i, "activity_id"), activity.activity_id());
    RequireLabel(violations, At("activities", i, "name"), activity.name());
    CheckParagraph(violations, At("activities", i, "description"), activity.description());
    if (activity.form() == v1::ACTIVITY_FORM_UNSPECIFIED ||
        !v1::ActivityForm_IsValid(activity.form())) {
      violations.Add(At("activities", i, "form"), "is required: one of the values of ActivityForm");
    }
    if (activity.audience().empty()) {
      violations.Add(At("activities", i, "audience"), "needs at least one role");
    }
    CheckCount(activity, i, violations);
    CheckBasisFitsForm(activity, i, violations);
    CheckSeminarDays(activity, i, themes, days, violations);
    if (activity.form() == v1::ACTIVITY_FORM_LEARNING_CONVERSATION && ++conversations > 1) {
      violations.Add(At("activities", i, "form"),
                     "only one activity can be learning conversations");
    }
  }
}

void CheckSurroundings(const v1::Programme& programme, Violations& violations) {
  if (programme.funding().empty()) violations.Add("programme.funding", "needs at least one grant");
  for (int i = 0; i < programme.funding_size(); ++i) {
    RequireLabel(violations, At("funding", i), programme.funding(i));
  }
  if (programme.area_ids().empty()) violations.Add("programme.area_ids", "needs at least one area");
  Ids areas(violations);
  for (int i = 0; i < programme.area_ids_size(); ++i) {
    areas.Take(At("area_ids", i), programme.area_ids(i));
  }
  Ids bodies(violations);
  for (int i = 0; i < programme.project_bodies_size(); ++i) {
    bodies.Take(At("project_bodies", i, "body_id"), programme.project_bodies(i).body_id());
    RequireLabel(violations, At("project_bodies", i, "name"), programme.project_bodies(i).name());
    CheckParagraph(violations, At("project_bodies", i, "description"),
                   programme.project_bodies(i).description());
  }
  for (int i = 0; i < programme.implementation_support_size(); ++i) {
    const auto& support = programme.implementation_support(i);
    if (!areas.Has(support.area_id())) {
      violations.Add(At("implementation_support", i, "area_id"),
                     absl::StrCat("\"", support.area_id(), "\" is no area of the programme"));
    }
    RequireLabel(violations, At("implementation_support", i, "name"), support.name());
    if (support.count() < 1) {
      violations.Add(At("implementation_support", i, "count"), "must be at least 1");
    }
  }
}

}  // namespace

void CheckProgramme(const v1::Programme& programme, Violations& violations) {
  RequireId(violations, "programme.programme_id", programme.programme_id());
  RequireLabel(violations, "programme.name", programme.name());
  CheckParagraph(violations, "programme.purpose", programme.purpose());
  CheckParagraph(violations, "programme.form", programme.form());
  CheckParagraph(violations, "programme.reason_for_areas", programme.reason_for_areas());
  CheckParagraph(violations, "programme.content_responsibility.institution",
                 programme.content_responsibility().institution());
  CheckParagraph(violations, "programme.content_responsibility.other_lecturers",
                 programme.content_responsibility().other_lecturers());
  CheckPeriodAndPlaces(programme, violations);
  Ids themes(violations);
  CheckThemesAndFields(programme, themes, violations);
  CheckActivities(programme, themes, violations);
  CheckSurroundings(programme, violations);
}

const v1::Activity* FindActivity(const v1::Programme& programme, absl::string_view activity_id) {
  for (const auto& activity : programme.activities()) {
    if (activity.activity_id() == activity_id) return &activity;
  }
  return nullptr;
}

const v1::SeminarDay* FindSeminarDay(const v1::Programme& programme, absl::string_view day_id) {
  for (const auto& activity : programme.activities()) {
    for (const auto& day : activity.seminar_days()) {
      if (day.seminar_day_id() == day_id) return &day;
    }
  }
  return nullptr;
}

int DaysOf(const v1::SeminarDay& day) { return std::max(1, day.days()); }

std::vector<SeminarDayOf> SeminarDays(const v1::Programme& programme) {
  std::vector<SeminarDayOf> days;
  for (const auto& theme : programme.themes()) {
    for (const auto& activity : programme.activities()) {
      for (const auto& day : activity.seminar_days()) {
        if (day.theme_id() == theme.theme_id()) days.push_back({&activity, &day});
      }
    }
  }
  return days;
}

int ConversationsPerTeam(const v1::Programme& programme) {
  for (const auto& activity : programme.activities()) {
    if (activity.form() == v1::ACTIVITY_FORM_LEARNING_CONVERSATION) return activity.planned_count();
  }
  return 0;
}

}  // namespace klynge::courses
