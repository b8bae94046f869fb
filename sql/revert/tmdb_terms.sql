-- Revert rewatch:tmdb_terms from pg
BEGIN;
DROP FUNCTION tmdb_index_erase();
DROP INDEX film_candidates;
ALTER TABLE person DROP seen_at;
COMMIT;
