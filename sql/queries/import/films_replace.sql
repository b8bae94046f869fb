-- Films that get a better ref, in the order of their ids. One that another
-- import was quicker with stays as that left it.
WITH locked AS MATERIALIZED (
	SELECT f.id, i.ref, i.replaces
	FROM film f
	JOIN import_film i ON i.film_id = f.id
	WHERE i.replaces IS NOT NULL
	ORDER BY f.id
	FOR NO KEY UPDATE OF f
)
UPDATE film f
SET letterboxd_ref = l.ref
FROM locked l
WHERE f.id = l.id AND f.letterboxd_ref = l.replaces;
