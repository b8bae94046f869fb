-- Films of titles that TMDB has no more go back to the queue, to be matched
-- anew; nobody waits for them. Before job/store: its jobs are not deleted yet. A film
-- that an import is dropping just now is left out.
-- :films bigint[] and :tokens bigint[], of the jobs that found out
-- :kinds text[] and :ids bigint[], of the titles
WITH named AS (
	SELECT r.kind, r.tmdb_id
	FROM unnest(:films::bigint[], :tokens::bigint[], :kinds::text[],
			:ids::bigint[])
		AS r (film_id, token, kind, tmdb_id)
	JOIN enrich_job own ON own.film_id = r.film_id AND own.token = r.token
), films AS MATERIALIZED (
	SELECT f.id
	FROM film f
	WHERE (f.kind, f.tmdb_id) IN (SELECT kind, tmdb_id FROM named)
		AND NOT EXISTS (SELECT FROM enrich_job j WHERE j.film_id = f.id)
	FOR KEY SHARE OF f SKIP LOCKED
)
INSERT INTO enrich_job (film_id, tag)
SELECT id, first_background_tag()
	+ (extract(epoch FROM now()) * 1000000)::bigint
FROM films
ORDER BY id
ON CONFLICT DO NOTHING;
