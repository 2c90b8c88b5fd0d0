// What an import does: which rows are right, and what has to be written for them.
#pragma once

#include <string>
#include <vector>

#include "services/organisation/client/tree.h"
#include "services/organisation/import_row.h"

namespace klynge::organisation {

enum class RowResult { kCreated, kUpdated, kUnchanged, kRejected };

struct RowVerdict {
  RowResult result = RowResult::kUnchanged;
  std::vector<Problem> problems;  // of a rejected row; the first says why best
};

// A thing to store.
template <class Thing>
struct Write {
  Thing thing;
  bool created = false;
};

// A role that ends because the employment of its person does. Of assignment, substitution and
// membership, one is set.
struct EndedRole {
  std::string person_id;
  std::string assignment_id;
  std::string substitution_id;
  Date valid_to;
  std::string vacant_position_id;  // "" when no position falls vacant by it
  std::string membership_id{};
};

struct ImportPlan {
  std::vector<RowVerdict> verdicts;  // one a row, in their order
  // What to store. Also versions that no row brings, when a new one after them ends them.
  std::vector<Write<UnitVersion>> units;
  std::vector<Write<Person>> persons;
  std::vector<Write<Assignment>> assignments;
  std::vector<Write<Body>> bodies;
  std::vector<Write<BodyMembership>> body_memberships;
  std::vector<Write<Position>> positions;
  std::vector<Write<Substitution>> substitutions;
  std::vector<Write<Employment>> employments;
  std::vector<Write<Partner>> partners;
  std::vector<Write<Partnership>> partnerships;
  std::vector<Write<Handover>> handovers;
  std::vector<Write<Competence>> competences;
  std::vector<Write<HeldCompetence>> held_competences;
  std::vector<Write<Task>> tasks;
  std::vector<Write<Responsibility>> responsibilities;
  std::vector<Write<Succession>> successions;
  std::vector<Write<Placement>> placements;
  std::vector<Write<Code>> codes;

  // What of this employments end: stored roles by id, then those of rows. They are among the
  // writes.
  std::vector<EndedRole> ended_roles;

  bool HasRejected() const;
  bool ChangesNothing() const;
};

// Judges the rows together, whatever their order, by the state they would leave. Rows that break a
// rule are rejected until the rest breaks none; so applying the plan to an organisation that keeps
// the rules gives one that keeps them. Applied twice, the second time changes nothing.
ImportPlan PlanImport(const Tree& before, const std::vector<ImportRow>& rows);

// The organisation as carrying out the plan leaves it.
Organisation Applied(const Organisation& before, const ImportPlan& plan);

}  // namespace klynge::organisation
