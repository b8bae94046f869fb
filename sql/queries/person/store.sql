-- The people of titles that are stored with them, in the order of their ids.
-- Those that are here and the same are only read, but for once a day.
-- $1 film ids bigint[] and $2 tokens bigint[] of the jobs; then an array a
-- column, an element a credit: $3 film id of its job bigint[], $4 person id
-- bigint[], $5 name text[], $6 gender bigint[], $7 profile path text[]
WITH credited AS (
	SELECT DISTINCT ON (c.id) c.id, c.name, c.gender::smallint AS gender,
		c.profile_path
	FROM unnest($3::bigint[], $4::bigint[], $5::text[], $6::bigint[],
			$7::text[])
		AS c (film_id, id, name, gender, profile_path)
	-- IS TRUE keeps this a hashed subplan: a join would be nested loops of
	-- batch times credits, since arrays are planned as ten rows.
	WHERE (c.film_id IN (SELECT j.film_id
		FROM unnest($1::bigint[], $2::bigint[]) AS r (film_id, token)
		JOIN enrich_job j ON j.film_id = r.film_id
			AND j.token = r.token)) IS TRUE
	ORDER BY c.id
)
INSERT INTO person AS p (id, name, gender, profile_path, seen_at)
SELECT c.id, c.name, c.gender, c.profile_path, now()
FROM credited c
LEFT JOIN person known ON known.id = c.id
WHERE known.id IS NULL OR known.seen_at < now() - interval '1 day'
	OR (known.name, known.gender, known.profile_path)
		IS DISTINCT FROM (c.name, c.gender, c.profile_path)
ORDER BY c.id
ON CONFLICT (id) DO UPDATE
SET name = excluded.name, gender = excluded.gender,
	profile_path = excluded.profile_path, seen_at = excluded.seen_at,
	shown_at = CASE WHEN (p.name, p.gender, p.profile_path)
			IS DISTINCT FROM (excluded.name, excluded.gender,
				excluded.profile_path)
		THEN now() ELSE p.shown_at END;
