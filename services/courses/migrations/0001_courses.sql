-- A programme's description is one document (JSON of klynge.courses.v1.Programme); what happens in it
-- are rows. `changed` is the revision of the last write to anything of the programme: replicas load
-- anew the programmes that changed since they last looked.
CREATE TABLE programme (
  programme_id TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL,
  changed BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX programme_changed ON programme (changed);

-- One row per stay of a team in a programme; withdrawn_on '9999-12-31' while it takes part.
CREATE TABLE enrolment (
  programme_id TEXT NOT NULL REFERENCES programme (programme_id),
  cluster_id TEXT NOT NULL,
  team_as_of TEXT NOT NULL,
  area_id TEXT NOT NULL,
  unit_kind TEXT NOT NULL,
  enrolled_at_us BIGINT NOT NULL,
  withdrawn_on TEXT NOT NULL,
  withdrawal_reason TEXT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (programme_id, cluster_id, team_as_of)
);
CREATE INDEX enrolment_revision ON enrolment (revision);

CREATE TABLE enrolled_leader (
  programme_id TEXT NOT NULL,
  cluster_id TEXT NOT NULL,
  team_as_of TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  person_id TEXT NOT NULL,
  role TEXT NOT NULL,
  unit_ids TEXT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (programme_id, cluster_id, team_as_of, ordinal),
  FOREIGN KEY (programme_id, cluster_id, team_as_of)
    REFERENCES enrolment (programme_id, cluster_id, team_as_of)
);
CREATE INDEX enrolled_leader_revision ON enrolled_leader (revision);

-- Ids in lists are separated by a space, which no id contains.
CREATE TABLE session (
  programme_id TEXT NOT NULL REFERENCES programme (programme_id),
  session_id TEXT NOT NULL,
  activity_id TEXT NOT NULL,
  seminar_day_id TEXT NOT NULL,
  theme_id TEXT NOT NULL,
  held_on TEXT NOT NULL,
  venue_id TEXT NOT NULL,
  lecturer_ids TEXT NOT NULL,
  expected_count BIGINT NOT NULL,
  cohort BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (programme_id, session_id)
);
CREATE INDEX session_revision ON session (revision);

CREATE TABLE session_team (
  programme_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  cluster_id TEXT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (programme_id, session_id, cluster_id),
  FOREIGN KEY (programme_id, session_id) REFERENCES session (programme_id, session_id)
);
CREATE INDEX session_team_revision ON session_team (revision);

-- state is the number of klynge.courses.v1.AttendanceState.
CREATE TABLE attendance (
  programme_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  cluster_id TEXT NOT NULL,
  state BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (programme_id, session_id, person_id),
  FOREIGN KEY (programme_id, session_id) REFERENCES session (programme_id, session_id)
);
CREATE INDEX attendance_revision ON attendance (revision);

CREATE TABLE learning_conversation (
  programme_id TEXT NOT NULL REFERENCES programme (programme_id),
  cluster_id TEXT NOT NULL,
  number BIGINT NOT NULL,
  held_on TEXT NOT NULL,
  participant_roles TEXT NOT NULL,
  agreed_steps TEXT NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (programme_id, cluster_id, number)
);
CREATE INDEX learning_conversation_revision ON learning_conversation (revision);

-- Venues and lecturers are documents too (JSON of klynge.courses.v1.Venue and Lecturer).
CREATE TABLE venue (
  venue_id TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX venue_revision ON venue (revision);

CREATE TABLE lecturer (
  lecturer_id TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL,
  revision BIGINT NOT NULL
);
CREATE INDEX lecturer_revision ON lecturer (revision);
