-- Films of titles that TMDB has no more go back to the queue, to be matched
-- anew; nobody waits for them. Before job/store: its jobs are not deleted yet.
-- :films bigint[] and :tokens bigint[], of the jobs that found out
-- :kinds text[] and :ids bigint[], of the titles
INSERT INTO enrich_job (film_id, tag)
SELECT DISTINCT f.id, first_background_tag()
	+ (extract(epoch FROM now()) * 1000000)::bigint
FROM unnest(:films::bigint[], :tokens::bigint[], :kinds::text[],
	:ids::bigint[])
	AS r (film_id, token, kind, tmdb_id)
JOIN enrich_job own ON own.film_id = r.film_id AND own.token = r.token
JOIN film f ON f.kind = r.kind AND f.tmdb_id = r.tmdb_id
LEFT JOIN enrich_job j ON j.film_id = f.id
WHERE j.film_id IS NULL
ORDER BY f.id
ON CONFLICT DO NOTHING;
