-- Drafts of reorganisations, and what became of them. `document` is the whole as JSON.
-- The etag of a draft is the revision that wrote it.
CREATE TABLE reorganisation (
  reorganisation_id TEXT NOT NULL PRIMARY KEY,
  document TEXT NOT NULL,
  revision BIGINT NOT NULL
);
