-- First statement of what changes films: locks them, films before jobs and
-- both by id, as an import does, so that the two cannot deadlock.
-- :films bigint[], their ids
-- :kinds text[] and :ids bigint[], of titles that are about to change: their
-- other films change with them
SELECT id FROM film
WHERE id = ANY (ARRAY(
	SELECT unnest(:films::bigint[])
	UNION
	SELECT f.id
	FROM unnest(:kinds::text[], :ids::bigint[]) AS r (kind, tmdb_id)
	JOIN film f ON f.kind = r.kind AND f.tmdb_id = r.tmdb_id))
ORDER BY id
FOR NO KEY UPDATE;
