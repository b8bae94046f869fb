-- Gives each line and each of import_entry and import_library its row of film. A
-- favourite that nobody has named is rejected.
WITH entries AS (
	UPDATE import_entry e SET film_id = i.film_id
	FROM import_film i
	WHERE i.ref = e.ref AND i.title = e.title AND i.year = e.year
		AND i.film_id IS DISTINCT FROM e.film_id
), owned AS (
	UPDATE import_library h SET film_id = i.film_id
	FROM import_film i
	WHERE i.ref = h.ref AND i.title = h.title AND i.year = h.year
		AND i.film_id <> h.film_id
), named AS (
	SELECT l.ctid AS at, i.film_id
	FROM import_line l
	LEFT JOIN import_film i USING (ref, title, year)
	WHERE l.outcome <> 'rejected'
)
UPDATE import_line l
SET film_id = n.film_id,
	outcome = CASE WHEN n.film_id IS NULL THEN 'rejected' ELSE outcome END,
	reason = CASE WHEN n.film_id IS NULL
		THEN 'not in this export: no file of it names the film of this link'
		ELSE reason END
FROM named n
WHERE l.ctid = n.at;
