-- A film that no file of films of the upload names is called what its entries call
-- it: the first row, of the diary before the reviews, of a known entry that stays
-- with its film. One stays when its film is a candidate for the row's name, or
-- when there is none. The library as it was before takes the name, and
-- import_move notes that the row of film is another one.
WITH corrected AS (
	SELECT DISTINCT ON (known_ref) known_ref AS ref, title, year
	FROM import_viewing v
	WHERE kind IN ('diary', 'reviews') AND known_ref <> ''
		AND known_ref NOT IN (SELECT ref FROM import_line
			WHERE outcome <> 'rejected' AND kind <> 'profile')
		AND NOT EXISTS (SELECT FROM watch_choice c
			WHERE c.member_id = current_member()
				AND c.entry = v.entry)
		AND (title, year) NOT IN (SELECT title, year
			FROM import_candidate
			EXCEPT
			SELECT title, year FROM import_candidate c
			WHERE c.ref = v.known_ref)
	ORDER BY known_ref, kind, file, ordinal
), renamed AS MATERIALIZED (
	SELECT h.film_id, c.*
	FROM corrected c
	JOIN import_library h USING (ref)
	WHERE (c.title, c.year) <> (h.title, h.year)
), noted AS (
	INSERT INTO import_move (old_id, ref, title, year)
	SELECT film_id, ref, title, year FROM renamed
), favourites AS (
	UPDATE import_line l SET title = r.title, year = r.year
	FROM renamed r
	WHERE l.kind = 'profile' AND l.ref = r.ref
), stored AS (
	UPDATE import_line l SET title = r.title, year = r.year
	FROM import_viewing v
	JOIN renamed r ON r.ref = v.known_ref
	WHERE l.entry = v.entry AND l.kind IN ('stored', 'kept')
), entries AS (
	UPDATE import_entry e SET title = r.title, year = r.year
	FROM renamed r
	WHERE e.ref = r.ref
)
UPDATE import_library h SET title = r.title, year = r.year
FROM renamed r
WHERE h.ref = r.ref;
