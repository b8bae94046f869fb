-- Verify rewatch:tmdb_terms on pg
BEGIN;
SELECT seen_at FROM person WHERE false;
SELECT 'film_candidates'::regclass;
SELECT 1 / has_function_privilege('rewatch_daemon', 'tmdb_index_erase()',
	'EXECUTE')::int;
ROLLBACK;
