-- Revert rewatch:enrich_job from pg
BEGIN;
DROP TABLE tmdb_budget, enrich_clock, enrich_daemon, enrich_dead, enrich_job;
COMMIT;
