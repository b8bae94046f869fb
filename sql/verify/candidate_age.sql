-- Verify rewatch:candidate_age on pg
BEGIN;
SELECT 1 / (pg_get_viewdef('member_film') ~ '180 days')::int;
SELECT 1 / (reloptions @> ARRAY['security_invoker=true'])::int FROM pg_class
WHERE oid = 'public.member_film'::regclass;
ROLLBACK;
