-- Verify rewatch:clock_jump on pg
BEGIN;
SELECT renewed_at FROM enrich_daemon WHERE false;
SELECT blocked_at FROM tmdb_budget WHERE false;
SELECT 1 / holds_now('-infinity', 'infinity')::int;
SELECT 1 / (NOT holds_now('infinity', 'infinity'))::int;
ROLLBACK;
