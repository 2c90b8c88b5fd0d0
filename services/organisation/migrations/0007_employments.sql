-- When persons are employed: their roles end with it at the latest.
CREATE TABLE employment (
  employment_id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (person_id),
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX employment_revision ON employment (revision);

-- The day on which the person was erased; the name is a pseudonym since. '': not erased.
ALTER TABLE person ADD COLUMN erased_on TEXT NOT NULL DEFAULT '';
