-- What persons can. The catalogue begins with what the leadership profile and the leadership education ask for, and
-- grows by imports; its rows here have revision 0 until an import changes them.
CREATE TABLE competence (
  competence TEXT NOT NULL PRIMARY KEY,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  description_da TEXT NOT NULL,
  description_en TEXT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX competence_revision ON competence (revision);

INSERT INTO competence (competence, label_da, label_en, description_da, description_en, revision) VALUES
  ('professional_leadership', 'Faglig ledelse', 'Professional leadership', '', '', 0),
  ('strategic_leadership', 'Strategisk ledelse', 'Strategic leadership', '', '', 0),
  ('personnel_leadership', 'Personaleledelse', 'Personnel leadership', '', '', 0),
  ('finance', 'Økonomi', 'Finance', '', '', 0),
  ('administration', 'Administration', 'Administration', '', '', 0),
  ('buildings', 'Bygninger', 'Buildings', '', '', 0),
  ('data_use', 'Brug af data', 'Use of data', '', '', 0),
  ('research_based_knowledge', 'Forskningsbaseret viden', 'Research-based knowledge', '', '', 0),
  ('observation', 'Observation af læringsmiljøer', 'Observation of learning environments', '', '', 0),
  ('child_perspective', 'Inddragelse af børneperspektiver', 'Bringing in children''s perspectives', '', '', 0),
  ('learning_culture', 'Refleksiv læringskultur', 'Reflective learning culture', '', '', 0),
  ('collaboration_culture', 'Samarbejdskultur', 'Collaboration culture', '', '', 0),
  ('complex_problem_solving', 'Kompleks problemløsning', 'Complex problem solving', '', '', 0),
  ('building_trust', 'Opbygning af tillid', 'Building trust', '', '', 0),
  ('parent_cooperation', 'Forældresamarbejde', 'Cooperation with parents', '', '', 0),
  ('transitions', 'Overgange', 'Transitions', '', '', 0),
  ('curriculum', 'Den styrkede pædagogiske læreplan', 'The strengthened pedagogical curriculum', '', '', 0),
  ('language', 'Sprogindsats', 'Language development', '', '', 0),
  ('inclusion', 'Inklusion og fællesskab', 'Inclusion and community', '', '', 0),
  ('med_cooperation', 'MED-samarbejde', 'Co-determination', '', '', 0);

-- A higher level is more.
CREATE TABLE competence_level (
  level BIGINT NOT NULL PRIMARY KEY,
  label_da TEXT NOT NULL,
  label_en TEXT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX competence_level_revision ON competence_level (revision);

INSERT INTO competence_level (level, label_da, label_en, revision) VALUES
  (1, 'Kender til', 'Knows of it', 0),
  (2, 'Kan med støtte', 'Can with support', 0),
  (3, 'Kan selvstændigt', 'Can independently', 0),
  (4, 'Kan vejlede andre', 'Can guide others', 0);

-- Dates are ISO text; '9999-12-31' is the open end. confirmed_by is '' for what the person says. `revision` is the one
-- that wrote the row last.
CREATE TABLE held_competence (
  held_competence_id TEXT NOT NULL PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES person (person_id),
  competence TEXT NOT NULL REFERENCES competence (competence),
  level BIGINT NOT NULL REFERENCES competence_level (level),
  confirmed_by TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revision BIGINT NOT NULL,
  CHECK (valid_from < valid_to)
);
CREATE INDEX held_competence_revision ON held_competence (revision);
