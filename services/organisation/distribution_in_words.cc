#include "services/organisation/distribution_in_words.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>

#include "services/organisation/responsibility_in_words.h"

namespace klynge::organisation {
namespace {

using absl::StrCat;

const Candidacy& ChosenOf(const DistributionTask& task) {
  return task.candidacies[static_cast<size_t>(task.chosen)];
}

// How much the load of a member costs with a percentage more than it would be without it.
int64_t SquareOf(int with, int percent) {
  const int64_t without = with - percent;
  return int64_t{with} * with - without * without;
}

}  // namespace

v1::ConsideredReason WhyNot(const DistributionProposal& proposal, const DistributionTask& task,
                            size_t member) {
  const TeamActor& other = proposal.members[member];
  const TeamActor& chosen = proposal.members[static_cast<size_t>(task.chosen)];
  const Candidacy& candidacy = task.candidacies[member];
  if (other.before > proposal.most_percent) return v1::CONSIDERED_REASON_OVERLOADED;
  if (other.after + task.percent > proposal.most_percent) return v1::CONSIDERED_REASON_NO_TIME;
  if (candidacy.missing_levels() > ChosenOf(task).missing_levels()) {
    return v1::CONSIDERED_REASON_LACKS_COMPETENCE;
  }
  const int64_t load =
      SquareOf(other.after + task.percent, task.percent) - SquareOf(chosen.after, task.percent);
  const int64_t steps = kStepCost * (candidacy.distance - ChosenOf(task).distance);
  if (load <= 0 && steps <= 0) return v1::CONSIDERED_REASON_EQUAL;
  return load > steps ? v1::CONSIDERED_REASON_MORE_LOADED : v1::CONSIDERED_REASON_FARTHER;
}

void SayWhyNot(const Tree& tree, const DistributionProposal& proposal, const DistributionTask& task,
               size_t member, type::v1::LocalizedText* text) {
  const TeamActor& other = proposal.members[member];
  const int with = other.after + task.percent;
  switch (WhyNot(proposal, task, member)) {
    case v1::CONSIDERED_REASON_OVERLOADED:
      Say(StrCat("Har for meget i forvejen: ", other.before, " %."),
          StrCat("Has too much already: ", other.before, " %."), text);
      break;
    case v1::CONSIDERED_REASON_NO_TIME:
      Say(StrCat("Har ikke tid: ville komme op på ", with, " %."),
          StrCat("Has no time: would come to ", with, " %."), text);
      break;
    case v1::CONSIDERED_REASON_LACKS_COMPETENCE: {
      const InBothLanguages words = InWords(tree, task.candidacies[member].lacks);
      Say(StrCat("Mangler ", words.da, "."), StrCat("Lacks ", words.en, "."), text);
      break;
    }
    case v1::CONSIDERED_REASON_MORE_LOADED:
      Say(StrCat("Har mere at lave: ville komme op på ", with, " %."),
          StrCat("Has more to do: would come to ", with, " %."), text);
      break;
    case v1::CONSIDERED_REASON_FARTHER:
      Say("Sidder længere fra enheden.", "Is farther from the unit.", text);
      break;
    default:
      Say("Ville være lige så god.", "Would be as good.", text);
  }
}

void SayWhy(const Tree& tree, const DistributionProposal& proposal, const DistributionTask& task,
            type::v1::LocalizedText* text) {
  const Candidacy& chosen = ChosenOf(task);
  const TeamActor& member = proposal.members[static_cast<size_t>(task.chosen)];
  if (task.moved != nullptr) {
    const TeamActor& had = proposal.members[static_cast<size_t>(task.home)];
    Say(StrCat("Aflaster ", NameWithId(tree, had.person_id), ", som har ", had.before, " %."),
        StrCat("Relieves ", NameWithId(tree, had.person_id), ", who has ", had.before, " %."),
        text);
  }
  if (!chosen.lacks.empty()) {
    const InBothLanguages words = InWords(tree, chosen.lacks);
    Say(StrCat("Mangler ", words.da, ", men ingen med tid kan det bedre."),
        StrCat("Lacks ", words.en, ", but nobody with time is better at it."), text);
  } else if (!task.cell->task->needs.empty()) {
    Say("Kan det, opgaven kræver.", "Can do what the task needs.", text);
  }
  if (chosen.distance == 0) {
    Say("Sidder ved enheden.", "Is at the unit.", text);
  }
  if (chosen.seat->substitute != nullptr) {
    Say("Er stedfortræder i stillingen.", "Stands in at the position.", text);
  }
  Say(StrCat("Går fra ", member.before, " til ", member.after, " % med hele forslaget."),
      StrCat("Goes from ", member.before, " to ", member.after, " % with the whole proposal."),
      text);
}

void SayWhyOpen(const Tree& tree, const DistributionProposal& proposal,
                const DistributionTask& task, type::v1::LocalizedText* text) {
  const TeamActor* freest = nullptr;
  for (const TeamActor& member : proposal.members) {
    if (freest == nullptr || member.after < freest->after) freest = &member;
  }
  if (freest == nullptr) {
    Say("Ingen i teamet har en stilling: importér stillinger, som assignments henviser til.",
        "Nobody in the team has a position: import positions, and assignments that name them.",
        text);
    return;
  }
  Say(StrCat("Ingen har tid til ", task.percent, " % mere; mest har ",
             NameWithId(tree, freest->person_id), ", som er på ", freest->after,
             " %. Aflast nogen, gør en opgave mindre, eller spørg med en højere most_percent."),
      StrCat("Nobody has time for ", task.percent, " % more; ", NameWithId(tree, freest->person_id),
             " has the most, with ", freest->after,
             " %. Relieve somebody, make a task smaller, or ask with a higher most_percent."),
      text);
}

void SaySummary(const DistributionProposal& proposal, type::v1::LocalizedText* text) {
  int gaps = 0;
  int filled = 0;
  int moved = 0;
  for (const DistributionTask& task : proposal.tasks) {
    if (task.moved == nullptr) {
      ++gaps;
      filled += task.is_proposed() ? 1 : 0;
    } else {
      moved += task.is_proposed() ? 1 : 0;
    }
  }
  if (gaps == 0) {
    Say("Alle opgaver har nogen, der tager sig af dem.", "Somebody takes care of every task.",
        text);
  } else {
    Say(StrCat(filled, " af ", gaps, " opgaver uden nogen får et forslag."),
        StrCat(filled, " of ", gaps, " tasks without anybody get a proposal."), text);
  }
  if (moved > 0) {
    Say(StrCat(moved, moved == 1 ? " opgave flyttes" : " opgaver flyttes", " for at aflaste."),
        StrCat(moved, moved == 1 ? " task moves" : " tasks move", " to relieve somebody."), text);
  }
  const bool still_over = absl::c_any_of(proposal.members, [&](const TeamActor& member) {
    return member.after > proposal.most_percent;
  });
  if (still_over) {
    Say(StrCat("Nogen har stadig mere end ", proposal.most_percent, " %."),
        StrCat("Somebody still has more than ", proposal.most_percent, " %."), text);
  }
  if (filled + moved > 0) {
    Say("Intet er ændret: send rows til ImportOrganisation, når det er besluttet.",
        "Nothing is changed: send rows to ImportOrganisation once it is decided.", text);
  }
}

}  // namespace klynge::organisation
