#include "services/organisation/partner_tables.h"

#include <map>
#include <utility>

#include "services/platform/rpc/status.h"

namespace klynge::organisation {
namespace {

constexpr char kSelectPartnerKinds[] =
    "SELECT kind, label_da, label_en FROM partner_kind ORDER BY kind";
constexpr char kSelectPartnershipKinds[] = "SELECT kind, label_da, label_en FROM partnership_kind";
constexpr char kSelectPartnershipSides[] =
    "SELECT partnership_kind, side, kind FROM partnership_kind_side "
    "ORDER BY partnership_kind, side, kind";
constexpr char kSelectTransitions[] =
    "SELECT transition, label_da, label_en, expected FROM transition";
constexpr char kSelectTransitionSides[] =
    "SELECT transition, side, kind FROM transition_side ORDER BY transition, side, kind";

absl::Status LoadPartnershipKinds(sql::Session& session, std::vector<PartnershipKind>& loaded) {
  KLYNGE_ASSIGN_OR_RETURN(const auto kinds, session.Query(kSelectPartnershipKinds));
  KLYNGE_ASSIGN_OR_RETURN(const auto sides, session.Query(kSelectPartnershipSides));
  std::map<std::string, PartnershipKind> by_code;
  for (const sql::Row& row : kinds) {
    by_code[row.Text(0)] = {row.Text(0), row.Text(1), row.Text(2), {}, {}, {}};
  }
  for (const sql::Row& row : sides) {
    PartnershipKind& kind = by_code[row.Text(0)];
    const std::string side = row.Text(1);
    (side == "unit"      ? kind.unit_kinds
     : side == "partner" ? kind.partner_kinds
                         : kind.partner_unit_kinds)
        .push_back(row.Text(2));
  }
  for (auto& [code, kind] : by_code) loaded.push_back(std::move(kind));
  return absl::OkStatus();
}

absl::Status LoadTransitions(sql::Session& session, std::vector<Transition>& loaded) {
  KLYNGE_ASSIGN_OR_RETURN(const auto transitions, session.Query(kSelectTransitions));
  KLYNGE_ASSIGN_OR_RETURN(const auto sides, session.Query(kSelectTransitionSides));
  std::map<std::string, Transition> by_code;
  for (const sql::Row& row : transitions) {
    by_code[row.Text(0)] = {row.Text(0), row.Text(1), row.Text(2), {}, {}, {}, row.Int(3) != 0};
  }
  for (const sql::Row& row : sides) {
    Transition& transition = by_code[row.Text(0)];
    const std::string side = row.Text(1);
    (side == "from_unit" ? transition.from_unit_kinds
     : side == "to_unit" ? transition.to_unit_kinds
                         : transition.to_partner_kinds)
        .push_back(row.Text(2));
  }
  for (auto& [code, transition] : by_code) loaded.push_back(std::move(transition));
  return absl::OkStatus();
}

}  // namespace

const sql::BulkTable& Kept<Partner>::Table() {
  static const auto* const table = new sql::BulkTable(
      TableOf("partner", 1, {"partner_id", "kind", "name", "valid_from", "valid_to"}));
  return *table;
}

std::vector<sql::Value> Kept<Partner>::ToRow(const Partner& partner) {
  return {partner.partner_id, partner.kind, partner.name, FormatDate(partner.valid.from),
          FormatDate(partner.valid.to)};
}

Partner Kept<Partner>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), RangeOf(row, 3, 4)};
}

const sql::BulkTable& Kept<Partnership>::Table() {
  static const auto* const table =
      new sql::BulkTable(TableOf("partnership", 1,
                                 {"partnership_id", "kind", "unit_id", "partner_id",
                                  "partner_unit_id", "purpose", "valid_from", "valid_to"}));
  return *table;
}

std::vector<sql::Value> Kept<Partnership>::ToRow(const Partnership& partnership) {
  return {partnership.partnership_id,
          partnership.kind,
          partnership.unit_id,
          partnership.partner_id,
          partnership.partner_unit_id,
          partnership.purpose,
          FormatDate(partnership.valid.from),
          FormatDate(partnership.valid.to)};
}

Partnership Kept<Partnership>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2),       row.Text(3),
          row.Text(4), row.Text(5), RangeOf(row, 6, 7)};
}

const sql::BulkTable& Kept<Handover>::Table() {
  static const auto* const table = new sql::BulkTable(
      TableOf("handover", 1,
              {"handover_id", "transition", "from_unit_id", "to_unit_id", "to_partner_id",
               "giver_person_id", "receiver_person_id", "valid_from", "valid_to"}));
  return *table;
}

std::vector<sql::Value> Kept<Handover>::ToRow(const Handover& handover) {
  return {handover.handover_id,         handover.transition,
          handover.from_unit_id,        handover.to_unit_id,
          handover.to_partner_id,       handover.giver_person_id,
          handover.receiver_person_id,  FormatDate(handover.valid.from),
          FormatDate(handover.valid.to)};
}

Handover Kept<Handover>::FromRow(const sql::Row& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Text(3),
          row.Text(4), row.Text(5), row.Text(6), RangeOf(row, 7, 8)};
}

absl::Status LoadPartnerKinds(sql::Session& session, Organisation& organisation) {
  KLYNGE_ASSIGN_OR_RETURN(const auto kinds, session.Query(kSelectPartnerKinds));
  for (const sql::Row& row : kinds) {
    organisation.partner_kinds.push_back({row.Text(0), row.Text(1), row.Text(2)});
  }
  KLYNGE_RETURN_IF_ERROR(LoadPartnershipKinds(session, organisation.partnership_kinds));
  return LoadTransitions(session, organisation.transitions);
}

}  // namespace klynge::organisation
