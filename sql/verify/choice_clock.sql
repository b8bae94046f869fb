-- Verify rewatch:choice_clock on pg
BEGIN;
SELECT 1 / (prosrc ~ 'enrich_clock')::int FROM pg_proc
WHERE oid = 'fair_choice(bigint)'::regprocedure;
ROLLBACK;
