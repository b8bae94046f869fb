-- First statement of what changes films: locks them, films before jobs and
-- both by id, as an import does, so that the two cannot deadlock.
-- $1 film ids bigint[]; $2 kinds text[] and $3 ids bigint[] of titles that are
-- about to change, whose other films change with them
SELECT id FROM film
WHERE id = ANY (ARRAY(
	SELECT unnest($1::bigint[])
	UNION
	SELECT f.id
	FROM unnest($2::text[], $3::bigint[]) AS r (kind, tmdb_id)
	JOIN film f ON f.kind = r.kind AND f.tmdb_id = r.tmdb_id))
ORDER BY id
FOR NO KEY UPDATE;
