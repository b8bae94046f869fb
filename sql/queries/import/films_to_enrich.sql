-- Films of the member that TMDB is to be asked about: watched, rated or liked.
-- Those only wanted (watchlist, lists) wait; an entry without a link is of a
-- film that Letterboxd has no more.
INSERT INTO import_job (film_id, since)
SELECT e.film_id, COALESCE(e.marked_on, e.csv_rated_on, e.liked_on, w.since)
FROM library_entry e
LEFT JOIN (SELECT film_id, min(logged_on) AS since
	FROM watch
	WHERE member_id = current_member() AND source IN ('diary', 'reviews')
		AND entry NOT LIKE 'name:%'
	GROUP BY film_id) AS w USING (film_id)
WHERE e.member_id = current_member() AND (e.marked_on IS NOT NULL
	OR e.csv_rating IS NOT NULL OR e.liked_on IS NOT NULL
	OR w.film_id IS NOT NULL);
