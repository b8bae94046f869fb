-- Finds the film of each viewing: exports name the entry in diary.csv and
-- reviews.csv, not the film, so the film is the one of the same title and year
-- (byte for byte) in the nearest place that has one: watched.csv and
-- ratings.csv of this upload, then its other files, then the library. A link
-- of the old kind carries the film's slug: nothing to find. Sets ref; no film
-- leaves it empty: a film known by name.
--
-- Several films of one title and year: the one whose rating in ratings.csv (the
-- upload's, else the one imported last) is the row's, if that is one film; else the films in turn, in the order of the
-- entries. Such a row is reported as ambiguous.
WITH viewing AS MATERIALIZED (
	SELECT DISTINCT ON (entry) entry, kind, title, year, rating
	FROM import_line
	WHERE kind IN ('diary', 'reviews', 'stored') AND outcome <> 'rejected'
		AND ref = ''
	ORDER BY entry, kind, ordinal
), named AS MATERIALIZED (
	SELECT DISTINCT title, year FROM viewing
), candidate AS (
	SELECT l.ref, l.title, l.year,
		CASE WHEN l.kind IN ('watched', 'ratings') THEN 1 ELSE 2 END AS tier,
		CASE WHEN l.kind = 'ratings' THEN l.rating END AS rating,
		l.file * 10000000::bigint + l.ordinal AS place
	FROM import_line l
	JOIN named USING (title, year)
	WHERE l.kind IN ('watched', 'ratings', 'likes', 'watchlist', 'list')
		AND l.outcome <> 'rejected'
	UNION ALL
	SELECT h.ref, h.title, h.year, 3, CASE WHEN NOT EXISTS (SELECT
			FROM import_part WHERE kind = 'ratings') THEN h.csv_rating END,
		h.film_id
	FROM import_have h
	JOIN named USING (title, year)
	WHERE h.entry AND (h.ref <> '' OR h.marked_on IS NOT NULL
		OR h.csv_rating IS NOT NULL OR h.liked_on IS NOT NULL
		OR h.watchlisted_on IS NOT NULL)
), film_named AS (
	SELECT title, year, ref, max(rating) AS rating, min(tier) AS tier,
		min(place) AS place,
		min(min(tier)) OVER (PARTITION BY title, year) AS nearest
	FROM candidate
	GROUP BY title, year, ref
), choice AS MATERIALIZED (
	SELECT title, year, array_agg(ref ORDER BY tier, place) AS refs,
		array_agg(rating ORDER BY tier, place) AS ratings
	FROM film_named
	WHERE tier = nearest
	GROUP BY title, year
), stored AS (
	-- A review of an entry whose diary row came with an earlier upload.
	SELECT v.entry, h.ref
	FROM viewing v
	JOIN watch w ON w.member_id = current_member() AND w.entry = v.entry
	JOIN import_have h ON h.film_id = w.film_id AND h.title = v.title
		AND h.year = v.year
	WHERE v.kind = 'reviews' AND w.source = 'diary' AND h.ref <> ''
), rated AS (
	SELECT v.entry, min(r.ref) AS ref
	FROM viewing v
	JOIN choice c USING (title, year)
	CROSS JOIN unnest(c.refs, c.ratings) AS r (ref, rating)
	WHERE cardinality(c.refs) > 1 AND r.rating = v.rating
	GROUP BY v.entry
	HAVING count(*) = 1
), turn AS (
	SELECT v.entry, row_number() OVER (PARTITION BY title, year
		ORDER BY length(v.entry), v.entry COLLATE "C") AS turn
	FROM viewing v
	JOIN choice c USING (title, year)
	WHERE cardinality(c.refs) > 1
		AND NOT EXISTS (SELECT FROM rated r WHERE r.entry = v.entry)
), joined AS (
	SELECT v.entry, v.kind, cardinality(c.refs) AS films,
		s.ref IS NULL AND cardinality(c.refs) > 1 AS ambiguous,
		r.ref IS NOT NULL AS by_rating,
		COALESCE(s.ref, r.ref,
			c.refs[1 + COALESCE(t.turn - 1, 0) % cardinality(c.refs)])
			AS ref
	FROM viewing v
	JOIN choice c USING (title, year)
	LEFT JOIN stored s USING (entry)
	LEFT JOIN rated r USING (entry)
	LEFT JOIN turn t USING (entry)
)
UPDATE import_line l
SET ref = j.ref,
	outcome = CASE WHEN j.ambiguous AND l.kind = j.kind AND l.file >= 0
		THEN 'ambiguous' ELSE l.outcome END,
	reason = CASE WHEN j.ambiguous AND l.kind = j.kind AND l.file >= 0
		THEN concat_ws('; ', l.reason, format(
			'%s films of this title and year; taken as film %s, %s',
			j.films, COALESCE(NULLIF(j.ref, ''), 'without a link'),
			CASE WHEN j.by_rating
				THEN 'the only one rated the same in ratings.csv'
				ELSE 'films in turn in the order of the entries' END))
		ELSE l.reason END
FROM joined j
WHERE l.entry = j.entry AND l.kind IN ('diary', 'reviews', 'stored')
	AND l.outcome <> 'rejected' AND l.ref = ''
	AND (j.ref <> '' OR j.ambiguous);
