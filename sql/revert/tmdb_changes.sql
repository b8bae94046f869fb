-- Revert rewatch:tmdb_changes from pg
BEGIN;
DROP TABLE tmdb_changes;
COMMIT;
