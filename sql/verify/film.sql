-- Verify rewatch:film on pg
BEGIN;
SELECT id, ref, title, year, match_state, next_try_at, misses, version
FROM film WHERE false;
-- The API adds films and changes none.
SELECT 1 / (NOT has_any_column_privilege('rewatch_api', 'film', 'UPDATE'))::int;
ROLLBACK;
