-- The rows of the films just added, by this import or one beside it.
UPDATE import_film i
SET film_id = f.id
FROM film f
WHERE i.film_id IS NULL AND f.ref = i.ref AND f.title = i.title
	AND COALESCE(f.year, 0) = i.year;
