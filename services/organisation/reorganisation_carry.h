// What becomes of what sits at a unit, when the unit ends or goes on in another.
#pragma once

#include <map>
#include <string>

#include "services/organisation/reorganisation_draft.h"

namespace klynge::organisation {

// Positions that go on as others: old id → new id.
using CarriedPositions = std::map<std::string, std::string>;

// Ends, on the day of the draft, the unit and all that refers to it, but for what stands under it.
// What only begins later is a problem of the field.
void EndUnit(ReorganisationDraft& draft, const std::string& unit_id, const std::string& field);

// Has the position go on at another unit, with who holds it and who stands in, and with all else
// that refers to it.
void CarryPosition(ReorganisationDraft& draft, const Position& position,
                   const std::string& to_unit_id, CarriedPositions& carried);

// Has the assignment, which fills no position, go on at another unit.
void CarryAssignment(ReorganisationDraft& draft, const Assignment& held,
                     const std::string& to_unit_id);

// Has all that a unit may have several of go on at another: children, positions and assignments in
// roles that are not exclusive and may sit there, partnerships and the like. Not bodies.
void CarryAll(ReorganisationDraft& draft, const std::string& from_unit_id,
              const std::string& to_unit_id, CarriedPositions& carried);

// Ends responsibilities that are out of the reach of their positions on the day: for units that
// have come to stand in another cluster. Who is to have them there is for somebody to decide.
void EndTasksOutOfReach(ReorganisationDraft& draft);

}  // namespace klynge::organisation
