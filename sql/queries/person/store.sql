-- The people of titles that are stored with them, in the order of their ids.
-- Those that are here and the same are only read, but for once a day.
-- :films bigint[] and :tokens bigint[], of the jobs
-- Then an array a column, an element a credit:
--   :film_ids bigint[], of its job
--   :ids bigint[], of the person
--   :names text[]
--   :genders bigint[]
--   :profile_paths text[]
WITH credited AS (
	SELECT DISTINCT ON (c.id) c.id, c.name, c.gender::smallint AS gender,
		c.profile_path
	FROM unnest(:film_ids::bigint[], :ids::bigint[], :names::text[],
			:genders::bigint[], :profile_paths::text[])
		AS c (film_id, id, name, gender, profile_path)
	-- IS TRUE keeps this a hashed subplan: a join would be nested loops of
	-- batch times credits, since arrays are planned as ten rows.
	WHERE (c.film_id IN (SELECT j.film_id
		FROM unnest(:films::bigint[], :tokens::bigint[]) AS r (film_id, token)
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
