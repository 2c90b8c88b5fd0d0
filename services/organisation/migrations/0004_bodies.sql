-- Bodies in which people cooperate beside the line of leadership. Kinds, roles and what a body is to be made of are
-- data: another municipality changes the rows, not the code.
CREATE TABLE body_kind (
  kind TEXT NOT NULL PRIMARY KEY,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX body_kind_revision ON body_kind (revision);

INSERT INTO body_kind (kind, label_da, label_en, revision) VALUES
  ('med_committee', 'MED-udvalg', 'MED committee', 0),
  ('parents_board', 'Forældrebestyrelse', 'Parents'' board', 0),
  ('sparring_group', 'Sparringsgruppe', 'Sparring group', 0),
  ('advisory_group', 'Følgegruppe', 'Advisory group', 0),
  ('network', 'Netværk', 'Network', 0);

-- Which kinds of unit may have such a body.
CREATE TABLE body_kind_place (
  kind TEXT NOT NULL REFERENCES body_kind (kind),
  unit_kind TEXT NOT NULL REFERENCES unit_kind (kind),
  revision BIGINT NOT NULL,
  PRIMARY KEY (kind, unit_kind)
);
CREATE INDEX body_kind_place_revision ON body_kind_place (revision);

INSERT INTO body_kind_place (kind, unit_kind, revision) VALUES
  ('med_committee', 'administration', 0), ('med_committee', 'area', 0),
  ('med_committee', 'cluster', 0), ('med_committee', 'self_owned_network', 0),
  ('parents_board', 'cluster', 0), ('parents_board', 'self_owned_network', 0),
  ('parents_board', 'nursery', 0), ('parents_board', 'kindergarten', 0), ('parents_board', 'integrated_day_care', 0),
  ('parents_board', 'after_school_centre', 0), ('parents_board', 'club', 0),
  ('sparring_group', 'administration', 0), ('sparring_group', 'area', 0),
  ('advisory_group', 'administration', 0), ('advisory_group', 'area', 0),
  ('network', 'administration', 0), ('network', 'area', 0);

CREATE TABLE body_role (
  role TEXT NOT NULL PRIMARY KEY,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX body_role_revision ON body_role (revision);

INSERT INTO body_role (role, label_da, label_en, revision) VALUES
  ('chair', 'Formand', 'Chair', 0),
  ('vice_chair', 'Næstformand', 'Vice chair', 0),
  ('management_representative', 'Ledelsesrepræsentant', 'Management representative', 0),
  ('employee_representative', 'Medarbejderrepræsentant', 'Employee representative', 0),
  ('shop_steward', 'Tillidsrepræsentant', 'Shop steward', 0),
  ('safety_representative', 'Arbejdsmiljørepræsentant', 'Safety representative', 0),
  ('parent', 'Forældrerepræsentant', 'Parent representative', 0),
  ('secretary', 'Sekretær', 'Secretary', 0),
  ('facilitator', 'Tovholder', 'Facilitator', 0),
  ('member', 'Medlem', 'Member', 0);

-- The roles a kind of body has, and how many members are to have each on every day (most 0: any number; majority:
-- more than half of all). What breaks it is reported, or refused where the row says so.
CREATE TABLE body_seat (
  kind TEXT NOT NULL REFERENCES body_kind (kind),
  role TEXT NOT NULL REFERENCES body_role (role),
  least BIGINT NOT NULL,
  most BIGINT NOT NULL,
  majority BIGINT NOT NULL,
  refuse_too_few BIGINT NOT NULL,
  refuse_too_many BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (kind, role)
);
CREATE INDEX body_seat_revision ON body_seat (revision);

INSERT INTO body_seat (kind, role, least, most, majority, refuse_too_few, refuse_too_many, revision) VALUES
  ('med_committee', 'chair', 1, 1, 0, 0, 1, 0),
  ('med_committee', 'vice_chair', 1, 1, 0, 0, 1, 0),
  ('med_committee', 'management_representative', 0, 0, 0, 0, 0, 0),
  ('med_committee', 'employee_representative', 2, 0, 0, 0, 0, 0),
  ('med_committee', 'shop_steward', 0, 0, 0, 0, 0, 0),
  ('med_committee', 'safety_representative', 1, 0, 0, 0, 0, 0),
  ('parents_board', 'chair', 1, 1, 0, 0, 1, 0),
  ('parents_board', 'parent', 3, 0, 1, 0, 0, 0),
  ('parents_board', 'employee_representative', 1, 0, 0, 0, 0, 0),
  ('parents_board', 'secretary', 0, 1, 0, 0, 0, 0),
  ('sparring_group', 'chair', 0, 1, 0, 0, 1, 0),
  ('sparring_group', 'member', 2, 0, 0, 0, 0, 0),
  ('advisory_group', 'chair', 0, 1, 0, 0, 1, 0),
  ('advisory_group', 'member', 2, 0, 0, 0, 0, 0),
  ('network', 'facilitator', 0, 1, 0, 0, 0, 0),
  ('network', 'member', 2, 0, 0, 0, 0, 0);

-- Dates are ISO text; '9999-12-31' is the open end. `revision` is the one that wrote the row last.
CREATE TABLE body (
  body_id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL REFERENCES body_kind (kind),
  name TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX body_revision ON body (revision);

CREATE TABLE body_membership (
  membership_id TEXT NOT NULL PRIMARY KEY,
  body_id TEXT NOT NULL REFERENCES body (body_id),
  person_id TEXT NOT NULL REFERENCES person (person_id),
  role TEXT NOT NULL REFERENCES body_role (role),
  represents TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX body_membership_revision ON body_membership (revision);
