-- What was known at a moment, and who changed what. Each revision begins with the line whose ordinal is 0.
CREATE INDEX klynge_audit_moment ON klynge_audit (revision, at_us) WHERE ordinal = 0;
CREATE INDEX klynge_audit_actor ON klynge_audit (actor, revision, ordinal);
-- The newest erasure.
CREATE INDEX person_erased ON person (revision) WHERE erased_on <> '';
