-- Films that point at titles just stored have changed for statistics.
-- $1 film ids bigint[] and $2 tokens bigint[] of the jobs, $3 kinds text[] and
-- $4 ids bigint[] of their titles
UPDATE film f
SET version = nextval('film_version')
FROM (SELECT DISTINCT r.kind, r.tmdb_id
	FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[])
		AS r (film_id, token, kind, tmdb_id)
	JOIN enrich_job j ON j.film_id = r.film_id AND j.token = r.token) stored
WHERE f.kind = stored.kind AND f.tmdb_id = stored.tmdb_id;
