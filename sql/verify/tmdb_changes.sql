-- Verify rewatch:tmdb_changes on pg
BEGIN;
SELECT changed_at FROM title WHERE false;
SELECT kind, from_day, read_at, begun_at, to_day, page, marked, failures,
	retry_at, epoch
FROM tmdb_changes WHERE false;
SELECT 1 / (count(*) = 2)::int FROM tmdb_changes;
ROLLBACK;
