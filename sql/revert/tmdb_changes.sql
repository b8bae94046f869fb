-- Revert rewatch:tmdb_changes from pg
BEGIN;
DROP TABLE tmdb_changes;
DROP INDEX episode_series;
DROP INDEX title_changed;
ALTER TABLE title DROP changed_at;
COMMIT;
