-- Verify rewatch:tmdb_rate on pg
BEGIN;
SELECT 1 / count(*) FROM tmdb_rate WHERE name = 'tmdb';
ROLLBACK;
