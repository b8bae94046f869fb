-- A film of the library that is known by name alone goes with its viewings when all
-- of them have another name now (see join): what the member chose for it does.
INSERT INTO import_move (old_id, ref, title, year)
SELECT DISTINCT ON (h.film_id) h.film_id, l.ref, l.title, l.year
FROM import_library h
JOIN watch w ON w.member_id = current_member() AND w.film_id = h.film_id
JOIN import_line l ON l.entry = w.entry AND l.outcome <> 'rejected'
WHERE h.ref = '' AND l.ref = '' AND (h.title, h.year) <> (l.title, l.year)
	AND NOT EXISTS (SELECT FROM import_entry e
		WHERE e.ref = '' AND e.title = h.title AND e.year = h.year
		AND (e.marked_on IS NOT NULL OR e.csv_rating IS NOT NULL
			OR e.liked_on IS NOT NULL OR e.listed
			OR e.watchlisted_on IS NOT NULL))
	AND NOT EXISTS (SELECT FROM watch o
		WHERE o.member_id = current_member()
			AND o.film_id = h.film_id
			AND NOT EXISTS (SELECT FROM import_line n
			WHERE n.entry = o.entry AND n.outcome <> 'rejected'
				AND (n.title, n.year) <> (h.title, h.year)))
ORDER BY h.film_id, l.kind, l.file, l.ordinal;
