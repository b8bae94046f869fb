-- What each link that the member or the upload knows is called from now on, and
-- by which link. The name is that of its first row in the upload: watched.csv,
-- then ratings.csv, the likes, the watchlist, the lists, and for links of the
-- old kind, which name the film there too, the diary and the reviews. A link
-- that the upload does not name keeps the name that the library has. A slug and
-- a boxd number that are the only ones of their kind with one title and year are
-- one film, and the number is its link; but two films that the library has had
-- apart stay apart.
INSERT INTO import_ref (ref, to_ref, title, year)
WITH named AS (
	SELECT DISTINCT ON (ref) ref, title, year
	FROM import_line
	WHERE outcome <> 'rejected' AND ref <> '' AND kind <> 'profile'
	ORDER BY ref, array_position(ARRAY['watched', 'ratings', 'likes',
		'watchlist', 'list', 'diary', 'reviews'], kind), file, ordinal
), owned AS (
	SELECT DISTINCT ON (ref) ref, title, year
	FROM import_library
	WHERE ref <> ''
	ORDER BY ref, film_id
), called AS MATERIALIZED (
	SELECT ref, COALESCE(n.title, o.title) AS title,
		COALESCE(n.year, o.year) AS year, o.ref IS NOT NULL AS owned
	FROM owned o
	FULL JOIN named n USING (ref)
), same AS (
	SELECT title, year, min(ref) FILTER (WHERE ref LIKE 'boxd:%') AS number
	FROM called
	GROUP BY title, year
	HAVING count(*) FILTER (WHERE ref LIKE 'boxd:%') = 1
		AND count(*) FILTER (WHERE ref LIKE 'slug:%') = 1
		AND NOT bool_and(owned)
)
SELECT ref, COALESCE(number, ref), title, year
FROM called
LEFT JOIN same USING (title, year);
