// The rules an organisation keeps on every date. Each is judged on the state an import would leave,
// and a broken one is laid at the door of the rows that break it.
//
// A rule can be broken by either side (a child that reaches beyond its parent, or a parent that
// ends before its child): the dependent side's row is blamed if there is one, else the other
// side's. What is stored was right before, so there is always a row to blame, unless the reference
// data changed; then the stored state is left in peace.
#pragma once

#include <absl/types/optional.h>

#include <string>
#include <vector>

#include "services/organisation/candidate.h"

namespace klynge::organisation {

struct Blame {
  int row = 0;
  Problem problem;
};

// Versions without gaps; known kinds; parents that exist all the time, of a kind that may contain
// the unit; nothing below itself.
std::vector<Blame> CheckUnits(const Candidate& candidate);

// A unit exists on every day on which something that is stored needs it: what stands under it, sits
// at it, or has to do with it in any other way. What does is told together.
std::vector<Blame> CheckUnitLives(const Candidate& candidate);

// Known persons, roles and units; within the unit's life; roles where they may sit; one holder of
// an exclusive role at a time.
std::vector<Blame> CheckAssignments(const Candidate& candidate);

// Known kinds of body, within the unit's life, at units that may have them; members who are known,
// within the body's life, in roles it has, once; made up as the kind demands where it insists.
std::vector<Blame> CheckBodies(const Candidate& candidate);

// For positions what holds for assignments; assignments that fill a position have its role and
// unit, last no longer, and take turns; an exclusive role that has a position is held by filling
// it; substitutes last no longer than the position, take turns, and are not its holder.
std::vector<Blame> CheckPositions(const Candidate& candidate);

// Known persons, one employment at a time; roles begin while their person is employed, if it is
// known when that is.
std::vector<Blame> CheckEmployments(const Candidate& candidate);

// Nobody is erased by an import, and nothing new is taken in about who was.
std::vector<Blame> CheckErased(const Candidate& candidate);

// Known kinds of partner and partnership, known transitions; both sides there all the time and of
// a kind that takes part; the same between the same two once.
std::vector<Blame> CheckPartners(const Candidate& candidate);

// Known persons, competences and levels; each self-declared and each confirmed once at a time.
std::vector<Blame> CheckCompetences(const Candidate& candidate);

// Tasks of known kinds, with known competences; responsibilities of known positions for known units
// that have the task, all there all the time; the unit in the cluster of the position; each once.
std::vector<Blame> CheckResponsibilities(const Candidate& candidate);

// Two known units, one there the day before, the other that day; no two that say the same, and one
// at most that carries the figures.
std::vector<Blame> CheckSuccessions(const Candidate& candidate);

// Known hierarchies; units and those they stand under there all the time; one placement at a time;
// nothing below itself, and nothing under what is not in the hierarchy.
std::vector<Blame> CheckPlacements(const Candidate& candidate);

// Known registers, codes as they expect them, of those who may have such; codes that begin while
// their holder exists, keep their holder, and where the register says so have one at a time.
std::vector<Blame> CheckRegisteredCodes(const Candidate& candidate);

// What a row refers to and does not exist. For rows that are wrong in themselves and take no
// further part, so that their sender is told everything at once.
std::vector<Problem> CheckReferences(const Candidate& candidate, const ImportRow& row);

// The problem with a reference; nothing when what it names exists.
absl::optional<Problem> MissingKind(const Candidate& candidate, const std::string& kind);
absl::optional<Problem> MissingParent(const Candidate& candidate, const std::string& parent_id);
absl::optional<Problem> MissingPosition(const Candidate& candidate, std::string field,
                                        const std::string& position_id);
absl::optional<Problem> MissingPerson(const Candidate& candidate, std::string field,
                                      const std::string& person_id);
absl::optional<Problem> MissingRole(const Candidate& candidate, std::string field,
                                    const std::string& role);
absl::optional<Problem> MissingUnit(const Candidate& candidate, std::string field,
                                    const std::string& unit_id);
absl::optional<Problem> MissingBodyKind(const Candidate& candidate, const std::string& kind);
absl::optional<Problem> MissingPartnerKind(const Candidate& candidate, const std::string& kind);
absl::optional<Problem> MissingPartnershipKind(const Candidate& candidate, const std::string& kind);
absl::optional<Problem> MissingTransition(const Candidate& candidate,
                                          const std::string& transition);
absl::optional<Problem> MissingPartner(const Candidate& candidate, std::string field,
                                       const std::string& partner_id);
absl::optional<Problem> MissingRegister(const Candidate& candidate, const std::string& name);
absl::optional<Problem> MissingHierarchy(const Candidate& candidate, const std::string& hierarchy);
absl::optional<Problem> MissingLevel(const Candidate& candidate, std::string field, int level);
absl::optional<Problem> MissingTask(const Candidate& candidate, const std::string& task);
absl::optional<Problem> MissingLeadershipKind(const Candidate& candidate, const std::string& kind);
// Of a competence that is not in the catalogue.
Problem UnknownCompetence(const Candidate& candidate, std::string field,
                          const std::string& competence);

}  // namespace klynge::organisation
