-- Verify rewatch:fair_queue on pg
BEGIN;
SELECT retry_tag FROM enrich_clock WHERE false;
SELECT choice_tag FROM enrich_share WHERE false;
SELECT 1 / (virtual_time() >= 0 AND fair_stride() > 0)::int;
-- A member's flows are behind row-level security whoever calls.
SELECT 1 / (count(*) = 6)::int FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND NOT prosecdef
	AND (proname LIKE 'fair\_%' OR proname = 'virtual_time');
SELECT 1 / has_column_privilege('rewatch_daemon', 'enrich_clock', 'retry_tag',
	'UPDATE')::int;
ROLLBACK;
