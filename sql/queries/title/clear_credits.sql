-- Makes room for the credits of titles just stored.
-- $1 film ids bigint[] and $2 tokens bigint[] of the jobs, $3 kinds text[] and
-- $4 ids bigint[] of their titles
DELETE FROM credit c
USING unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[])
	AS r (film_id, token, kind, tmdb_id)
JOIN enrich_job j ON j.film_id = r.film_id AND j.token = r.token
WHERE c.kind = r.kind AND c.tmdb_id = r.tmdb_id;
