-- Verify rewatch:tmdb_index on pg
BEGIN;
SELECT slot, tmdb_id, name, popularity FROM tmdb_index WHERE false;
SELECT 1 / count(*) FROM tmdb_export;
SELECT 1 / has_function_privilege('rewatch_daemon', 'tmdb_index_clear(bigint)',
	'EXECUTE')::int;
SELECT 1 / (NOT has_table_privilege('rewatch_api', 'tmdb_index',
	'SELECT'))::int;
ROLLBACK;
