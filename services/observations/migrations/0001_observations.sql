-- Instruments never change once published, so each version is one document: the proto as JSON.
CREATE TABLE instruments (
  instrument_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  definition TEXT NOT NULL,
  published_at_us BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (instrument_id, version)
);
CREATE INDEX instruments_revision ON instruments (revision);

-- round_no is the revision that created the round: a short key for what belongs to it.
CREATE TABLE rounds (
  round_no BIGINT NOT NULL PRIMARY KEY,
  round_id TEXT NOT NULL UNIQUE,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  instrument_id TEXT NOT NULL,
  instrument_version BIGINT NOT NULL,
  opens_on TEXT NOT NULL,
  closes_on TEXT NOT NULL,
  root_unit_ids TEXT NOT NULL,
  purpose BIGINT NOT NULL,
  detail_priority BIGINT NOT NULL,
  small_group_threshold BIGINT NOT NULL,
  state BIGINT NOT NULL,
  observation_count BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  closed_at_us BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX rounds_revision ON rounds (revision);

-- The tree that a round is about, in depth-first order; written once with the round.
CREATE TABLE round_units (
  round_no BIGINT NOT NULL,
  position BIGINT NOT NULL,
  unit_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  parent_id TEXT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (round_no, position)
);
CREATE INDEX round_units_revision ON round_units (revision);

-- One form is one row. ratings has one character per item of the instrument, in its order: "." for
-- an item that was not rated, else the rating less the scale's minimum as 0–9, a–j. unit is the
-- position in round_units, month is counted from 0 at the opening month, ordinal from 0 in the
-- round. Replicas never refresh from this table, so its revision has no index.
CREATE TABLE observations (
  round_no BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  observation_id TEXT NOT NULL UNIQUE,
  unit BIGINT NOT NULL,
  observed_on TEXT NOT NULL,
  month BIGINT NOT NULL,
  observer_role TEXT NOT NULL,
  perspective TEXT NOT NULL,
  ratings TEXT NOT NULL,
  recorded_at_us BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (round_no, ordinal)
);

-- What a closed round's figures are made from, written when it is closed: for each item how often
-- each rating was given, as "unit.month.rating.count" separated by blanks.
CREATE TABLE round_counts (
  round_no BIGINT NOT NULL,
  item BIGINT NOT NULL,
  counts TEXT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (round_no, item)
);
CREATE INDEX round_counts_revision ON round_counts (revision);
