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
	FROM import_library h
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
	SELECT title, year, ref, rating,
		row_number() OVER (PARTITION BY title, year
			ORDER BY tier, place) AS number,
		count(*) OVER (PARTITION BY title, year) AS films,
		count(*) OVER (PARTITION BY title, year, rating) AS rated_alike
	FROM film_named
	WHERE tier = nearest
), stored AS (
	-- A review of an entry whose diary row came with an earlier upload.
	SELECT v.entry, h.ref
	FROM viewing v
	JOIN watch w ON w.member_id = current_member() AND w.entry = v.entry
	JOIN import_library h ON h.film_id = w.film_id AND h.title = v.title
		AND h.year = v.year
	WHERE v.kind = 'reviews' AND w.source = 'diary' AND h.ref <> ''
), rated AS (
	SELECT v.entry, c.ref
	FROM viewing v
	JOIN choice c USING (title, year, rating)
	WHERE c.films > 1 AND c.rated_alike = 1
), placed AS MATERIALIZED (
	SELECT v.entry, v.kind, title, year, c.films, r.ref AS rated,
		CASE WHEN r.ref IS NULL THEN 1 + (row_number() OVER (
			PARTITION BY title, year, r.ref IS NULL
			ORDER BY length(v.entry), v.entry COLLATE "C") - 1) % c.films
			ELSE 1 END AS number
	FROM viewing v
	JOIN choice c USING (title, year)
	LEFT JOIN rated r USING (entry)
	WHERE c.number = 1
), joined AS (
	SELECT p.entry, p.kind, p.films,
		s.ref IS NULL AND p.films > 1 AS ambiguous,
		p.rated IS NOT NULL AS by_rating,
		COALESCE(s.ref, p.rated, c.ref) AS ref
	FROM placed p
	JOIN choice c USING (title, year, number)
	LEFT JOIN stored s USING (entry)
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
