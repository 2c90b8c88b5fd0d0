// How partners, partnerships and handovers are kept; see organisation_tables.h.
#pragma once

#include "klynge/organisation/v1/partnership.pb.h"
#include "services/organisation/client/model.h"
#include "services/organisation/client/partners_convert.h"
#include "services/organisation/organisation_tables.h"
#include "services/platform/sql/session.h"

namespace klynge::organisation {

template <>
struct Kept<Partner> {
  using Proto = v1::Partner;
  static constexpr char kWord[] = "partner";
  static constexpr char kSelect[] =
      "SELECT partner_id, kind, name, valid_from, valid_to FROM partner WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Partner& partner);
  static Partner FromRow(const sql::Row& row);
};

template <>
struct Kept<Partnership> {
  using Proto = v1::Partnership;
  static constexpr char kWord[] = "partnership";
  static constexpr char kSelect[] =
      "SELECT partnership_id, kind, unit_id, partner_id, partner_unit_id, purpose, valid_from, "
      "valid_to FROM partnership WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Partnership& partnership);
  static Partnership FromRow(const sql::Row& row);
};

template <>
struct Kept<Handover> {
  using Proto = v1::Handover;
  static constexpr char kWord[] = "handover";
  static constexpr char kSelect[] =
      "SELECT handover_id, transition, from_unit_id, to_unit_id, to_partner_id, giver_person_id, "
      "receiver_person_id, valid_from, valid_to FROM handover WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Handover& handover);
  static Handover FromRow(const sql::Row& row);
};

// Reads the kinds of partner and partnership, and the transitions.
absl::Status LoadPartnerKinds(sql::Session& session, Organisation& organisation);

}  // namespace klynge::organisation
