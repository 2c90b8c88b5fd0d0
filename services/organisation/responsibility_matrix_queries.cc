#include "services/organisation/responsibility_matrix_queries.h"

#include <absl/strings/str_cat.h>

#include "services/organisation/competence_index.h"
#include "services/organisation/query_support.h"
#include "services/organisation/responsibility_in_words.h"

namespace klynge::organisation {
namespace {

std::string NameOf(const Tree& tree, const std::string& person_id) {
  const Person* person = tree.FindPerson(person_id);
  return person == nullptr ? "" : person->name;
}

// Who holds a position and who stands in, in every message that shows it.
template <class Proto>
void SetSeat(const Tree& tree, const Seat& seat, Proto* proto) {
  proto->set_position_id(seat.position->position_id);
  proto->set_role(seat.position->role);
  proto->set_vacant(seat.holder == nullptr);
  if (seat.holder != nullptr) {
    proto->set_person_id(seat.holder->person_id);
    proto->set_name(NameOf(tree, seat.holder->person_id));
  }
  if (seat.substitute != nullptr) {
    proto->set_substitute_person_id(seat.substitute->person_id);
    proto->set_substitute_name(NameOf(tree, seat.substitute->person_id));
  }
}

v1::MatrixRowState ToProto(CellState state) {
  switch (state) {
    case CellState::kCovered:
      return v1::MATRIX_ROW_STATE_COVERED;
    case CellState::kNobody:
      return v1::MATRIX_ROW_STATE_NOBODY;
    case CellState::kVacant:
      return v1::MATRIX_ROW_STATE_VACANT;
    case CellState::kDouble:
      return v1::MATRIX_ROW_STATE_DOUBLE;
  }
  return v1::MATRIX_ROW_STATE_UNSPECIFIED;
}

v1::LoadState StateOf(int percent, bool in_team) {
  if (percent > kFullTime) return v1::LOAD_STATE_OVER;
  return in_team && percent < kClearlyUnder ? v1::LOAD_STATE_UNDER : v1::LOAD_STATE_FITS;
}

void SetCell(const Tree& tree, const MatrixCell& cell, Date on, v1::MatrixRow* row) {
  row->set_unit_id(cell.unit->unit_id);
  row->set_unit_name(cell.unit->name);
  row->set_task(cell.task->task);
  row->mutable_label()->set_da(cell.task->label_da);
  row->mutable_label()->set_en(cell.task->label_en);
  row->set_leadership_kind(cell.task->leadership_kind);
  row->set_state(ToProto(cell.state));
  row->set_expected_percent(cell.task->expected_percent);
  row->set_percent(cell.percent());
  for (const CellHolder& holder : cell.holders) {
    v1::MatrixHolder* shown = row->add_holders();
    SetSeat(tree, holder.seat, shown);
    shown->set_responsibility_id(holder.held->responsibility_id);
    shown->set_percent(holder.held->percent);
    const std::string& actor = holder.seat.actor();
    if (!actor.empty())
      SetLacks(tree, LacksOf(tree, *cell.task, actor, on), shown->mutable_lacks());
  }
  type::v1::LocalizedText advice;
  SayInWords(tree, cell, on, &advice);
  if (!advice.da().empty()) *row->mutable_advice() = std::move(advice);
}

void SetLoads(const Tree& tree, const ResponsibilityMatrix& matrix,
              v1::ResponsibilityMatrix* proto) {
  int over = 0;
  int under = 0;
  for (const SeatLoad& load : matrix.seats) {
    v1::PositionLoad* shown = proto->add_positions();
    SetSeat(tree, load.seat, shown);
    shown->set_unit_id(load.seat.position->unit_id);
    const UnitVersion* unit = tree.FindUnit(load.seat.position->unit_id, matrix.on);
    if (unit != nullptr) shown->set_unit_name(unit->name);
    shown->set_percent(load.percent);
    shown->set_responsibility_count(load.count);
    shown->set_state(StateOf(load.percent, load.in_team));
    over += shown->state() == v1::LOAD_STATE_OVER ? 1 : 0;
    under += shown->state() == v1::LOAD_STATE_UNDER ? 1 : 0;
  }
  proto->set_overloaded_count(over);
  proto->set_underloaded_count(under);
  for (const ActorLoad& member : matrix.members) {
    v1::MemberLoad* shown = proto->add_members();
    shown->set_person_id(member.person_id);
    shown->set_name(NameOf(tree, member.person_id));
    for (const Seat& seat : member.seats) shown->add_position_ids(seat.position->position_id);
    shown->set_percent(member.percent);
    shown->set_standing_in_percent(member.standing_in);
    shown->set_state(StateOf(member.percent, member.in_team));
  }
}

void SetTimes(const ResponsibilityMatrix& matrix, v1::ResponsibilityMatrix* proto) {
  int all = 0;
  for (const KindTime& time : matrix.times) {
    if (time.kind->parent_kind.empty()) all += time.percent;
  }
  for (const KindTime& time : matrix.times) {
    v1::LeadershipTime* shown = proto->add_times();
    shown->set_leadership_kind(time.kind->kind);
    shown->mutable_label()->set_da(time.kind->label_da);
    shown->mutable_label()->set_en(time.kind->label_en);
    shown->set_parent_kind(time.kind->parent_kind);
    shown->set_primary(time.kind->primary);
    shown->set_percent(time.percent);
    if (all > 0) shown->set_share_percent((time.percent * 100 + all / 2) / all);
    shown->set_expected_percent(time.expected);
    shown->set_vacant_percent(time.vacant);
  }
  proto->set_primary_is_largest(matrix.primary_is_largest);
}

v1::LackedCompetence* AddLack(const Tree& tree, const NeededCompetence& needed, int level,
                              google::protobuf::RepeatedPtrField<v1::LackedCompetence>* protos) {
  v1::LackedCompetence* shown = protos->Add();
  shown->set_competence(needed.competence);
  if (const Competence* known = tree.Indexed<CompetenceIndex>().Find(needed.competence)) {
    shown->mutable_label()->set_da(known->label_da);
    shown->mutable_label()->set_en(known->label_en);
  }
  shown->set_least_level(needed.least_level);
  shown->set_level(level);
  return shown;
}

}  // namespace

void SetLacks(const Tree& tree, const std::vector<Lack>& lacks,
              google::protobuf::RepeatedPtrField<v1::LackedCompetence>* protos) {
  for (const Lack& lack : lacks) AddLack(tree, lack.needed, lack.level, protos);
}

absl::Status Answer(const Tree& tree, Date today, const v1::GetResponsibilityMatrixRequest& request,
                    v1::GetResponsibilityMatrixResponse* response) {
  Violations violations;
  RequireId(violations, "unit_id", request.unit_id());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_RETURN_IF_ERROR(CheckHasTeam(tree, request.unit_id(), on));
  const ResponsibilityMatrix matrix = MakeMatrix(tree, request.unit_id(), on);
  v1::ResponsibilityMatrix* shown = response->mutable_matrix();
  shown->set_unit_id(matrix.unit->unit_id);
  shown->set_unit_name(matrix.unit->name);
  shown->set_as_of(FormatDate(on));
  SayInWords(tree, matrix, shown->mutable_summary());
  shown->set_gap_count(matrix.gaps());
  shown->set_double_count(matrix.Count(CellState::kDouble));
  for (const MatrixCell& cell : matrix.cells) {
    v1::MatrixRow row;
    SetCell(tree, cell, on, &row);
    if (row.has_advice() || !request.findings_only()) *shown->add_rows() = std::move(row);
  }
  SetLoads(tree, matrix, shown);
  SetTimes(matrix, shown);
  for (const TeamNeed& need : matrix.needs) {
    if (!need.is_lacking()) continue;
    v1::LackedCompetence* lack =
        AddLack(tree, {need.competence, need.least_level}, need.level, shown->mutable_lacking());
    for (const std::string& task : need.tasks) lack->add_tasks(task);
  }
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

}  // namespace klynge::organisation
