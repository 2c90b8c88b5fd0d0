#include "services/organisation/competence_queries.h"

#include <absl/algorithm/container.h>
#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <tuple>

#include "services/organisation/client/competences_convert.h"
#include "services/organisation/competence_finder.h"
#include "services/organisation/competence_index.h"
#include "services/organisation/query_support.h"
#include "services/organisation/responsibility_matrix.h"

namespace klynge::organisation {
namespace {

constexpr int kMostWanted = 200;
constexpr int kMostNearest = 20;

absl::Status CheckCompetenceKnown(const Tree& tree, const std::string& competence) {
  if (tree.Indexed<CompetenceIndex>().Find(competence) != nullptr) return absl::OkStatus();
  return NotFound(v1::ERROR_REASON_COMPETENCE_NOT_FOUND,
                  absl::StrCat("there is no competence \"", competence,
                               "\"; ListCompetences shows those there are"),
                  {{"competence", competence}});
}

void CheckLevel(Violations& violations, const std::string& field, int level) {
  if (level < 0) violations.Add(field, "is negative; 0 means any level");
}

void SetHolder(const Tree& tree, const CompetenceHolder& holder, Date on,
               v1::CompetenceHolder* proto) {
  proto->set_person_id(holder.person_id);
  const Person* person = tree.FindPerson(holder.person_id);
  if (person != nullptr) proto->set_name(person->name);
  proto->set_confirmed_level(holder.levels.confirmed);
  proto->set_declared_level(holder.levels.declared);
  if (holder.at == nullptr) return;
  proto->set_unit_id(holder.at->unit_id);
  const UnitVersion* unit = tree.FindUnit(holder.at->unit_id, on);
  if (unit != nullptr) proto->set_unit_name(unit->name);
  proto->set_role(holder.at->role);
  proto->set_distance(holder.distance);
}

// A place in the order in which holders are found.
std::string PlaceOf(const CompetenceHolder& holder) {
  return absl::StrFormat("%06d %06d %06d %s", holder.distance, 999'999 - holder.levels.confirmed,
                         999'999 - holder.levels.declared, holder.person_id);
}

// Looks up what a leadership team has.
class TeamCompetences {
 public:
  TeamCompetences(const Tree& tree, const v1::GetTeamCompetencesRequest& request, Date on)
      : tree_(tree),
        request_(request),
        on_(on),
        team_(tree.Team(request.cluster_id(), on).PersonIds()),
        distances_(tree, request.cluster_id(), on) {}

  v1::TeamCompetence* Set(const v1::WantedCompetence& wanted,
                          v1::GetTeamCompetencesResponse* response) {
    const WantedLevel level{wanted.least_level(), wanted.confirmed_only()};
    v1::TeamCompetence* shown = response->add_competences();
    *shown->mutable_wanted() = wanted;
    const Competence* known = tree_.Indexed<CompetenceIndex>().Find(wanted.competence());
    shown->mutable_label()->set_da(known->label_da);
    shown->mutable_label()->set_en(known->label_en);
    for (const CompetenceHolder& holder : HoldersInTeam(wanted.competence())) {
      SetHolder(tree_, holder, on_,
                holder.levels.Meet(level) ? shown->add_holders() : shown->add_below());
    }
    if (!shown->holders().empty()) return shown;
    shown->set_lacking(true);
    response->add_lacking(wanted.competence());
    if (request_.nearest() > 0) SetNearest(wanted.competence(), level, shown);
    return shown;
  }

 private:
  std::vector<CompetenceHolder> HoldersInTeam(const std::string& competence) {
    std::vector<CompetenceHolder> holders;
    for (const std::string& person_id : team_) {
      const Levels levels = LevelsOf(tree_, person_id, competence, on_);
      if (!levels.any()) continue;
      const auto [at, distance] = NearestAssignment(tree_, person_id, distances_, "", on_);
      holders.push_back({person_id, levels, at, distance});
    }
    absl::c_sort(holders, [](const CompetenceHolder& a, const CompetenceHolder& b) {
      return std::tie(b.levels.confirmed, b.levels.declared, a.person_id) <
             std::tie(a.levels.confirmed, a.levels.declared, b.person_id);
    });
    return holders;
  }

  void SetNearest(const std::string& competence, const WantedLevel& level,
                  v1::TeamCompetence* shown) {
    const CompetenceSearch search{competence, request_.cluster_id(), "", level, on_};
    for (const CompetenceHolder& holder : FindHolders(tree_, search)) {
      if (shown->nearest_size() == request_.nearest()) return;
      // Nobody in the team has it so well, so these are all outside.
      SetHolder(tree_, holder, on_, shown->add_nearest());
    }
  }

  const Tree& tree_;
  const v1::GetTeamCompetencesRequest& request_;
  const Date on_;
  const std::vector<std::string> team_;
  Distances distances_;
};

void CheckWanted(Violations& violations, const v1::GetTeamCompetencesRequest& request) {
  if (request.wanted_size() > kMostWanted) {
    violations.Add("wanted", absl::StrCat("has ", request.wanted_size(), "; at most ", kMostWanted,
                                          " at a time"));
    return;
  }
  if (request.needed_by_tasks() && !request.wanted().empty()) {
    violations.Add("wanted", "must be empty with needed_by_tasks: the tasks say what is wanted");
  }
  absl::flat_hash_set<std::string> seen;
  for (int i = 0; i < request.wanted_size(); ++i) {
    const v1::WantedCompetence& wanted = request.wanted(i);
    const std::string field = absl::StrCat("wanted[", i, "].");
    RequireId(violations, field + "competence", wanted.competence());
    CheckLevel(violations, field + "least_level", wanted.least_level());
    if (!seen.insert(wanted.competence()).second) {
      violations.Add(field + "competence",
                     absl::StrCat("\"", wanted.competence(), "\" is there already; name it once"));
    }
  }
}

}  // namespace

absl::Status Answer(const Tree& tree, Date, const v1::ListCompetencesRequest& request,
                    v1::ListCompetencesResponse* response) {
  std::vector<const Competence*> competences;
  for (const Competence& known : tree.organisation().competences) competences.push_back(&known);
  for (const CompetenceLevel& level : tree.organisation().competence_levels) {
    ToProto(level, response->add_levels());
  }
  response->set_revision(tree.revision());
  return Page(
      competences, request, response,
      [](const Competence& known) -> const std::string& { return known.competence; },
      [&](const Competence& known) { ToProto(known, response->add_competences()); });
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListHeldCompetencesRequest& request,
                    v1::ListHeldCompetencesResponse* response) {
  Violations violations;
  if (!request.person_id().empty()) RequireId(violations, "person_id", request.person_id());
  const CompetenceIndex& index = tree.Indexed<CompetenceIndex>();
  CheckCodes(violations, "competences", request.competences(), "ListCompetences",
             [&](const std::string& competence) { return index.Find(competence) != nullptr; });
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  if (!request.person_id().empty() && tree.FindPerson(request.person_id()) == nullptr) {
    return PersonNotFound(request.person_id());
  }
  std::vector<const HeldCompetence*> held;
  if (!request.person_id().empty()) {
    held = index.HeldBy(request.person_id());
  } else {
    for (const HeldCompetence& one : tree.organisation().held_competences) held.push_back(&one);
  }
  std::erase_if(held, [&](const HeldCompetence* one) {
    return !one->valid.Contains(on) || !LetsThrough(request.competences(), one->competence);
  });
  response->set_revision(tree.revision());
  return Page(
      held, request, response,
      [](const HeldCompetence& one) -> const std::string& { return one.held_competence_id; },
      [&](const HeldCompetence& one) { ToProto(one, response->add_held_competences()); });
}

absl::Status Answer(const Tree& tree, Date today, const v1::FindCompetenceRequest& request,
                    v1::FindCompetenceResponse* response) {
  Violations violations;
  RequireId(violations, "competence", request.competence());
  if (!request.within_unit_id().empty()) {
    RequireId(violations, "within_unit_id", request.within_unit_id());
  }
  if (!request.near_unit_id().empty()) {
    RequireId(violations, "near_unit_id", request.near_unit_id());
  } else if (request.within_unit_id().empty()) {
    violations.Add("near_unit_id",
                   "is required, or within_unit_id: from where is nearest counted?");
  }
  CheckLevel(violations, "least_level", request.least_level());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_RETURN_IF_ERROR(CheckCompetenceKnown(tree, request.competence()));
  for (const std::string& unit_id : {request.near_unit_id(), request.within_unit_id()}) {
    if (!unit_id.empty() && tree.FindUnit(unit_id, on) == nullptr) {
      return UnitNotFound(tree, unit_id, on);
    }
  }
  const std::string& near =
      request.near_unit_id().empty() ? request.within_unit_id() : request.near_unit_id();
  const std::vector<CompetenceHolder> found =
      FindHolders(tree, {request.competence(),
                         near,
                         request.within_unit_id(),
                         {request.least_level(), request.confirmed_only()},
                         on});
  std::vector<const CompetenceHolder*> holders;
  for (const CompetenceHolder& holder : found) holders.push_back(&holder);
  response->set_revision(tree.revision());
  return Page(holders, request, response, PlaceOf, [&](const CompetenceHolder& holder) {
    SetHolder(tree, holder, on, response->add_holders());
  });
}

absl::Status Answer(const Tree& tree, Date today, const v1::GetTeamCompetencesRequest& request,
                    v1::GetTeamCompetencesResponse* response) {
  Violations violations;
  RequireId(violations, "cluster_id", request.cluster_id());
  CheckWanted(violations, request);
  if (request.nearest() < 0 || request.nearest() > kMostNearest) {
    violations.Add("nearest",
                   absl::StrCat("must be 0 to ", kMostNearest, ", was ", request.nearest()));
  }
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_RETURN_IF_ERROR(CheckHasTeam(tree, request.cluster_id(), on));
  for (const v1::WantedCompetence& wanted : request.wanted()) {
    KLYNGE_RETURN_IF_ERROR(CheckCompetenceKnown(tree, wanted.competence()));
  }
  TeamCompetences team(tree, request, on);
  for (const v1::WantedCompetence& wanted : request.wanted()) team.Set(wanted, response);
  if (request.needed_by_tasks()) {
    for (const TeamNeed& need : MakeMatrix(tree, request.cluster_id(), on).needs) {
      v1::WantedCompetence wanted;
      wanted.set_competence(need.competence);
      wanted.set_least_level(need.least_level);
      v1::TeamCompetence* shown = team.Set(wanted, response);
      for (const std::string& task : need.tasks) shown->add_tasks(task);
    }
  } else if (request.wanted().empty()) {
    v1::WantedCompetence any;
    for (const Competence& known : tree.organisation().competences) {
      any.set_competence(known.competence);
      team.Set(any, response);
    }
  }
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

}  // namespace klynge::organisation
