-- Verify rewatch:film on pg
BEGIN;
SELECT id, letterboxd_ref, title, year, match_state, version FROM film WHERE false;
SELECT kind, tmdb_id, director_ids, cast_ids, raw, fetched_at FROM title WHERE false;
SELECT id, name FROM person WHERE false;
ROLLBACK;
