#include "services/organisation/distribution_queries.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>

#include <tuple>

#include "services/organisation/client/responsibilities_convert.h"
#include "services/organisation/distribution_in_words.h"
#include "services/organisation/query_support.h"
#include "services/organisation/responsibility_matrix_queries.h"

namespace klynge::organisation {
namespace {

constexpr int kMostPercentAllowed = 200;

class Teller {
 public:
  Teller(const Tree& tree, const DistributionProposal& proposal,
         v1::ProposeDistributionResponse* response)
      : tree_(tree), proposal_(proposal), response_(response) {}

  void Tell() && {
    SaySummary(proposal_, response_->mutable_summary());
    for (const DistributionTask& task : proposal_.tasks) {
      if (task.is_proposed()) {
        TellProposed(task);
      } else if (task.moved == nullptr) {
        TellOpen(task);
      }
    }
    for (const TeamActor& member : proposal_.members) {
      v1::ProposedLoad* load = response_->add_loads();
      load->set_person_id(member.person_id);
      load->set_name(NameOf(member.person_id));
      load->set_percent_before(member.before);
      load->set_percent_after(member.after);
    }
    v1::DistributionQuality* quality = response_->mutable_quality();
    quality->set_cost(proposal_.solution.cost);
    quality->set_lower_bound(proposal_.solution.lower_bound);
    quality->set_best(proposal_.solution.is_best());
    response_->set_revision(tree_.revision());
  }

 private:
  std::string NameOf(const std::string& person_id) const {
    const Person* person = tree_.FindPerson(person_id);
    return person == nullptr ? "" : person->name;
  }

  void TellProposed(const DistributionTask& task) {
    const TeamActor& member = proposal_.members[static_cast<size_t>(task.chosen)];
    const Responsibility responsibility =
        ProposedResponsibility(tree_, proposal_, task, taken_ids_);
    taken_ids_.push_back(responsibility.responsibility_id);
    AddRows(task, responsibility);
    v1::ProposedResponsibility* shown = response_->add_proposals();
    ToProto(responsibility, shown->mutable_responsibility());
    shown->mutable_label()->set_da(task.cell->task->label_da);
    shown->mutable_label()->set_en(task.cell->task->label_en);
    shown->set_unit_name(task.cell->unit->name);
    shown->set_person_id(member.person_id);
    shown->set_name(NameOf(member.person_id));
    SayWhy(tree_, proposal_, task, shown->mutable_why());
    SetLacks(tree_, task.candidacies[static_cast<size_t>(task.chosen)].lacks,
             shown->mutable_lacks());
    if (task.moved != nullptr) {
      shown->set_instead_of_responsibility_id(task.moved->responsibility_id);
    }
    TellConsidered(task, shown);
  }

  void AddRows(const DistributionTask& task, const Responsibility& responsibility) {
    if (task.moved != nullptr && task.moved->valid.from < proposal_.matrix.on) {
      Responsibility ended = *task.moved;
      ended.valid.to = proposal_.matrix.on;
      ToProto(ended, response_->add_rows()->mutable_responsibility());
    }
    ToProto(responsibility, response_->add_rows()->mutable_responsibility());
  }

  // Those who could have been chosen first, by how much worse that would be.
  void TellConsidered(const DistributionTask& task, v1::ProposedResponsibility* shown) {
    std::vector<std::tuple<bool, int64_t, size_t>> others;
    for (size_t i = 0; i < proposal_.members.size(); ++i) {
      if (static_cast<int>(i) == task.chosen || task.candidacies[i].seat == nullptr) continue;
      const v1::ConsideredReason reason = WhyNot(proposal_, task, i);
      const bool impossible =
          reason == v1::CONSIDERED_REASON_NO_TIME || reason == v1::CONSIDERED_REASON_OVERLOADED;
      const int64_t with = proposal_.members[i].after + task.percent;
      others.push_back({impossible,
                        kMissingLevelCost * task.candidacies[i].missing_levels() +
                            kStepCost * task.candidacies[i].distance + 2 * with * task.percent,
                        i});
    }
    absl::c_sort(others);
    for (const auto& [impossible, worse, i] : others) AddConsidered(task, i, shown);
  }

  void AddConsidered(const DistributionTask& task, size_t i, v1::ProposedResponsibility* shown) {
    const TeamActor& member = proposal_.members[i];
    v1::ConsideredMember* considered = shown->add_considered();
    considered->set_person_id(member.person_id);
    considered->set_name(NameOf(member.person_id));
    considered->set_position_id(task.candidacies[i].seat->position->position_id);
    considered->set_reason(WhyNot(proposal_, task, i));
    SayWhyNot(tree_, proposal_, task, i, considered->mutable_why());
    considered->set_percent_with(member.after + task.percent);
    SetLacks(tree_, task.candidacies[i].lacks, considered->mutable_lacks());
    considered->set_distance(task.candidacies[i].distance);
  }

  void TellOpen(const DistributionTask& task) {
    v1::OpenTask* open = response_->add_open_tasks();
    open->set_unit_id(task.cell->unit->unit_id);
    open->set_unit_name(task.cell->unit->name);
    open->set_task(task.cell->task->task);
    open->mutable_label()->set_da(task.cell->task->label_da);
    open->mutable_label()->set_en(task.cell->task->label_en);
    open->set_expected_percent(task.percent);
    SayWhyOpen(tree_, proposal_, task, open->mutable_why());
  }

  const Tree& tree_;
  const DistributionProposal& proposal_;
  v1::ProposeDistributionResponse* response_;
  std::vector<std::string> taken_ids_;
};

}  // namespace

absl::Status Answer(const Tree& tree, Date today, const v1::ProposeDistributionRequest& request,
                    v1::ProposeDistributionResponse* response) {
  Violations violations;
  RequireId(violations, "unit_id", request.unit_id());
  const int most = request.most_percent() == 0 ? kFullTime : request.most_percent();
  if (most < 1 || most > kMostPercentAllowed) {
    violations.Add("most_percent", absl::StrCat("must be 1 to ", kMostPercentAllowed, ", or 0 for ",
                                                kFullTime, ", was ", request.most_percent()));
  }
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_RETURN_IF_ERROR(CheckHasTeam(tree, request.unit_id(), on));
  const auto proposal = Propose(tree, request.unit_id(), on, most, request.relieve_overload());
  Teller(tree, *proposal, response).Tell();
  return absl::OkStatus();
}

}  // namespace klynge::organisation
