-- Gives jobs back unfinished, and their attempt with them. Follows job/lock.
-- :films bigint[], their ids
-- :tokens bigint[], of their jobs
UPDATE enrich_job j
SET token = 0, attempt = j.attempt - 1
FROM unnest(:films::bigint[], :tokens::bigint[]) AS r (film_id, token)
WHERE j.film_id = r.film_id AND j.token = r.token;
