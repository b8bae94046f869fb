-- Gives each line its film; a favourite, which has a link and no name, the film
-- of that link in this upload, in the library before or after it moved, or the
-- first anybody has named.
WITH linked AS (
	SELECT DISTINCT l.ref, COALESCE(
		(SELECT min(i.film_id) FROM import_film i WHERE i.ref = l.ref),
		(SELECT min(h.film_id) FROM import_library h WHERE h.ref = l.ref),
		(SELECT min(i.film_id) FROM import_film i
			JOIN film o ON o.id = i.old_id WHERE o.ref = l.ref),
		(SELECT min(f.id) FROM film f WHERE f.ref = l.ref))
		AS film_id
	FROM import_line l
	WHERE l.kind = 'profile' AND l.outcome <> 'rejected'
), named AS (
	SELECT l.ctid AS at, COALESCE(k.film_id, i.film_id) AS film_id
	FROM import_line l
	LEFT JOIN import_film i ON l.kind <> 'profile' AND i.ref = l.ref
		AND i.title = l.title AND i.year = l.year
	LEFT JOIN linked k ON l.kind = 'profile' AND k.ref = l.ref
	WHERE l.outcome <> 'rejected'
)
UPDATE import_line l
SET film_id = n.film_id,
	outcome = CASE WHEN l.kind = 'profile' AND n.film_id IS NULL
		THEN 'rejected' ELSE outcome END,
	reason = CASE WHEN l.kind = 'profile' AND n.film_id IS NULL
		THEN 'not in this export: no file of it names the film of this link'
		ELSE reason END
FROM named n
WHERE l.ctid = n.at;
