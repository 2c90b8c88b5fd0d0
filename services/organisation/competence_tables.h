// How competences are kept; see organisation_tables.h.
#pragma once

#include "klynge/organisation/v1/competence.pb.h"
#include "services/organisation/client/competences_convert.h"
#include "services/organisation/organisation_tables.h"
#include "services/platform/sql/session.h"

namespace klynge::organisation {

// What came with a migration has revision 0, and is read every time as other reference data is.
template <>
struct Kept<Competence> {
  using Proto = v1::Competence;
  static constexpr char kWord[] = "competence";
  static constexpr char kSelect[] =
      "SELECT competence, label_da, label_en, description_da, description_en FROM competence "
      "WHERE revision > :after OR revision = 0";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const Competence& competence);
  static Competence FromRow(const sql::Row& row);
};

template <>
struct Kept<HeldCompetence> {
  using Proto = v1::HeldCompetence;
  static constexpr char kWord[] = "held_competence";
  static constexpr char kSelect[] =
      "SELECT held_competence_id, person_id, competence, level, confirmed_by, valid_from, valid_to "
      "FROM held_competence WHERE revision > :after";
  static const sql::BulkTable& Table();
  static std::vector<sql::Value> ToRow(const HeldCompetence& held);
  static HeldCompetence FromRow(const sql::Row& row);
};

// The levels, the lowest first.
absl::StatusOr<std::vector<CompetenceLevel>> LoadCompetenceLevels(sql::Session& session);

}  // namespace klynge::organisation
