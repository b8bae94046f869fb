-- The rating of one film in force, the rule that chose it, and every value
-- that was there to choose from.
-- :film bigint, its id
-- Columns: body, with the first 200 values in the order of the cascade; the rule
-- names the first ten that were overruled. No row for a film that is not in the
-- member's library.
--
-- The cascade: ratings.csv (100), else the rated viewing watched last (75),
-- else watched.csv (50); import/ratings.sql goes by the same order.
WITH entry AS (
	SELECT * FROM library_entry
	WHERE member_id = current_member() AND film_id = :film::bigint
),
evidence AS (
	SELECT 1 AS class, 'ratings' AS source, csv_rating AS rating,
		csv_rated_on AS date, NULL::date AS logged_on,
		NULL::bigint AS watch_id, NULL::bigint AS number
	FROM entry WHERE csv_rating IS NOT NULL
	UNION ALL
	SELECT 2, w.source, w.rating, w.watched_on, w.logged_on, w.id, w.place
	FROM watch w
	JOIN entry e ON w.member_id = e.member_id AND w.film_id = e.film_id
	WHERE w.rating IS NOT NULL
	UNION ALL
	SELECT 3, 'watched', marked_rating, marked_on, NULL, NULL, NULL
	FROM entry WHERE marked_rating IS NOT NULL
),
ranked AS (
	SELECT *, row_number() OVER (ORDER BY class, date DESC NULLS LAST,
			logged_on DESC NULLS LAST, number DESC,
			watch_id DESC) AS place,
		trim_scale(rating / 2.0)::text AS stars,
		CASE WHEN source IN ('ratings', 'watched') THEN source || '.csv'
			ELSE CASE source WHEN 'diary' THEN 'diary entry'
				WHEN 'reviews' THEN 'review'
				ELSE 'orphaned entry' END
			|| COALESCE(' of ' || date, ' without a date, logged on '
				|| logged_on, ' without a date') END AS what
	FROM evidence
),
explained AS (
	SELECT r.*, r.place = 1 AS used, CASE
		WHEN r.place > 1 THEN format('%s said %s%s; %s', r.what, r.stars,
			CASE WHEN r.rating = u.rating THEN ' as well' ELSE '' END,
			CASE WHEN u.class = 1 THEN 'ratings.csv has priority'
				WHEN u.class < r.class
					THEN u.what || ' has priority over watched.csv'
				ELSE u.what || ' is the latest' END)
		WHEN u.class = 1 THEN format('%s says %s; it has priority',
			u.what, u.stars)
		WHEN u.class = 2 THEN format('%s said %s; it is the latest rated '
			'viewing and ratings.csv has no rating', u.what, u.stars)
		ELSE format('%s says %s; nothing else rates the film',
			u.what, u.stars) END AS reason
	FROM ranked r
	JOIN ranked u ON u.place = 1
)
SELECT json_build_object(
	'rating', u.rating / 2::float8,
	'source', entry.rating_source,
	'confidence', CASE u.class WHEN 1 THEN 100 WHEN 2 THEN 75
		WHEN 3 THEN 50 END,
	'rule', CASE u.class
		WHEN 1 THEN format('ratings.csv says %s and has priority over '
			'diary entries, reviews and watched.csv.', u.stars)
		WHEN 2 THEN format('ratings.csv has no rating, so the rated '
			'viewing watched last counts: %s said %s.', u.what, u.stars)
		WHEN 3 THEN format('Neither ratings.csv nor a diary entry or '
			'review has a rating, so watched.csv counts: it says %s.',
			u.stars)
		ELSE 'Nothing in the export rates this film.' END
		|| COALESCE((SELECT ' Overruled: ' || string_agg(
				format('%s said %s', what, stars), ', ' ORDER BY place)
				FILTER (WHERE nth <= 10)
				|| CASE WHEN count(*) > 10
					THEN format(' and %s more', count(*) - 10)
					ELSE '' END || '.'
			FROM (SELECT *, row_number() OVER (ORDER BY place) AS nth
				FROM explained WHERE rating <> u.rating) o), ''),
	'evidence', (SELECT COALESCE(json_agg(json_build_object(
			'source', source, 'rating', rating / 2::float8,
			'date', COALESCE(date, logged_on),
			'watch_id', watch_id, 'used', used, 'reason', reason)
			ORDER BY place), '[]')
		FROM explained WHERE place <= 200),
	'evidence_cut', (SELECT count(*) FROM explained WHERE place > 200)
) AS body
FROM entry
LEFT JOIN explained u ON u.used;
