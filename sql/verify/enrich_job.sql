-- Verify rewatch:enrich_job on pg
BEGIN;
SELECT film_id, tag, token, parked, run_at, attempt FROM enrich_job WHERE false;
SELECT 1 / count(*) FROM tmdb_budget WHERE name = 'tmdb';
SELECT 1 / count(*) FROM enrich_clock;
ROLLBACK;
