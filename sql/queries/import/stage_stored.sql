-- Viewings whose file is not in this upload and whose film no file speaks of any
-- more, or none ever has: as lines of kind 'stored' they look for their film
-- again, since this upload may bring it. A link of the old kind names its film.
INSERT INTO import_line (file, ordinal, kind, line, outcome, identified, ref,
	title, year, entry, linked, date, watched_on, rating, rewatch)
WITH owned AS (
	SELECT film_id, ref, title, year FROM import_library
	UNION
	SELECT old_id, ref, title, year FROM import_move
)
SELECT -1, 0, 'stored', 0, 'ok', true, '', o.title, o.year, w.entry, true,
	w.logged_on, w.watched_on, w.rating, w.rewatch
FROM watch w
JOIN owned o USING (film_id)
JOIN import_entry e USING (ref, title, year)
WHERE w.member_id = current_member() AND w.source IN ('diary', 'reviews')
	AND w.source NOT IN (SELECT kind FROM import_part)
	AND w.entry NOT LIKE 'slug:%'
	AND e.marked_on IS NULL AND e.csv_rating IS NULL AND e.liked_on IS NULL
	AND e.watchlisted_on IS NULL AND NOT e.listed;
