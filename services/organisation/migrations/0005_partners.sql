-- Whom units work with. Kinds of partner and partnership, and the transitions from one kind of institution to another,
-- are data: another municipality changes the rows, not the code.
CREATE TABLE partner_kind (
  kind TEXT NOT NULL PRIMARY KEY,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX partner_kind_revision ON partner_kind (revision);

INSERT INTO partner_kind (kind, label_da, label_en, revision) VALUES
  ('school', 'Skole', 'School', 0),
  ('leisure_institution', 'Fritidsinstitution uden for forvaltningen', 'Leisure institution outside the administration', 0),
  ('support_function', 'Tværfaglig supportfunktion', 'Interdisciplinary support function', 0),
  ('research_institution', 'Forsknings- og uddannelsesinstitution', 'Research and educational institution', 0),
  ('association', 'Forening eller organisation', 'Association or organisation', 0);

CREATE TABLE partnership_kind (
  kind TEXT NOT NULL PRIMARY KEY,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX partnership_kind_revision ON partnership_kind (revision);

INSERT INTO partnership_kind (kind, label_da, label_en, revision) VALUES
  ('school_cooperation', 'Samarbejde med skole', 'Cooperation with a school', 0),
  ('leisure_cooperation', 'Samarbejde med fritidsinstitution', 'Cooperation with a leisure institution', 0),
  ('support', 'Støtte fra supportfunktion', 'Support from a support function', 0),
  ('development', 'Udviklingssamarbejde', 'Development together', 0);

-- Who takes part. side: 'unit' has the partnership; it is with a 'partner' or a 'partner_unit'; kind is of that.
CREATE TABLE partnership_kind_side (
  partnership_kind TEXT NOT NULL REFERENCES partnership_kind (kind),
  side TEXT NOT NULL,
  kind TEXT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (partnership_kind, side, kind)
);
CREATE INDEX partnership_kind_side_revision ON partnership_kind_side (revision);

INSERT INTO partnership_kind_side (partnership_kind, side, kind, revision) VALUES
  ('school_cooperation', 'unit', 'area', 0), ('school_cooperation', 'unit', 'cluster', 0),
  ('school_cooperation', 'unit', 'self_owned_network', 0), ('school_cooperation', 'unit', 'nursery', 0),
  ('school_cooperation', 'unit', 'kindergarten', 0), ('school_cooperation', 'unit', 'integrated_day_care', 0),
  ('school_cooperation', 'unit', 'after_school_centre', 0), ('school_cooperation', 'unit', 'club', 0),
  ('school_cooperation', 'partner', 'school', 0),
  ('leisure_cooperation', 'unit', 'cluster', 0), ('leisure_cooperation', 'unit', 'self_owned_network', 0),
  ('leisure_cooperation', 'unit', 'nursery', 0), ('leisure_cooperation', 'unit', 'kindergarten', 0),
  ('leisure_cooperation', 'unit', 'integrated_day_care', 0),
  ('leisure_cooperation', 'partner', 'leisure_institution', 0),
  ('leisure_cooperation', 'partner_unit', 'after_school_centre', 0), ('leisure_cooperation', 'partner_unit', 'club', 0),
  ('support', 'unit', 'administration', 0), ('support', 'unit', 'area', 0), ('support', 'unit', 'cluster', 0),
  ('support', 'unit', 'self_owned_network', 0), ('support', 'unit', 'nursery', 0), ('support', 'unit', 'kindergarten', 0),
  ('support', 'unit', 'integrated_day_care', 0), ('support', 'unit', 'after_school_centre', 0),
  ('support', 'unit', 'club', 0),
  ('support', 'partner', 'support_function', 0), ('support', 'partner_unit', 'administration', 0),
  ('support', 'partner_unit', 'area', 0),
  ('development', 'unit', 'administration', 0), ('development', 'unit', 'area', 0), ('development', 'unit', 'cluster', 0),
  ('development', 'unit', 'self_owned_network', 0),
  ('development', 'partner', 'research_institution', 0), ('development', 'partner', 'association', 0),
  ('development', 'partner_unit', 'cluster', 0), ('development', 'partner_unit', 'self_owned_network', 0);

-- expected: every unit that can hand over is to have agreed with somebody.
CREATE TABLE transition (
  transition TEXT NOT NULL PRIMARY KEY,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  expected BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX transition_revision ON transition (revision);

INSERT INTO transition (transition, label_da, label_en, expected, revision) VALUES
  ('nursery_to_kindergarten', 'Fra vuggestue til børnehave', 'From nursery to kindergarten', 1, 0),
  ('day_care_to_school', 'Fra dagtilbud til skole', 'From day care to school', 1, 0),
  ('day_care_to_leisure', 'Fra dagtilbud til fritidstilbud', 'From day care to leisure institution', 0, 0),
  ('leisure_to_club', 'Fra fritidshjem til klub', 'From after-school centre to club', 0, 0);

-- Who takes part. side: a 'from_unit' hands over to a 'to_unit' or a 'to_partner'; kind is of that.
CREATE TABLE transition_side (
  transition TEXT NOT NULL REFERENCES transition (transition),
  side TEXT NOT NULL,
  kind TEXT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (transition, side, kind)
);
CREATE INDEX transition_side_revision ON transition_side (revision);

INSERT INTO transition_side (transition, side, kind, revision) VALUES
  ('nursery_to_kindergarten', 'from_unit', 'nursery', 0),
  ('nursery_to_kindergarten', 'to_unit', 'kindergarten', 0),
  ('nursery_to_kindergarten', 'to_unit', 'integrated_day_care', 0),
  ('day_care_to_school', 'from_unit', 'kindergarten', 0), ('day_care_to_school', 'from_unit', 'integrated_day_care', 0),
  ('day_care_to_school', 'to_partner', 'school', 0),
  ('day_care_to_leisure', 'from_unit', 'kindergarten', 0), ('day_care_to_leisure', 'from_unit', 'integrated_day_care', 0),
  ('day_care_to_leisure', 'to_unit', 'after_school_centre', 0),
  ('day_care_to_leisure', 'to_partner', 'leisure_institution', 0),
  ('leisure_to_club', 'from_unit', 'after_school_centre', 0),
  ('leisure_to_club', 'to_unit', 'club', 0), ('leisure_to_club', 'to_partner', 'leisure_institution', 0);

-- Dates are ISO text; '9999-12-31' is the open end. `revision` is the one that wrote the row last.
CREATE TABLE partner (
  partner_id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL REFERENCES partner_kind (kind),
  name TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX partner_revision ON partner (revision);

-- Of partner_id and partner_unit_id one is ''.
CREATE TABLE partnership (
  partnership_id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL REFERENCES partnership_kind (kind),
  unit_id TEXT NOT NULL,
  partner_id TEXT NOT NULL,
  partner_unit_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX partnership_revision ON partnership (revision);

-- Of to_unit_id and to_partner_id one is ''; a person who is '' is whoever leads the unit.
CREATE TABLE handover (
  handover_id TEXT NOT NULL PRIMARY KEY,
  transition TEXT NOT NULL REFERENCES transition (transition),
  from_unit_id TEXT NOT NULL,
  to_unit_id TEXT NOT NULL,
  to_partner_id TEXT NOT NULL,
  giver_person_id TEXT NOT NULL,
  receiver_person_id TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX handover_revision ON handover (revision);
