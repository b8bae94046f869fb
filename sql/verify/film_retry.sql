-- Verify rewatch:film_retry on pg
BEGIN;
SELECT next_try_at, misses FROM film WHERE false;
SELECT kind, tmdb_id FROM served_title WHERE false;
SELECT 1 / (first_background_tag() > 0)::int;
SELECT 1 / (reloptions @> ARRAY['security_invoker=true'])::int FROM pg_class
WHERE oid = 'public.served_title'::regclass;
ROLLBACK;
