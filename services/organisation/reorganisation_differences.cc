// How the organisation of a day differs with a reorganisation from what it is without.
#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include "services/organisation/client/convert.h"
#include "services/organisation/reorganisation_outcome.h"
#include "services/organisation/responsibility_matrix.h"
#include "services/organisation/team_queries.h"
#include "services/platform/rpc/status.h"

namespace klynge::organisation {
namespace {

class Differences {
 public:
  Differences(const Tree& before, const Tree& after, Date on, const ImportPlan& plan,
              v1::PreviewReorganisationResponse* response)
      : before_(before), after_(after), on_(on), response_(response) {
    for (const auto& write : plan.units) Touch(write.thing.unit_id);
    for (const auto& write : plan.assignments) Touch(write.thing.unit_id);
    for (const auto& write : plan.positions) Touch(write.thing.unit_id);
    for (const auto& write : plan.responsibilities) Touch(write.thing.unit_id);
  }

  void AddUnit(const std::string& unit_id) {
    const UnitVersion* was = before_.FindUnit(unit_id, on_);
    const UnitVersion* is = after_.FindUnit(unit_id, on_);
    const std::vector<v1::UnitDifferenceKind> kinds = KindsOf(was, is);
    if (kinds.empty()) return;
    v1::UnitDifference* difference = response_->add_units();
    difference->set_unit_id(unit_id);
    for (v1::UnitDifferenceKind kind : kinds) difference->add_kinds(kind);
    if (was != nullptr) ToProto(*was, difference->mutable_before());
    if (is != nullptr) ToProto(*is, difference->mutable_after());
  }

  void AddTeams() {
    std::set<std::string> clusters;
    for (const Tree* tree : {&before_, &after_}) {
      for (const UnitVersion* unit : tree->UnitsOn(on_)) {
        if (tree->HasTeam(unit->unit_id, on_)) clusters.insert(unit->unit_id);
      }
    }
    for (const std::string& cluster_id : clusters) AddTeam(cluster_id);
  }

  void AddRoles(const std::vector<Write<Assignment>>& writes) {
    const std::vector<Assignment>& stored = before_.organisation().assignments;
    std::vector<v1::RoleDifference> roles;
    for (const auto& [held, created] : writes) {
      const Assignment* before = FindSame(stored, held);
      const bool was = before != nullptr && before->valid.Contains(on_);
      const bool is = held.valid.Contains(on_);
      const bool moved =
          was && is && (before->unit_id != held.unit_id || before->person_id != held.person_id);
      if (was && (!is || moved)) roles.push_back(Role(*before, false));
      if (is && (!was || moved)) roles.push_back(Role(held, true));
    }
    absl::c_stable_sort(roles, [](const v1::RoleDifference& a, const v1::RoleDifference& b) {
      return std::forward_as_tuple(a.person_id(), a.begins()) <
             std::forward_as_tuple(b.person_id(), b.begins());
    });
    for (v1::RoleDifference& role : roles) *response_->add_roles() = std::move(role);
  }

  void AddGaps() {
    const Gaps without = GapsOf(before_), with = GapsOf(after_);
    for (const auto& [key, gap] : with) {
      if (!without.contains(key)) *response_->add_gaps() = gap;
    }
  }

 private:
  using Gaps = std::map<std::tuple<int, std::string, std::string>, v1::ReorganisationGap>;

  static std::vector<v1::UnitDifferenceKind> KindsOf(const UnitVersion* was,
                                                     const UnitVersion* is) {
    if (was == nullptr && is == nullptr) return {};
    if (was == nullptr) return {v1::UNIT_DIFFERENCE_KIND_OPENED};
    if (is == nullptr) return {v1::UNIT_DIFFERENCE_KIND_CLOSED};
    std::vector<v1::UnitDifferenceKind> kinds;
    UnitVersion alike = *was;
    alike.valid = is->valid;
    if (was->parent_id != is->parent_id) kinds.push_back(v1::UNIT_DIFFERENCE_KIND_MOVED);
    if (was->name != is->name) kinds.push_back(v1::UNIT_DIFFERENCE_KIND_RENAMED);
    alike.parent_id = is->parent_id;
    alike.name = is->name;
    if (!(alike == *is)) kinds.push_back(v1::UNIT_DIFFERENCE_KIND_CHANGED);
    return kinds;
  }

  void AddTeam(const std::string& cluster_id) {
    v1::TeamDifference difference;
    std::set<std::string> was, is;
    for (const auto& [tree, persons, proto] :
         {std::tuple(&before_, &was, &v1::TeamDifference::mutable_before),
          std::tuple(&after_, &is, &v1::TeamDifference::mutable_after)}) {
      if (!tree->HasTeam(cluster_id, on_)) continue;
      const UnitVersion& cluster = *tree->FindUnit(cluster_id, on_);
      difference.set_name(cluster.name);
      SetTeam(*tree, cluster, on_, (difference.*proto)());
      const std::vector<std::string> ids = tree->Team(cluster_id, on_).PersonIds();
      persons->insert(ids.begin(), ids.end());
    }
    if (difference.has_before() && difference.has_after() &&
        SaysTheSame(difference.before(), difference.after())) {
      return;
    }
    difference.set_cluster_id(cluster_id);
    absl::c_set_difference(
        is, was,
        google::protobuf::RepeatedFieldBackInserter(difference.mutable_joined_person_ids()));
    absl::c_set_difference(
        was, is, google::protobuf::RepeatedFieldBackInserter(difference.mutable_left_person_ids()));
    *response_->add_teams() = std::move(difference);
  }

  // Days on which the cluster begins and ends do not make another team of it.
  static bool SaysTheSame(v1::LeadershipTeam a, v1::LeadershipTeam b) {
    for (v1::LeadershipTeam* team : {&a, &b}) {
      team->clear_valid_from();
      team->clear_valid_to();
    }
    return google::protobuf::util::MessageDifferencer::Equals(a, b);
  }

  v1::RoleDifference Role(const Assignment& held, bool begins) const {
    v1::RoleDifference role;
    role.set_person_id(held.person_id);
    if (const Person* person = after_.FindPerson(held.person_id)) role.set_name(person->name);
    role.set_begins(begins);
    ToProto(held, role.mutable_assignment());
    return role;
  }

  // Notes the cluster of a unit, without the reorganisation and with it.
  void Touch(const std::string& unit_id) {
    for (const Tree* tree : {&before_, &after_}) {
      const UnitVersion* unit = tree->FindUnit(unit_id, on_);
      if (unit == nullptr) continue;
      std::vector<const UnitVersion*> above = tree->AncestorVersions(unit_id, on_);
      above.insert(above.begin(), unit);
      for (const UnitVersion* each : above) {
        if (tree->HasTeam(each->unit_id, on_)) touched_clusters_.insert(each->unit_id);
      }
    }
  }

  // `what` tells gaps of one kind at one unit apart.
  static v1::ReorganisationGap& AddGap(Gaps& gaps, v1::ReorganisationGapKind kind,
                                       const std::string& unit_id, const std::string& what,
                                       std::string da, std::string en) {
    v1::ReorganisationGap& gap = gaps[{kind, unit_id, what}];
    gap.set_kind(kind);
    gap.set_unit_id(unit_id);
    gap.mutable_text()->set_da(std::move(da));
    gap.mutable_text()->set_en(std::move(en));
    return gap;
  }

  Gaps GapsOf(const Tree& tree) const {
    Gaps gaps;
    for (const UnitVersion* unit : tree.UnitsOn(on_)) {
      if (tree.HasTeam(unit->unit_id, on_)) AddTeamGaps(tree, *unit, gaps);
    }
    for (const Position& position : tree.organisation().positions) {
      if (!tree.positions().VacancyOn(position, on_)) continue;
      AddGap(gaps, v1::REORGANISATION_GAP_KIND_POSITION_VACANT, position.unit_id,
             position.position_id, absl::StrCat("Stillingen ", position.position_id, " er ubesat"),
             absl::StrCat("Position ", position.position_id, " is vacant"))
          .set_position_id(position.position_id);
    }
    for (const std::string& cluster_id : touched_clusters_) {
      if (tree.HasTeam(cluster_id, on_)) AddTaskGaps(tree, cluster_id, gaps);
    }
    return gaps;
  }

  void AddTaskGaps(const Tree& tree, const std::string& cluster_id, Gaps& gaps) const {
    for (const MatrixCell& cell : MakeMatrix(tree, cluster_id, on_).cells) {
      if (!cell.is_gap()) continue;
      AddGap(gaps, v1::REORGANISATION_GAP_KIND_TASK_WITHOUT_HOLDER, cell.unit->unit_id,
             cell.task->task,
             absl::StrCat("Ingen har opgaven »", cell.task->label_da, "« i ", cell.unit->name),
             absl::StrCat("Nobody has the task “", cell.task->label_en, "” at ", cell.unit->name))
          .set_task(cell.task->task);
    }
  }

  void AddTeamGaps(const Tree& tree, const UnitVersion& cluster, Gaps& gaps) const {
    const LeadershipTeam team = tree.Team(cluster.unit_id, on_);
    if (!team.leader && CanHaveLeader(tree, cluster)) {
      AddGap(gaps, v1::REORGANISATION_GAP_KIND_TEAM_WITHOUT_LEADER, cluster.unit_id, "",
             absl::StrCat(cluster.name, " har ingen klyngeleder"),
             absl::StrCat(cluster.name, " has no cluster leader"));
    }
    for (const std::string& unit_id : team.unled_unit_ids) {
      const std::string& name = tree.FindUnit(unit_id, on_)->name;
      AddGap(gaps, v1::REORGANISATION_GAP_KIND_UNIT_WITHOUT_LEADER, unit_id, "",
             absl::StrCat(name, " har ingen pædagogisk leder"),
             absl::StrCat(name, " has no pedagogical leader"));
    }
  }

  static bool CanHaveLeader(const Tree& tree, const UnitVersion& cluster) {
    return absl::c_any_of(tree.organisation().roles, [&](const organisation::Role& role) {
      return role.team_part == TeamPart::kLeader &&
             absl::c_linear_search(role.unit_kinds, cluster.kind);
    });
  }

  const Tree& before_;
  const Tree& after_;
  const Date on_;
  v1::PreviewReorganisationResponse* response_;
  std::set<std::string> touched_clusters_;
};

}  // namespace

void DescribeOutcome(const Tree& before, const ReorganisationOutcome& outcome, Date on,
                     v1::PreviewReorganisationResponse* response) {
  const Tree after(Applied(before.organisation(), outcome.plan), before.revision());
  Differences differences(before, after, on, outcome.plan, response);
  for (const std::string& unit_id : TouchedUnits(outcome)) differences.AddUnit(unit_id);
  for (const Write<Succession>& write : outcome.plan.successions) {
    ToProto(write.thing, response->add_successions());
  }
  differences.AddTeams();
  differences.AddRoles(outcome.plan.assignments);
  differences.AddGaps();
  for (const v1::ImportOrganisationRequest& row : outcome.rows) *response->add_rows() = row;
  for (const StepProblem& problem : outcome.problems) {
    v1::ReorganisationProblem* proto = response->add_problems();
    proto->set_step(problem.step);
    proto->set_field(problem.problem.field);
    proto->set_reason(ReasonName(problem.problem.reason));
    proto->set_description(problem.problem.description);
  }
}

}  // namespace klynge::organisation
