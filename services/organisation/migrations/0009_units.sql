-- What other registers call units, persons and partners. Registers are data: another municipality changes the rows, not
-- the code. `pattern` is a regular expression (RE2) that a code matches whole, `expects_…` says the same in words.
CREATE TABLE code_register (
  register TEXT NOT NULL PRIMARY KEY,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  pattern TEXT NOT NULL,
  expects_da TEXT NOT NULL,
  expects_en TEXT NOT NULL,
  is_unique BIGINT NOT NULL,
  for_units BIGINT NOT NULL,
  for_persons BIGINT NOT NULL,
  for_partners BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX code_register_revision ON code_register (revision);

INSERT INTO code_register (register, label_da, label_en, pattern, expects_da, expects_en, is_unique, for_units,
  for_persons, for_partners, revision) VALUES
  ('institution_number', 'Institutionsnummer', 'Institution number', '[0-9]{6}', '6 cifre', '6 digits', 1, 1, 0, 1, 0),
  ('p_number', 'P-nummer', 'Production unit number', '[0-9]{10}', '10 cifre', '10 digits', 1, 1, 0, 1, 0),
  ('cvr', 'CVR-nummer', 'Company number (CVR)', '[0-9]{8}', '8 cifre', '8 digits', 0, 1, 0, 1, 0),
  ('dagi_district', 'DAGI-distrikt', 'Administrative district (DAGI)', '[0-9]{1,10}', '1 til 10 cifre',
    '1 to 10 digits', 0, 1, 0, 0, 0),
  ('employee_number', 'Medarbejdernummer', 'Employee number', '[0-9A-Z]{3,12}', '3 til 12 cifre eller store bogstaver',
    '3 to 12 digits or capital letters', 1, 0, 1, 0, 0);

-- Dates are ISO text; '9999-12-31' is the open end. `revision` is the one that wrote the row last. Of unit_id, person_id
-- and partner_id two are ''. code is '' when the person was erased.
CREATE TABLE code (
  code_id TEXT NOT NULL PRIMARY KEY,
  register TEXT NOT NULL REFERENCES code_register (register),
  code TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX code_revision ON code (revision);

-- Where a unit is, and for how many children. '' and 0: not known.
ALTER TABLE unit_version ADD COLUMN street TEXT NOT NULL DEFAULT '';
ALTER TABLE unit_version ADD COLUMN postal_code TEXT NOT NULL DEFAULT '';
ALTER TABLE unit_version ADD COLUMN city TEXT NOT NULL DEFAULT '';
ALTER TABLE unit_version ADD COLUMN children BIGINT NOT NULL DEFAULT 0;
ALTER TABLE unit_version ADD COLUMN youngest_age BIGINT NOT NULL DEFAULT 0;
ALTER TABLE unit_version ADD COLUMN oldest_age BIGINT NOT NULL DEFAULT 0;

-- The trees in which the units stand: that of unit_version.parent_id, and those made of placements. follows_line: a unit
-- without a placement stands where it stands in the line.
CREATE TABLE hierarchy (
  hierarchy TEXT NOT NULL PRIMARY KEY,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  follows_line BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX hierarchy_revision ON hierarchy (revision);

INSERT INTO hierarchy (hierarchy, label_da, label_en, follows_line, revision) VALUES
  ('line', 'Linjeorganisation', 'Line organisation', 1, 0),
  ('med', 'MED-struktur', 'Co-determination structure (MED)', 1, 0);

-- parent_id is '' at the top.
CREATE TABLE placement (
  placement_id TEXT NOT NULL PRIMARY KEY,
  hierarchy TEXT NOT NULL REFERENCES hierarchy (hierarchy),
  unit_id TEXT NOT NULL,
  parent_id TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX placement_revision ON placement (revision);

-- The hierarchy in which bodies of the kind stand above each other; '' in none.
ALTER TABLE body_kind ADD COLUMN hierarchy TEXT NOT NULL DEFAULT '';
UPDATE body_kind SET hierarchy = 'med' WHERE kind = 'med_committee';

-- Whether somebody has the role as an employee, so that it ends with the employment.
ALTER TABLE body_seat ADD COLUMN ends_with_employment BIGINT NOT NULL DEFAULT 1;
UPDATE body_seat SET ends_with_employment = 0 WHERE kind = 'parents_board' AND role IN ('chair', 'parent');
