-- What every service's database has: its revision, its audit log, its answered requests.
CREATE TABLE klynge_revision (revision BIGINT NOT NULL);
INSERT INTO klynge_revision (revision) VALUES (0);

CREATE TABLE klynge_audit (
  revision BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  at_us BIGINT NOT NULL,
  actor TEXT NOT NULL,
  method TEXT NOT NULL,
  entity_kind TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  action TEXT NOT NULL,
  change_json TEXT NOT NULL,
  PRIMARY KEY (revision, ordinal)
);
CREATE INDEX klynge_audit_entity ON klynge_audit (entity_kind, entity_id);

CREATE TABLE klynge_idempotency (
  actor TEXT NOT NULL,
  request_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  response TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  PRIMARY KEY (actor, request_id)
);
CREATE INDEX klynge_idempotency_at ON klynge_idempotency (at_us);
