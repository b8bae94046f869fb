-- Library entries become what compute_entries found. A film that only a viewing
-- names gets an entry.
INSERT INTO library_entry AS e (member_id, film_id, marked_on, marked_rating,
	liked_on, watchlisted_on, favourite, csv_rating, csv_rated_on)
SELECT current_member(), film_id, n.marked_on, n.marked_rating, n.liked_on,
	n.watchlisted_on, n.favourite, n.csv_rating, n.csv_rated_on
FROM import_entry n
FULL JOIN (SELECT DISTINCT film_id FROM import_watch
	WHERE source IS NOT NULL) v USING (film_id)
WHERE v.film_id IS NOT NULL
	OR num_nonnulls(n.marked_on, n.liked_on, n.watchlisted_on, n.favourite,
		n.csv_rating) > 0
	OR film_id IN (SELECT film_id FROM import_library WHERE entry)
ORDER BY film_id
ON CONFLICT (member_id, film_id) DO UPDATE
SET marked_on = EXCLUDED.marked_on, marked_rating = EXCLUDED.marked_rating,
	liked_on = EXCLUDED.liked_on, watchlisted_on = EXCLUDED.watchlisted_on,
	favourite = EXCLUDED.favourite, csv_rating = EXCLUDED.csv_rating,
	csv_rated_on = EXCLUDED.csv_rated_on
WHERE (e.marked_on, e.marked_rating, e.liked_on, e.watchlisted_on, e.favourite,
	e.csv_rating, e.csv_rated_on) IS DISTINCT FROM (EXCLUDED.marked_on,
	EXCLUDED.marked_rating, EXCLUDED.liked_on, EXCLUDED.watchlisted_on,
	EXCLUDED.favourite, EXCLUDED.csv_rating, EXCLUDED.csv_rated_on);
