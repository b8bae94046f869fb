-- Library entries: the columns of each source that is in the upload become what
-- its lines say; films named for the first time get an entry.
WITH here AS MATERIALIZED (
	SELECT bool_or(kind = 'watched') AS watched,
		bool_or(kind = 'ratings') AS ratings, bool_or(kind = 'likes') AS likes,
		bool_or(kind = 'watchlist') AS watchlist,
		bool_or(kind = 'profile') AS profile
	FROM import_part
), said AS (
	SELECT film_id, max(date) FILTER (WHERE kind = 'watched') AS marked_on,
		max(rating) FILTER (WHERE kind = 'watched') AS marked_rating,
		max(date) FILTER (WHERE kind = 'likes') AS liked_on,
		max(date) FILTER (WHERE kind = 'watchlist') AS watchlisted_on,
		max(position) FILTER (WHERE kind = 'profile') AS favourite,
		max(rating) FILTER (WHERE kind = 'ratings') AS csv_rating,
		max(date) FILTER (WHERE kind = 'ratings') AS csv_rated_on
	FROM import_line
	WHERE outcome <> 'rejected' AND kind <> 'list'
	GROUP BY film_id
), wanted AS (
	SELECT film_id, h AS old,
		CASE WHEN (SELECT watched FROM here) THEN s.marked_on
			ELSE h.marked_on END AS marked_on,
		CASE WHEN (SELECT watched FROM here) THEN s.marked_rating
			ELSE h.marked_rating END AS marked_rating,
		CASE WHEN (SELECT likes FROM here) THEN s.liked_on
			ELSE h.liked_on END AS liked_on,
		CASE WHEN (SELECT watchlist FROM here) THEN s.watchlisted_on
			ELSE h.watchlisted_on END AS watchlisted_on,
		CASE WHEN (SELECT profile FROM here) THEN s.favourite
			ELSE h.favourite END AS favourite,
		CASE WHEN (SELECT ratings FROM here) THEN s.csv_rating
			ELSE h.csv_rating END AS csv_rating,
		CASE WHEN (SELECT ratings FROM here) THEN s.csv_rated_on
			ELSE h.csv_rated_on END AS csv_rated_on
	FROM (SELECT * FROM import_library WHERE entry) AS h
	FULL JOIN said s USING (film_id)
)
INSERT INTO library_entry (member_id, film_id, marked_on, marked_rating,
	liked_on, watchlisted_on, favourite, csv_rating, csv_rated_on)
SELECT current_member(), film_id, marked_on, marked_rating, liked_on,
	watchlisted_on, favourite, csv_rating, csv_rated_on
FROM wanted
WHERE (old).film_id IS NULL
	OR (marked_on, marked_rating, liked_on, watchlisted_on, favourite,
		csv_rating, csv_rated_on) IS DISTINCT FROM ((old).marked_on,
		(old).marked_rating, (old).liked_on, (old).watchlisted_on,
		(old).favourite, (old).csv_rating, (old).csv_rated_on)
ORDER BY film_id
ON CONFLICT (member_id, film_id) DO UPDATE
SET marked_on = EXCLUDED.marked_on, marked_rating = EXCLUDED.marked_rating,
	liked_on = EXCLUDED.liked_on, watchlisted_on = EXCLUDED.watchlisted_on,
	favourite = EXCLUDED.favourite, csv_rating = EXCLUDED.csv_rating,
	csv_rated_on = EXCLUDED.csv_rated_on;
