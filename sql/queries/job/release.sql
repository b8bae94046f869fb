-- Gives jobs back unfinished, and their attempt with them. Follows job/lock.
-- $1 film ids bigint[], $2 tokens bigint[]
UPDATE enrich_job j
SET token = 0, attempt = j.attempt - 1
FROM unnest($1::bigint[], $2::bigint[]) AS r (film_id, token)
WHERE j.film_id = r.film_id AND j.token = r.token;
