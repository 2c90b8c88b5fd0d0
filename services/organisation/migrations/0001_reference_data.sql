-- The kinds of unit and the roles of this municipality. Another one changes the rows, not the code.
CREATE TABLE unit_kind (
  kind TEXT NOT NULL PRIMARY KEY,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  has_leadership_team BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX unit_kind_revision ON unit_kind (revision);

INSERT INTO unit_kind (kind, label_da, label_en, has_leadership_team, revision) VALUES
  ('administration', 'Forvaltning', 'Administration', 0, 0),
  ('area', 'Område', 'Area', 0, 0),
  ('cluster', 'Klynge', 'Cluster', 1, 0),
  ('self_owned_network', 'Netværk for selvejende institutioner', 'Network of self-owned institutions', 1, 0),
  ('nursery', 'Vuggestue', 'Nursery', 0, 0),
  ('kindergarten', 'Børnehave', 'Kindergarten', 0, 0),
  ('integrated_day_care', 'Integreret institution', 'Integrated day care', 0, 0),
  ('after_school_centre', 'Fritidshjem', 'After-school centre', 0, 0),
  ('club', 'Klub', 'Club', 0, 0);

-- What may stand under what. A kind without a row here is a root.
CREATE TABLE unit_kind_parent (
  kind TEXT NOT NULL REFERENCES unit_kind (kind),
  parent_kind TEXT NOT NULL REFERENCES unit_kind (kind),
  revision BIGINT NOT NULL,
  PRIMARY KEY (kind, parent_kind)
);
CREATE INDEX unit_kind_parent_revision ON unit_kind_parent (revision);

INSERT INTO unit_kind_parent (kind, parent_kind, revision) VALUES
  ('area', 'administration', 0),
  ('cluster', 'area', 0),
  ('self_owned_network', 'area', 0),
  ('nursery', 'cluster', 0), ('nursery', 'self_owned_network', 0),
  ('kindergarten', 'cluster', 0), ('kindergarten', 'self_owned_network', 0),
  ('integrated_day_care', 'cluster', 0), ('integrated_day_care', 'self_owned_network', 0),
  ('after_school_centre', 'cluster', 0), ('after_school_centre', 'self_owned_network', 0),
  ('club', 'cluster', 0), ('club', 'self_owned_network', 0);

-- team_part: 0 not in a leadership team, 1 leads it, 2 is a member of it.
CREATE TABLE held_role (
  role TEXT NOT NULL PRIMARY KEY,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  is_exclusive BIGINT NOT NULL,
  team_part BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX held_role_revision ON held_role (revision);

INSERT INTO held_role (role, label_da, label_en, is_exclusive, team_part, revision) VALUES
  ('board_member', 'Medlem af direktionen', 'Member of the executive board', 0, 0, 0),
  ('area_chief', 'Områdechef', 'Area chief', 1, 0, 0),
  ('cluster_leader', 'Klyngeleder', 'Cluster leader', 1, 1, 0),
  ('pedagogical_leader', 'Pædagogisk leder', 'Pedagogical leader', 0, 2, 0),
  ('pedagogical_consultant', 'Pædagogisk konsulent', 'Pedagogical consultant', 0, 0, 0);

-- Where a role may sit.
CREATE TABLE held_role_place (
  role TEXT NOT NULL REFERENCES held_role (role),
  unit_kind TEXT NOT NULL REFERENCES unit_kind (kind),
  revision BIGINT NOT NULL,
  PRIMARY KEY (role, unit_kind)
);
CREATE INDEX held_role_place_revision ON held_role_place (revision);

INSERT INTO held_role_place (role, unit_kind, revision) VALUES
  ('board_member', 'administration', 0),
  ('area_chief', 'area', 0),
  ('cluster_leader', 'cluster', 0),
  ('pedagogical_leader', 'nursery', 0),
  ('pedagogical_leader', 'kindergarten', 0),
  ('pedagogical_leader', 'integrated_day_care', 0),
  ('pedagogical_leader', 'after_school_centre', 0),
  ('pedagogical_leader', 'club', 0),
  ('pedagogical_consultant', 'administration', 0),
  ('pedagogical_consultant', 'area', 0);
