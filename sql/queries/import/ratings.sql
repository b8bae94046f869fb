-- The rating in force of each film: ratings.csv, else the rated viewing that
-- comes last in the order of viewings (watch.place), else one in watched.csv.
WITH latest AS (
	SELECT DISTINCT ON (film_id) film_id, rating,
		source
	FROM watch
	WHERE member_id = current_member() AND rating IS NOT NULL
	ORDER BY film_id, watched_on DESC NULLS LAST, logged_on DESC NULLS LAST,
		place DESC, id DESC
), resolved AS (
	SELECT e.film_id, COALESCE(e.csv_rating, l.rating, e.marked_rating) AS rating,
		CASE WHEN e.csv_rating IS NOT NULL THEN 'ratings'
			WHEN l.rating IS NOT NULL THEN l.source
			WHEN e.marked_rating IS NOT NULL THEN 'watched'
			END AS rating_source
	FROM library_entry e
	LEFT JOIN latest l USING (film_id)
	WHERE e.member_id = current_member()
)
UPDATE library_entry e
SET rating = r.rating, rating_source = r.rating_source
FROM resolved r
WHERE e.member_id = current_member() AND e.film_id = r.film_id
	AND (e.rating, e.rating_source)
		IS DISTINCT FROM (r.rating, r.rating_source);
