-- The fence: locks those of the jobs that are still ours. What follows in the
-- transaction joins with the token again, and nobody can change it meanwhile.
-- :films bigint[], their ids
-- :tokens bigint[], of their jobs
SELECT j.film_id
FROM unnest(:films::bigint[], :tokens::bigint[]) AS r (film_id, token)
JOIN enrich_job j ON j.film_id = r.film_id AND j.token = r.token
ORDER BY j.film_id
FOR UPDATE OF j;
