#include "services/courses/status_markdown.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace klynge::courses {
namespace {

std::string Heading(const Wording& say, absl::string_view danish, absl::string_view english) {
  return absl::StrCat("\n## ", say(danish, english), "\n\n");
}

// Joins a name and what is said about it into one sentence end.
std::string WithFullStop(std::string text) {
  if (!text.empty() && !absl::EndsWith(text, ".")) text += ".";
  return text;
}

std::vector<std::string> AreaNames(const v1::ProgrammeStatus& status) {
  std::vector<std::string> names;
  for (const auto& area : status.areas())
    names.push_back(absl::StrCat("**", EscapeMarkdown(area.name()), "**"));
  return names;
}

std::string Attended(const v1::AttendanceRate& rate, const Wording& say) {
  if (rate.present() + rate.excused() + rate.absent() == 0) return "–";
  return absl::StrCat(say.Percent(rate.rate()), " (", rate.present(), "/",
                      rate.present() + rate.excused() + rate.absent(), ")");
}

int Networks(const v1::ProgrammeStatus& status) {
  int networks = 0;
  for (const auto& area : status.areas()) networks += area.networks_enrolled();
  return networks;
}

int Teams(const v1::ProgrammeStatus& status) {
  int teams = Networks(status);
  for (const auto& area : status.areas()) teams += area.clusters_enrolled();
  return teams;
}

// How many of the means that can be compared are clearly higher after, and how many lower.
std::string QualityInShort(const v1::ProgrammeStatus& status, const Wording& say) {
  int compared = 0;
  int higher = 0;
  int lower = 0;
  for (const auto& row : status.quality()) {
    if (!row.has_mean_before() || !row.has_mean_after()) continue;
    ++compared;
    if (!IsClear(row)) continue;
    ++(row.mean_after() > row.mean_before() ? higher : lower);
  }
  if (compared == 0) return "";
  return absl::StrCat(
      "- ", say("Observeret kvalitet før og efter: ", "Observed quality before and after: "),
      higher, say(" af ", " of "), compared,
      say(" gennemsnit er steget klart, ", " means are clearly higher, "), lower,
      say(" er faldet klart.\n", " clearly lower.\n"));
}

std::string InShort(const v1::ProgrammeStatus& status, const Wording& say) {
  const auto& places = status.places();
  std::string text = Heading(say, "Kort fortalt", "In short");
  absl::StrAppend(&text, "- ", places.taken(), say(" af ", " of "), places.capacity(),
                  say(" pladser er besat af ", " places are taken by "),
                  say.Count(Teams(status), "helt ledelsesteam", "hele ledelsesteam",
                            "whole leadership team", "whole leadership teams"),
                  ".\n");
  for (int i = 0; i < status.activities_size(); ++i) {
    if (status.programme().activities(i).form() != v1::ACTIVITY_FORM_TEAM_SEMINAR) continue;
    const auto& activity = status.activities(i);
    absl::StrAppend(&text, "- ", EscapeMarkdown(activity.name()), ": ", activity.held(),
                    say(" af ", " of "), activity.planned(), say(" dage er holdt", " days held"));
    if (status.attendance().rate() > 0) {
      absl::StrAppend(&text, say("; fremmødet er ", "; attendance is "),
                      say.Percent(status.attendance().rate()));
    }
    text += ".\n";
  }
  text += QualityInShort(status, say);
  if (status.open_questions_size() > 0) {
    absl::StrAppend(&text, "- ",
                    say.Count(status.open_questions_size(), "punkt er", "punkter er", "question is",
                              "questions are"),
                    say(" stadig under afklaring.\n", " still under clarification.\n"));
  }
  return text;
}

std::string FundingAndPeriod(const v1::ProgrammeStatus& status, const Wording& say) {
  const auto& programme = status.programme();
  std::vector<std::string> funding;
  for (const auto& grant : programme.funding()) funding.push_back(say.Text(grant));
  std::string text = Heading(say, "Midler og periode", "Funds and period");
  absl::StrAppend(
      &text, say("Der er afsat midler i ", "Funds have been granted in "), say.List(funding),
      say(" til en ledelsesuddannelse for i alt ", " for a leadership education of "),
      programme.capacity_leaders(),
      say(" ledere. Uddannelsen løber fra ", " leaders in all. The education runs from "),
      say.Day(programme.first_day()), say(" til ", " to "), say.Day(programme.last_day()), ".\n");
  return text;
}

std::string AreasAndParticipation(const v1::ProgrammeStatus& status, const Wording& say) {
  const auto& programme = status.programme();
  std::string text = Heading(say, "Områder og deltagelse", "Areas and participation");
  absl::StrAppend(&text, say("Uddannelsen gennemføres i ", "The education takes place in "),
                  say.Count(status.areas_size(), "område", "områder", "area", "areas"), ": ",
                  say.List(AreaNames(status)), ". ", say.Text(programme.reason_for_areas()),
                  say(" Lederne deltager kun som hele ledelsesteam.",
                      " Leaders take part only as whole leadership teams."),
                  "\n\n");
  std::vector<std::vector<std::string>> rows;
  for (const auto& area : status.areas()) {
    const std::string total =
        area.clusters_total() > 0
            ? absl::StrCat(area.clusters_enrolled(), say(" af ", " of "), area.clusters_total())
            : absl::StrCat(area.clusters_enrolled());
    rows.push_back({EscapeMarkdown(area.name()), total, absl::StrCat(area.networks_enrolled()),
                    absl::StrCat(area.leaders_enrolled())});
  }
  text += Table({say("Område", "Area"), say("Klynger", "Clusters"),
                 say("Selvejende netværk", "Self-owned networks"), say("Ledere", "Leaders")},
                rows);
  const auto& expected = programme.expected_networks();
  absl::StrAppend(&text, "\n", say("Besatte pladser: ", "Places taken: "), status.places().taken(),
                  say(" af ", " of "), status.places().capacity(), "; ", status.places().free(),
                  say(" er ledige.", " are free."));
  if (expected.at_most() > 0) {
    absl::StrAppend(
        &text, say(" Der ventes ", " Expected: "), expected.at_least(), "–", expected.at_most(),
        say(" netværk for selvejende institutioner; ", " networks of self-owned institutions; "),
        Networks(status), say(" deltager.", " taking part."));
  }
  return text + "\n";
}

std::string ProjectOrganisation(const v1::Programme& programme, const Wording& say) {
  std::string text = Heading(say, "Projektorganisation", "Project organisation");
  for (const auto& body : programme.project_bodies()) {
    absl::StrAppend(&text, "- **", say.Text(body.name()), "** ",
                    WithFullStop(say.Text(body.description())), "\n");
  }
  const auto& content = programme.content_responsibility();
  if (!say.Plain(content.institution()).empty()) {
    absl::StrAppend(
        &text, "\n",
        say("Fagligt ansvarlig for indholdet: ", "Professionally responsible for the content: "),
        WithFullStop(say.Text(content.institution())), " ", say.Text(content.other_lecturers()),
        "\n");
  }
  return text;
}

std::string ImplementationSupport(const v1::ProgrammeStatus& status, const Wording& say) {
  if (status.programme().implementation_support().empty()) return "";
  std::map<std::string, std::string> names;
  for (const auto& area : status.areas()) names[area.area_id()] = EscapeMarkdown(area.name());
  std::string text = Heading(say, "Implementeringsstøtte", "Implementation support");
  for (const auto& support : status.programme().implementation_support()) {
    absl::StrAppend(&text, "- ", names[support.area_id()], ": ", support.count(), " ",
                    say.Text(support.name()), "\n");
  }
  return text;
}

std::string PurposeAndForm(const v1::Programme& programme, const Wording& say) {
  std::vector<std::string> paragraphs;
  for (const auto* text : {&programme.purpose(), &programme.form()}) {
    if (!say.Plain(*text).empty()) paragraphs.push_back(say.Text(*text));
  }
  if (paragraphs.empty()) return "";
  return absl::StrCat(Heading(say, "Formål og form", "Purpose and form"),
                      absl::StrJoin(paragraphs, "\n\n"), "\n");
}

std::string ThemesAndFields(const v1::Programme& programme, const Wording& say) {
  std::string text = Heading(say, "Temaer og kompetencefelter", "Themes and competence fields");
  int number = 0;
  for (const auto& theme : programme.themes()) {
    absl::StrAppend(&text, ++number, ". ", say.Text(theme.name()), "\n");
  }
  if (programme.competence_fields().empty()) return text;
  text += "\n";
  bool in_all = true;
  for (const auto& field : programme.competence_fields()) {
    in_all =
        in_all && (field.theme_ids().empty() || field.theme_ids_size() == programme.themes_size());
    absl::StrAppend(&text, "- **", say.Text(field.name()), "**: ", say.Text(field.description()),
                    "\n");
  }
  if (in_all) {
    absl::StrAppend(&text, "\n",
                    say("Alle kompetencefelter trænes i alle temaer.",
                        "Every competence field is trained in every theme."),
                    "\n");
  }
  return text;
}

std::string PlannedText(const v1::Activity& activity, const v1::ActivityStatus& status,
                        const Wording& say) {
  if (activity.form() == v1::ACTIVITY_FORM_TO_BE_CLARIFIED) {
    return say("under afklaring", "to be clarified");
  }
  if (activity.count_basis() == v1::COUNT_BASIS_CONTINUOUS) return say("løbende", "continuous");
  if (activity.count_basis() == v1::COUNT_BASIS_TEAM) {
    return absl::StrCat(status.planned(), " (", activity.planned_count(),
                        say(" pr. team)", " per team)"));
  }
  return absl::StrCat(status.planned());
}

std::string Activities(const v1::ProgrammeStatus& status, const Wording& say) {
  std::vector<std::vector<std::string>> rows;
  std::string descriptions;
  for (int i = 0; i < status.activities_size(); ++i) {
    const auto& activity = status.programme().activities(i);
    const auto& figures = status.activities(i);
    std::string when = "–";
    if (!figures.first_date().empty()) {
      when = figures.first_date() == figures.last_date()
                 ? say.Day(figures.first_date())
                 : absl::StrCat(say.Day(figures.first_date()), " – ", say.Day(figures.last_date()));
    }
    const bool counted = figures.planned() > 0;
    rows.push_back({EscapeMarkdown(figures.name()), PlannedText(activity, figures, say),
                    counted ? absl::StrCat(figures.scheduled()) : "–",
                    counted ? absl::StrCat(figures.held()) : "–",
                    Attended(figures.attendance(), say), when});
    absl::StrAppend(&descriptions, "- **", say.Text(activity.name()),
                    "**: ", say.Text(activity.description()), "\n");
  }
  return absl::StrCat(
      Heading(say, "Aktiviteter", "Activities"), descriptions, "\n",
      Table({say("Aktivitet", "Activity"), say("Planlagt", "Planned"), say("Datosat", "Dated"),
             say("Holdt", "Held"), say("Fremmøde", "Attendance"), say("Hvornår", "When")},
            rows));
}

std::string GoalsAndQuality(const v1::ProgrammeStatus& status, const Wording& say) {
  std::string text;
  if (status.has_goals()) {
    absl::StrAppend(&text, Heading(say, "Mål i områderne", "Goals in the areas"),
                    GoalsParagraph(status.goals(), say));
  }
  std::map<std::string, std::string> names;
  for (const auto& area : status.areas()) names[area.area_id()] = area.name();
  const std::string table = QualityTable(status.quality(), names, say);
  if (!table.empty()) {
    absl::StrAppend(&text, Heading(say, "Kvalitet før og efter", "Quality before and after"),
                    table);
  }
  return text;
}

std::string OpenQuestions(const v1::ProgrammeStatus& status, const Wording& say) {
  if (status.open_questions().empty()) return "";
  std::string text = Heading(say, "Stadig under afklaring", "Still under clarification");
  for (const std::string& question : status.open_questions()) {
    absl::StrAppend(&text, "- ", EscapeMarkdown(question), "\n");
  }
  return text;
}

}  // namespace

std::string StatusMarkdown(const v1::ProgrammeStatus& status, const Wording& say) {
  const auto& programme = status.programme();
  return absl::StrCat(
      "# ", say("Status: ", "Status: "), say.Text(programme.name()), "\n\n",
      say("Opgjort pr. ", "As of "), say.Day(status.as_of()), ".\n", InShort(status, say),
      FundingAndPeriod(status, say), AreasAndParticipation(status, say),
      ProjectOrganisation(programme, say), ImplementationSupport(status, say),
      PurposeAndForm(programme, say), ThemesAndFields(programme, say), Activities(status, say),
      GoalsAndQuality(status, say), OpenQuestions(status, say), PartsMarkdown(status.parts(), say));
}

}  // namespace klynge::courses
