-- A film that no file of films of the upload names is called what its entries call
-- it: the first row, of the diary before the reviews, of a known entry that stays
-- with its film. One stays when its film is a candidate for the row's name, or
-- when there is none. The library as it was before takes the name, and
-- import_move notes that the row of film is another one.
WITH corrected AS (
	SELECT DISTINCT ON (known_ref) known_ref AS ref, title, year
	FROM import_viewing v
	LEFT JOIN (SELECT DISTINCT title, year, true AS named
		FROM import_candidate) n USING (title, year)
	LEFT JOIN (SELECT title, year, ref AS known_ref, true AS own
		FROM import_candidate) c USING (title, year, known_ref)
	WHERE (n.named IS NULL OR c.own) AND kind IN ('diary', 'reviews')
		AND known_ref <> ''
		AND known_ref NOT IN (SELECT ref FROM import_line
			WHERE outcome <> 'rejected' AND kind <> 'profile')
		AND entry NOT IN (SELECT entry FROM watch_choice
			WHERE member_id = current_member())
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
