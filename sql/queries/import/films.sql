-- The films that the lines name, each once, with the row of film of that ref,
-- title and year. One that nobody has named so is like the only other film of
-- its title and year, if there is one: a slug stands for the film whose number
-- somebody knows, others get a row that takes its answer of TMDB.
INSERT INTO import_film (ref, title, year, film_id, like_id)
WITH named AS (
	SELECT DISTINCT ref, title, year
	FROM import_line
	WHERE outcome <> 'rejected' AND title IS NOT NULL
), keyed AS MATERIALIZED (
	SELECT n.*, f.id
	FROM named n
	LEFT JOIN film f ON f.ref = n.ref AND f.title = n.title
		AND COALESCE(f.year, 0) = n.year
), alike AS (
	SELECT k.ref, k.title, k.year, min(f.id) AS id,
		k.ref LIKE 'slug:%' AND min(f.ref) LIKE 'boxd:%' AS same
	FROM keyed k
	JOIN film f ON f.title = k.title AND COALESCE(f.year, 0) = k.year
	WHERE k.id IS NULL
	GROUP BY k.ref, k.title, k.year
	HAVING count(*) = 1
)
SELECT ref, title, year, COALESCE(k.id, CASE WHEN a.same THEN a.id END),
	CASE WHEN NOT a.same THEN a.id END
FROM keyed k
LEFT JOIN alike a USING (ref, title, year);
