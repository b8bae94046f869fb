-- Revert rewatch:title from pg
BEGIN;
DROP VIEW served_title;
DROP TABLE collection_part, collection, studio, role, person, episode, title;
DROP FUNCTION tmdb_term();
COMMIT;
