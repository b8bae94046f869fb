-- Verify rewatch:film_choice on pg
BEGIN;
SELECT member_id, film_id, target_film_id, chosen_at FROM film_choice WHERE false;
SELECT id, chosen, choice, asked_id, match_state, kind, tmdb_id, version
FROM member_film WHERE false;
SELECT 1 / (relrowsecurity)::int FROM pg_class
WHERE oid = 'public.film_choice'::regclass;
SELECT 1 / (reloptions @> ARRAY['security_invoker=true'])::int FROM pg_class
WHERE oid = 'public.member_film'::regclass;
ROLLBACK;
