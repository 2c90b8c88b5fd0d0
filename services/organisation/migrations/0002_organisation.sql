-- Dates are ISO text; '9999-12-31' is the open end. `revision` is the one that wrote the row last.

-- The versions of a unit follow each other without a gap.
CREATE TABLE unit_version (
  unit_id TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  kind TEXT NOT NULL REFERENCES unit_kind (kind),
  name TEXT NOT NULL,
  parent_id TEXT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (unit_id, valid_from),
  CHECK (valid_from < valid_to)
);
CREATE INDEX unit_version_revision ON unit_version (revision);

CREATE TABLE person (
  person_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX person_revision ON person (revision);

CREATE TABLE assignment (
  assignment_id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (person_id),
  role TEXT NOT NULL REFERENCES held_role (role),
  unit_id TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX assignment_revision ON assignment (revision);
