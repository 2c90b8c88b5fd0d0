#include "absl/strings/str_cat.h"
#include "services/courses/brief.h"
#include "services/courses/status_markdown.h"

namespace klynge::courses {
namespace {

std::string Heading(const Wording& say, absl::string_view danish, absl::string_view english) {
  return absl::StrCat("\n## ", say(danish, english), "\n\n");
}

std::string Team(const v1::BriefTeam& team, const Wording& say) {
  std::string text = Heading(say, "Ledelsesteamet", "The leadership team");
  if (!team.area_name().empty()) {
    absl::StrAppend(&text, say("Område: ", "Area: "), EscapeMarkdown(team.area_name()), "\n\n");
  }
  std::map<std::string, std::string> names;
  for (const auto& unit : team.units()) names[unit.unit_id()] = EscapeMarkdown(unit.name());
  for (const auto& member : team.members()) {
    absl::StrAppend(&text, "- ", EscapeMarkdown(member.name()), ", ",
                    EscapeMarkdown(member.role_label()));
    std::vector<std::string> units;  // the cluster itself is not among the names
    for (const std::string& id : member.unit_ids()) {
      if (names.count(id) > 0) units.push_back(names[id]);
    }
    if (!units.empty()) absl::StrAppend(&text, ": ", say.List(units));
    text += "\n";
  }
  absl::StrAppend(&text, "\n", say.Count(team.units_size(), "enhed", "enheder", "unit", "units"),
                  say(" i alt.\n", " in all.\n"));
  return text;
}

std::string Goals(const v1::BriefGoals& goals, const Wording& say) {
  std::string text = Heading(say, "Mål og opfølgning", "Goals and follow-up") +
                     GoalsParagraph(goals.figures(), say);
  if (!goals.overdue().empty()) {
    absl::StrAppend(&text, "\n", say("Overskredet opfølgning:", "Overdue follow-up:"), "\n\n");
    for (const auto& goal : goals.overdue()) {
      absl::StrAppend(&text, "- ", EscapeMarkdown(goal.title()), " (",
                      EscapeMarkdown(goal.unit_id()), ", ", say("frist ", "due "),
                      say.Day(goal.due_on()), ")\n");
    }
  }
  std::vector<std::string> uncovered;
  for (const auto& area : goals.coverage()) {
    if (area.goals() == 0) uncovered.push_back(EscapeMarkdown(area.label()));
  }
  const int covered = goals.coverage_size() - static_cast<int>(uncovered.size());
  if (goals.coverage_size() > 0) {
    absl::StrAppend(&text, "\n", covered, say(" af ", " of "), goals.coverage_size(),
                    say(" kerneområder har mål.", " core areas have goals."));
    if (!uncovered.empty()) {
      absl::StrAppend(&text, say(" Uden mål: ", " Without goals: "), say.List(uncovered), ".");
    }
    text += "\n";
  }
  return text;
}

std::string Observations(const v1::LearningConversationBrief& brief, const Wording& say) {
  if (brief.observations().empty()) return "";
  return Heading(say, "Observationer før og efter", "Observations before and after") +
         QualityTable(brief.observations(), {}, say);
}

std::string InTheProgramme(const v1::BriefParticipation& participation, const Wording& say) {
  std::string text = Heading(say, "Teamets deltagelse", "The team's participation");
  if (participation.programme_id().empty()) {
    return text + say("Teamet er ikke tilmeldt nogen uddannelse.\n",
                      "The team is not enrolled in any programme.\n");
  }
  const auto& attendance = participation.attendance();
  absl::StrAppend(&text, participation.seminar_days_held(), say(" af ", " of "),
                  participation.seminar_days_planned(),
                  say(" seminardage er holdt", " seminar days held"));
  if (attendance.present() + attendance.excused() + attendance.absent() > 0) {
    absl::StrAppend(&text, say("; fremmødet er ", "; attendance is "),
                    say.Percent(attendance.rate()));
  }
  text += ".";
  if (!participation.next_session_on().empty()) {
    absl::StrAppend(&text, say(" Næste seminardag: ", " Next seminar day: "),
                    say.Day(participation.next_session_on()), ".");
  }
  absl::StrAppend(&text, "\n\n", say("Læringssamtaler holdt: ", "Learning conversations held: "),
                  participation.conversations_size(), say(" af ", " of "),
                  participation.conversations_planned(), ".\n");
  for (const auto& conversation : participation.conversations()) {
    absl::StrAppend(&text, "\n", conversation.number(), ". ", say.Day(conversation.held_on()));
    if (!conversation.agreed_steps().empty()) {
      absl::StrAppend(&text, say(" – aftalt: ", " – agreed: "),
                      EscapeMarkdown(conversation.agreed_steps()));
    }
    text += "\n";
  }
  return text;
}

}  // namespace

std::string BriefMarkdown(const v1::LearningConversationBrief& brief, const Wording& say) {
  const std::string name = brief.has_team() ? brief.team().name() : brief.cluster_id();
  return absl::StrCat(
      "# ", say("Oplæg til læringssamtale: ", "Brief for a learning conversation: "),
      EscapeMarkdown(name), "\n\n", say("Opgjort pr. ", "As of "), say.Day(brief.as_of()), ".\n",
      brief.has_team() ? Team(brief.team(), say) : "", InTheProgramme(brief.participation(), say),
      brief.has_goals() ? Goals(brief.goals(), say) : "", Observations(brief, say),
      PartsMarkdown(brief.parts(), say));
}

}  // namespace klynge::courses
