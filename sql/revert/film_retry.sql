-- Revert rewatch:film_retry from pg
BEGIN;
COMMENT ON COLUMN tmdb_budget.calls IS 'Calls granted so far, raised with tat: what GET /v1/enrichment shows.';
REVOKE SELECT ON enrich_clock FROM rewatch_daemon;
DROP VIEW served_title;
DROP FUNCTION first_background_tag();
DROP INDEX title_age;
ALTER TABLE film DROP next_try_at, DROP misses;
COMMIT;
