-- Verify rewatch:member on pg
BEGIN;
-- Every table with a member_id is behind row-level security.
SELECT 1 / (count(*) FILTER (WHERE NOT c.relrowsecurity) = 0)::int
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'member_id'
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace;
SELECT member_id, film_id, rating, rating_source FROM library_entry WHERE false;
SELECT member_id, id, film_id, entry, watched_on FROM watch WHERE false;
ROLLBACK;
