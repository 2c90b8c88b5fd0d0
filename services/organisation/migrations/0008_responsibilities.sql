-- What there is to do in the leadership of a cluster and its units, by the leadership profile, and which position does
-- it. Kinds of leadership are rows; those with a parent count with it, and the primary one is to take the most time.
CREATE TABLE leadership_kind (
  kind TEXT NOT NULL PRIMARY KEY,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  parent_kind TEXT NOT NULL,
  is_primary BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX leadership_kind_revision ON leadership_kind (revision);

INSERT INTO leadership_kind (kind, label_da, label_en, parent_kind, is_primary, revision) VALUES
  ('professional', 'Faglig ledelse', 'Professional leadership', '', 1, 0),
  ('strategic', 'Strategisk ledelse', 'Strategic leadership', '', 0, 0),
  ('administrative', 'Administrativ ledelse', 'Administrative leadership', '', 0, 0),
  ('economy', 'Økonomi', 'Economy', 'administrative', 0, 0),
  ('administration', 'Administration', 'Administration', 'administrative', 0, 0),
  ('buildings', 'Bygninger', 'Buildings', 'administrative', 0, 0),
  ('service_staff', 'Servicemedarbejdere', 'Service staff', 'administrative', 0, 0),
  ('personnel', 'Personaleledelse', 'Personnel leadership', '', 0, 0),
  ('municipal', 'Kommunens egne opgaver', 'The municipality''s own tasks', '', 0, 0);

-- The catalogue; its rows here have revision 0 until an import changes them. unit_kinds: codes with a comma between
-- them. needs: competence:level, with a comma between them. Dates are ISO text; '9999-12-31' is the open end.
CREATE TABLE leadership_task (
  task TEXT NOT NULL PRIMARY KEY,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  leadership_kind TEXT NOT NULL REFERENCES leadership_kind (kind),
  unit_kinds TEXT NOT NULL,
  expected_percent BIGINT NOT NULL,
  may_be_shared BIGINT NOT NULL,
  needs TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX leadership_task_revision ON leadership_task (revision);

-- In each unit.
INSERT INTO leadership_task (task, label_da, label_en, leadership_kind, unit_kinds, expected_percent, may_be_shared,
                             needs, valid_from, valid_to, revision) VALUES
  ('pedagogical_practice', 'Udvikling af den pædagogiske praksis', 'Developing pedagogical practice', 'professional',
   'after_school_centre,club,integrated_day_care,kindergarten,nursery', 15, 0,
   'professional_leadership:3', '0001-01-01', '9999-12-31', 0),
  ('professional_sparring', 'Faglig og metodisk sparring med medarbejderne', 'Professional sparring with the staff',
   'professional', 'after_school_centre,club,integrated_day_care,kindergarten,nursery', 5, 1,
   'professional_leadership:3,research_based_knowledge:2', '0001-01-01', '9999-12-31', 0),
  ('curriculum_work', 'Arbejdet med den pædagogiske læreplan', 'Work with the pedagogical curriculum', 'professional',
   'integrated_day_care,kindergarten,nursery', 5, 0, 'curriculum:3', '0001-01-01', '9999-12-31', 0),
  ('childrens_environment_assessment', 'Børnemiljøvurdering', 'Assessment of the children''s environment',
   'professional', 'after_school_centre', 5, 0, 'child_perspective:2', '0001-01-01', '9999-12-31', 0),
  ('parent_cooperation', 'Samarbejde med forældrene', 'Cooperation with the parents', 'professional',
   'after_school_centre,club,integrated_day_care,kindergarten,nursery', 5, 0,
   'parent_cooperation:2', '0001-01-01', '9999-12-31', 0),
  ('staff_leadership', 'Ledelse af medarbejderne', 'Leading the staff', 'personnel',
   'after_school_centre,club,integrated_day_care,kindergarten,nursery', 10, 0,
   'personnel_leadership:3', '0001-01-01', '9999-12-31', 0),
  ('daily_operation', 'Daglig drift', 'Daily operation', 'administration',
   'after_school_centre,club,integrated_day_care,kindergarten,nursery', 5, 0, '', '0001-01-01', '9999-12-31', 0);

-- Once for a cluster or network.
INSERT INTO leadership_task (task, label_da, label_en, leadership_kind, unit_kinds, expected_percent, may_be_shared,
                             needs, valid_from, valid_to, revision) VALUES
  ('quality_through_data', 'Kvalitet gennem brug af data og systematiske runder',
   'Quality through data and systematic rounds', 'professional', 'cluster,self_owned_network', 15, 0,
   'data_use:3,observation:2', '0001-01-01', '9999-12-31', 0),
  ('learning_culture', 'Refleksiv læringskultur og kompetenceudvikling', 'Reflective learning culture',
   'professional', 'cluster,self_owned_network', 10, 0, 'learning_culture:3', '0001-01-01', '9999-12-31', 0),
  ('language_effort', 'Sprogindsats', 'Language development', 'professional', 'cluster,self_owned_network', 5, 0,
   'language:3', '0001-01-01', '9999-12-31', 0),
  ('inclusion_effort', 'Inklusion og fællesskab', 'Inclusion and community', 'professional',
   'cluster,self_owned_network', 5, 0, 'inclusion:3', '0001-01-01', '9999-12-31', 0),
  ('transitions', 'Overgange', 'Transitions', 'professional', 'cluster,self_owned_network', 5, 0,
   'transitions:2', '0001-01-01', '9999-12-31', 0),
  ('cluster_direction', 'Klyngens mål og retning', 'Goals and direction', 'strategic',
   'cluster,self_owned_network', 20, 0, 'strategic_leadership:3', '0001-01-01', '9999-12-31', 0),
  ('leading_upward', 'Ledelse opad', 'Leading upward', 'strategic', 'cluster,self_owned_network', 10, 0,
   'strategic_leadership:3', '0001-01-01', '9999-12-31', 0),
  ('resource_priorities', 'Prioritering af ressourcerne', 'Setting priorities for resources', 'strategic',
   'cluster,self_owned_network', 10, 0, 'finance:2,strategic_leadership:2', '0001-01-01', '9999-12-31', 0),
  ('external_cooperation', 'Samarbejde med skole, fritid og support', 'Cooperation with schools and support',
   'strategic', 'cluster,self_owned_network', 10, 1, 'collaboration_culture:2', '0001-01-01', '9999-12-31', 0),
  ('parents_board', 'Forældrebestyrelsen', 'The parents'' board', 'strategic', 'cluster,self_owned_network', 5, 0,
   'parent_cooperation:2', '0001-01-01', '9999-12-31', 0),
  ('budget', 'Budget og regnskab', 'Budget and accounts', 'economy', 'cluster,self_owned_network', 15, 0,
   'finance:3', '0001-01-01', '9999-12-31', 0),
  ('shared_administration', 'Fælles administration', 'Shared administration', 'administration',
   'cluster,self_owned_network', 10, 0, 'administration:2', '0001-01-01', '9999-12-31', 0),
  ('building_upkeep', 'Bygninger og vedligehold', 'Buildings and upkeep', 'buildings',
   'cluster,self_owned_network', 10, 0, 'buildings:2', '0001-01-01', '9999-12-31', 0),
  ('service_staff', 'Ledelse af servicemedarbejderne', 'Leading the service staff', 'service_staff',
   'cluster,self_owned_network', 5, 0, 'personnel_leadership:2', '0001-01-01', '9999-12-31', 0),
  ('working_environment', 'MED-samarbejde og arbejdsmiljø', 'Co-determination and working environment', 'personnel',
   'cluster,self_owned_network', 10, 0, 'med_cooperation:3', '0001-01-01', '9999-12-31', 0),
  ('recruitment', 'Rekruttering', 'Recruitment', 'personnel', 'cluster,self_owned_network', 5, 0,
   'personnel_leadership:3', '0001-01-01', '9999-12-31', 0);

-- Which position has which task at which unit, and how much of its time that takes. `revision` is the one that wrote
-- the row last.
CREATE TABLE responsibility (
  responsibility_id TEXT NOT NULL PRIMARY KEY,
  task TEXT NOT NULL REFERENCES leadership_task (task),
  unit_id TEXT NOT NULL,
  position_id TEXT NOT NULL REFERENCES position (position_id),
  percent BIGINT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX responsibility_revision ON responsibility (revision);
