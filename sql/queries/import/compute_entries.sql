-- What the member's films are by the files that speak of films: the columns of
-- each source that is in the upload become what its lines say, absent ones go.
-- A source stays as it was for a film whose row could not be read, and for all
-- films when there is a row of which nobody can tell which film it is.
-- :all_lists boolean, the upload holds all lists
INSERT INTO import_entry (ref, title, year, film_id, marked_on, marked_rating,
	liked_on, watchlisted_on, favourite, csv_rating, csv_rated_on, listed)
WITH gone AS MATERIALIZED (
	-- Whether what the file lacks goes.
	SELECT COALESCE(bool_or(kind = 'watched'), false) AS watched,
		COALESCE(bool_or(kind = 'ratings'), false) AS ratings,
		COALESCE(bool_or(kind = 'likes'), false) AS likes,
		COALESCE(bool_or(kind = 'watchlist'), false) AS watchlist,
		COALESCE(bool_or(kind = 'profile'), false) AS profile
	FROM import_whole
), said AS (
	SELECT ref, title, year,
		max(date) FILTER (WHERE kind = 'watched' AND ok) AS marked_on,
		max(rating) FILTER (WHERE kind = 'watched' AND ok) AS marked_rating,
		max(date) FILTER (WHERE kind = 'likes' AND ok) AS liked_on,
		max(date) FILTER (WHERE kind = 'watchlist' AND ok)
			AS watchlisted_on,
		max(position) FILTER (WHERE kind = 'profile' AND ok) AS favourite,
		max(rating) FILTER (WHERE kind = 'ratings' AND ok) AS csv_rating,
		max(date) FILTER (WHERE kind = 'ratings' AND ok) AS csv_rated_on,
		bool_or(kind = 'watched' AND NOT ok) AS keeps_mark,
		bool_or(kind = 'likes' AND NOT ok) AS keeps_like,
		bool_or(kind = 'watchlist' AND NOT ok) AS keeps_wish,
		bool_or(kind = 'ratings' AND NOT ok) AS keeps_rating
	FROM (SELECT *, outcome <> 'rejected' AS ok FROM import_line) l
	WHERE kind IN ('watched', 'ratings', 'likes', 'watchlist', 'profile')
		AND title IS NOT NULL AND (ok OR identified)
	GROUP BY ref, title, year
), listed AS (
	SELECT ref, title, year FROM import_line
	WHERE kind = 'list' AND outcome <> 'rejected'
	UNION
	SELECT o.ref, o.title, o.year
	FROM list l
	JOIN list_item i ON i.member_id = l.member_id AND i.list_id = l.id
	JOIN import_owned o USING (film_id)
	LEFT JOIN import_part p ON p.slug = l.slug
	WHERE l.member_id = current_member() AND CASE
		WHEN p.slug IS NULL THEN NOT :all_lists::boolean
		ELSE p.reason IS NOT NULL OR EXISTS (SELECT FROM import_line n
			WHERE n.slug = l.slug AND n.outcome = 'rejected'
				AND (NOT n.identified OR n.position = i.position))
		END
)
SELECT ref, title, year, h.film_id,
	COALESCE(s.marked_on, CASE WHEN NOT gone.watched OR s.keeps_mark
		THEN h.marked_on END),
	CASE WHEN s.marked_on IS NOT NULL THEN s.marked_rating
		WHEN NOT gone.watched OR s.keeps_mark THEN h.marked_rating END,
	COALESCE(s.liked_on, CASE WHEN NOT gone.likes OR s.keeps_like
		THEN h.liked_on END),
	COALESCE(s.watchlisted_on, CASE WHEN NOT gone.watchlist OR s.keeps_wish
		THEN h.watchlisted_on END),
	COALESCE(s.favourite, CASE WHEN NOT gone.profile
		THEN h.favourite END),
	COALESCE(s.csv_rating, CASE WHEN NOT gone.ratings OR s.keeps_rating
		THEN h.csv_rating END),
	COALESCE(s.csv_rated_on, CASE WHEN NOT gone.ratings OR s.keeps_rating
		THEN h.csv_rated_on END),
	l.ref IS NOT NULL
FROM import_library h
FULL JOIN said s USING (ref, title, year)
FULL JOIN listed l USING (ref, title, year)
CROSS JOIN gone;
