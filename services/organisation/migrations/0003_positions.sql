-- Positions, which stay when their holders change, and substitutes at them. Who holds a position is said by the
-- assignments that name it; an assignment need not.
CREATE TABLE position (
  position_id TEXT NOT NULL PRIMARY KEY,
  role TEXT NOT NULL REFERENCES held_role (role),
  unit_id TEXT NOT NULL,
  responsibilities TEXT NOT NULL DEFAULT '',
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX position_revision ON position (revision);

CREATE TABLE substitution (
  substitution_id TEXT NOT NULL PRIMARY KEY,
  position_id TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES person (person_id),
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX substitution_revision ON substitution (revision);

-- '' is none.
ALTER TABLE assignment ADD COLUMN position_id TEXT NOT NULL DEFAULT '';

-- Whether the holder leads the unit at which the role sits.
ALTER TABLE held_role ADD COLUMN leads_unit BIGINT NOT NULL DEFAULT 0;
UPDATE held_role SET leads_unit = 1
  WHERE role IN ('board_member', 'area_chief', 'cluster_leader', 'pedagogical_leader');
