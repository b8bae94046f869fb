-- Verify rewatch:title_credits on pg
BEGIN;
SELECT cast_characters, crew_ids, crew_departments, crew_jobs
FROM served_title WHERE false;
SELECT 1 / (to_regclass('public.credit') IS NULL)::int;
ROLLBACK;
