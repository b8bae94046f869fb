-- Viewings that an earlier import could only give a film known by name (there
-- was no watched.csv) and whose file is not in this upload: they look for
-- their film again, as lines of kind 'stored', since this upload may bring it.
INSERT INTO import_line (file, ordinal, kind, line, outcome, ref, title, year,
	entry, linked, date, watched_on, rating, rewatch)
SELECT -1, 0, 'stored', 0, 'ok', '', h.title, h.year, w.entry, true,
	w.logged_on, w.watched_on, w.rating, w.rewatch
FROM watch w
JOIN import_library h USING (film_id)
WHERE w.member_id = current_member() AND w.source IN ('diary', 'reviews')
	AND w.source NOT IN (SELECT kind FROM import_part)
	AND h.ref = '' AND h.marked_on IS NULL AND h.csv_rating IS NULL
	AND h.liked_on IS NULL AND h.watchlisted_on IS NULL
	AND h.favourite IS NULL;
