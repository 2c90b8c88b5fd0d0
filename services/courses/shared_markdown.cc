// The pieces that the status and the brief have in common.
#include <cmath>
#include <map>

#include "absl/strings/str_cat.h"
#include "services/courses/status_markdown.h"

namespace klynge::courses {
namespace {

std::string PartName(const std::string& source, const Wording& say) {
  if (source == "organisation") return say("Organisationen", "The organisation");
  if (source == "goals") return say("Mål", "Goals");
  if (source == "observations") return say("Observationer", "Observations");
  return say("Uddannelsen", "The education");
}

double Shown(double mean) { return std::round(mean * 100) / 100; }

std::string Mean(const Wording& say, bool has, double value, bool suppressed) {
  if (has) return say.Number(value);
  return suppressed ? say("få", "few") : "–";
}

}  // namespace

bool IsClear(const v1::BeforeAfter& row) {
  return row.has_mean_before() && row.has_mean_after() && row.has_standard_error() &&
         std::fabs(row.mean_after() - row.mean_before()) > 2 * row.standard_error();
}

std::string PartsMarkdown(const google::protobuf::RepeatedPtrField<v1::Part>& parts,
                          const Wording& say) {
  std::string missing;
  for (const auto& part : parts) {
    if (part.state() != v1::PART_STATE_MISSING) continue;
    absl::StrAppend(&missing, "- **", PartName(part.source(), say), "** ",
                    say("mangler: ", "missing: "), EscapeMarkdown(part.reason()), "\n");
  }
  if (missing.empty()) return "";
  return absl::StrCat("\n## ", say("Mangler i denne opgørelse", "Missing from this report"), "\n\n",
                      missing);
}

std::string QualityTable(const google::protobuf::RepeatedPtrField<v1::BeforeAfter>& quality,
                         const std::map<std::string, std::string>& unit_names, const Wording& say) {
  if (quality.empty()) return "";
  std::vector<std::string> header = {say("Det observerede", "What is observed"),
                                     say("Før", "Before"), say("Efter", "After"),
                                     say("Forskel", "Difference")};
  if (!unit_names.empty()) header.insert(header.begin(), say("Område", "Area"));
  std::vector<std::vector<std::string>> rows;
  bool suppressed = false;
  bool uncertain = false;
  for (const auto& row : quality) {
    std::string difference = "–";
    if (row.has_mean_before() && row.has_mean_after()) {
      // Of the figures as they are shown, so that the table adds up.
      const double change = Shown(row.mean_after()) - Shown(row.mean_before());
      difference = say.Number(change, true);
      if (!IsClear(row)) {
        difference += " *";
        uncertain = true;
      }
    }
    suppressed = suppressed || row.suppressed();
    rows.push_back({EscapeMarkdown(row.label()),
                    Mean(say, row.has_mean_before(), row.mean_before(), row.suppressed()),
                    Mean(say, row.has_mean_after(), row.mean_after(), row.suppressed()),
                    difference});
    if (unit_names.empty()) continue;
    auto name = unit_names.find(row.unit_id());
    rows.back().insert(rows.back().begin(),
                       EscapeMarkdown(name == unit_names.end() ? row.unit_id() : name->second));
  }
  std::string text = Table(header, rows);
  if (uncertain) {
    absl::StrAppend(&text, "\n",
                    say("\\* Forskellen kan skyldes tilfældigheder.",
                        "\\* The difference may be due to chance."),
                    "\n");
  }
  if (suppressed) {
    absl::StrAppend(&text, "\n",
                    say("»få«: tallet vises ikke, fordi det bygger på for få observationer.",
                        "\"few\": not shown, because it is made from too few observations."),
                    "\n");
  }
  return text;
}

std::string GoalsParagraph(const v1::GoalFigures& goals, const Wording& say) {
  std::string text = absl::StrCat(
      say.Count(goals.agreed(), "mål er aftalt", "mål er aftalt", "goal agreed", "goals agreed"),
      ", ", goals.met(), say(" er nået og ", " met and "), goals.drafts(),
      say(" er under udarbejdelse.", " still being written."));
  if (goals.has_progress()) {
    absl::StrAppend(&text, say(" Den samlede fremdrift er ", " Progress over all is "),
                    say.Percent(goals.progress()), ".");
  }
  absl::StrAppend(
      &text, " ",
      say.Count(goals.overdue(), "opfølgning er overskredet", "opfølgninger er overskredet",
                "follow-up is overdue", "follow-ups are overdue"),
      ".\n");
  return text;
}

}  // namespace klynge::courses
