-- Frameworks: one row per published version, never changed. content: the message Framework as JSON.
CREATE TABLE framework (
  framework_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  content TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (framework_id, version)
);
CREATE INDEX framework_revision ON framework (revision);

-- Goals. The lists of codes are joined by a comma, which no code contains. A goal whose criteria or dissents change gets a
-- new revision too; a check-in only has its own, so that following up writes one row.
CREATE TABLE goal (
  goal_id TEXT NOT NULL PRIMARY KEY,
  unit_id TEXT NOT NULL,
  parent_goal_id TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  framework_id TEXT NOT NULL,
  framework_version BIGINT NOT NULL,
  core_area_codes TEXT NOT NULL,
  guidepost_codes TEXT NOT NULL,
  curriculum_theme_codes TEXT NOT NULL,
  weight DOUBLE PRECISION NOT NULL,
  starts_on TEXT NOT NULL,
  follow_up_interval_days BIGINT NOT NULL,
  agreed_on TEXT,
  agreed_role TEXT,
  agreed_note TEXT,
  closed_on TEXT,
  closed_state BIGINT,
  closed_role TEXT,
  closed_note TEXT,
  entry_digest TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  FOREIGN KEY (framework_id, framework_version) REFERENCES framework (framework_id, version)
);
CREATE INDEX goal_revision ON goal (revision);

CREATE TABLE criterion (
  goal_id TEXT NOT NULL REFERENCES goal (goal_id),
  position BIGINT NOT NULL,
  criterion_id TEXT NOT NULL,
  indicator TEXT NOT NULL,
  unit_of_measure TEXT NOT NULL,
  baseline DOUBLE PRECISION,
  target DOUBLE PRECISION,
  due_date TEXT,
  weight DOUBLE PRECISION NOT NULL,
  -- The binding to an observation figure; instrument_id is NULL when there is none.
  instrument_id TEXT,
  item_id TEXT,
  guidepost_code TEXT,
  round_id TEXT,
  from_month TEXT,
  to_month TEXT,
  scale_id TEXT,
  scope_unit_id TEXT,
  statistic BIGINT,
  revision BIGINT NOT NULL,
  PRIMARY KEY (goal_id, position)
);
CREATE INDEX criterion_revision ON criterion (revision);

-- Rows are added and never changed or taken away.
CREATE TABLE dissent (
  goal_id TEXT NOT NULL REFERENCES goal (goal_id),
  number BIGINT NOT NULL,
  role TEXT NOT NULL,
  voiced_on TEXT NOT NULL,
  note TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (goal_id, number)
);
CREATE INDEX dissent_revision ON dissent (revision);

-- Rows are added and never changed or taken away. value is NULL for a follow-up without a figure.
CREATE TABLE check_in (
  goal_id TEXT NOT NULL REFERENCES goal (goal_id),
  number BIGINT NOT NULL,
  criterion_id TEXT NOT NULL,
  value DOUBLE PRECISION,
  checked_on TEXT NOT NULL,
  note TEXT NOT NULL,
  source BIGINT NOT NULL,
  role TEXT NOT NULL,
  sample_size BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (goal_id, number)
);
CREATE INDEX check_in_revision ON check_in (revision);
