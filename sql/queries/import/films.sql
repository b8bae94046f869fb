-- The films that the lines name, each once, with the row of film it stands
-- for where there is one: the exact key; else, for a film that is alone with
-- its title and year in this upload (so that two films never become one), the
-- row of the same title and year
-- * that knows more (a link instead of a slug or nothing): the only one in the
--   member's library, or for a slug the only one there is;
-- * that knows less, when it is the only one there is: it gets our ref.
INSERT INTO import_film (ref, title, year, film_id, replaces)
WITH named AS MATERIALIZED (
	SELECT ref, title, year, count(*) OVER (PARTITION BY title, year) AS films
	FROM (SELECT DISTINCT ref, title, year FROM import_line
		WHERE outcome <> 'rejected' AND kind <> 'profile') AS k
), keyed AS MATERIALIZED (
	SELECT n.*, f.id
	FROM named n
	LEFT JOIN film f ON f.letterboxd_ref = n.ref AND f.title = n.title
		AND COALESCE(f.year, 0) = n.year
), namesake AS (
	SELECT k.ref, k.title, k.year, f.id, f.letterboxd_ref AS other,
		array_position(ARRAY['', 'slug:', 'boxd:'], left(f.letterboxd_ref, 5))
			- array_position(ARRAY['', 'slug:', 'boxd:'], left(k.ref, 5))
			AS knows,
		h.film_id IS NOT NULL AS own, count(*) OVER same AS all_films,
		count(h.film_id) OVER same AS own_films
	FROM keyed k
	JOIN film f ON f.title = k.title AND COALESCE(f.year, 0) = k.year
	LEFT JOIN import_have h ON h.film_id = f.id
	WHERE k.id IS NULL AND k.films = 1
	WINDOW same AS (PARTITION BY k.title, k.year)
), taken AS (
	SELECT ref, title, year, id, CASE WHEN knows < 0 THEN other END AS replaces
	FROM namesake
	WHERE (knows > 0 AND own AND own_films = 1)
		OR (knows > 0 AND all_films = 1 AND ref <> '')
		OR (knows < 0 AND all_films = 1)
)
SELECT ref, title, year, COALESCE(k.id, t.id), t.replaces
FROM keyed k
LEFT JOIN taken t USING (ref, title, year);
