-- Revert rewatch:tmdb_rate from pg
BEGIN;
DROP TABLE tmdb_rate;
COMMIT;
