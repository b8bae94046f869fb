-- The films that the lines name, each once, with the row of film it stands
-- for. The exact key comes first: same ref, title and year. What else may be the
-- same film has the same title and year, and counts only for a film that is
-- alone with them in this upload, so that two films never become one:
--
--   our ref     other row              condition                what happens
--   less exact  in the member's own    the only such one there  stands for it
--   slug        anybody's, by boxd     the only one there is    stands for it
--   more exact  in the member's own    the only one there       old_id: the
--                                      of that title and year   member's rows
--                                                               move to ours
--   more exact  anybody's              the only one there is    like_id: a new
--                                                               row takes its
--                                                               answer of TMDB
--
-- Exact are, from the least on: a name alone, a slug, a boxd number.
INSERT INTO import_film (ref, title, year, film_id, old_id, like_id)
WITH named AS MATERIALIZED (
	SELECT ref, title, year, count(*) OVER (PARTITION BY title, year) AS films
	FROM (SELECT DISTINCT ref, title, year FROM import_line
		WHERE outcome <> 'rejected' AND kind <> 'profile') AS k
), keyed AS MATERIALIZED (
	SELECT n.*, f.id, h.film_id IS NOT NULL AS own
	FROM named n
	LEFT JOIN film f ON f.ref = n.ref AND f.title = n.title
		AND COALESCE(f.year, 0) = n.year
	LEFT JOIN import_library h ON h.film_id = f.id
), namesake AS (
	SELECT k.ref, k.title, k.year, f.id, k.id IS NULL AS unknown,
		array_position(ARRAY['', 'slug:', 'boxd:'], left(f.ref, 5))
			- array_position(ARRAY['', 'slug:', 'boxd:'], left(k.ref, 5))
			AS knows,
		h.film_id IS NOT NULL AS own, count(*) OVER same AS all_films,
		count(h.film_id) OVER same AS own_films
	FROM keyed k
	JOIN film f ON f.title = k.title AND COALESCE(f.year, 0) = k.year
		AND f.id IS DISTINCT FROM k.id
	LEFT JOIN import_library h ON h.film_id = f.id
	WHERE NOT k.own AND k.films = 1
	WINDOW same AS (PARTITION BY k.title, k.year)
), found AS (
	SELECT ref, title, year,
		min(id) FILTER (WHERE unknown AND knows > 0 AND (own AND own_films = 1
			OR all_films = 1 AND ref <> '')) AS film_id,
		min(id) FILTER (WHERE knows < 0 AND own AND own_films = 1)
			AS old_id,
		min(id) FILTER (WHERE unknown AND knows < 0 AND all_films = 1)
			AS like_id
	FROM namesake
	GROUP BY ref, title, year
)
SELECT ref, title, year, COALESCE(k.id, found.film_id), found.old_id,
	found.like_id
FROM keyed k
LEFT JOIN found USING (ref, title, year);
