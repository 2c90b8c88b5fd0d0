-- Which unit goes on in which from a day on. carries_figures is 1 for the unit of a split that does, else 0.
CREATE TABLE succession (
  succession_id TEXT NOT NULL PRIMARY KEY,
  from_unit_id TEXT NOT NULL,
  to_unit_id TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  carries_figures BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX succession_revision ON succession (revision);
