-- Revert rewatch:clock_jump from pg
BEGIN;
ALTER TABLE tmdb_budget DROP blocked_at;
ALTER TABLE enrich_daemon DROP renewed_at;
DROP FUNCTION holds_now(timestamptz, timestamptz);
COMMIT;
