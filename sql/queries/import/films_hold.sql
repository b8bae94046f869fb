-- Films of others that the upload is about to stand on are kept from being dropped
-- by who has left them. One that is gone already is made anew by films_add.
WITH held AS MATERIALIZED (
	SELECT id
	FROM hold_films(ARRAY(SELECT film_id FROM import_film
		WHERE film_id IS NOT NULL
			AND film_id NOT IN (SELECT film_id FROM import_library)))
		AS id
)
UPDATE import_film i SET film_id = NULL
WHERE film_id IS NOT NULL
	AND film_id NOT IN (SELECT film_id FROM import_library)
	AND film_id NOT IN (SELECT id FROM held);
