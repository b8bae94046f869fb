-- What the import did to the library, by film, from the rows as they were
-- (import_undo) and as they are. A film that stands on another row of film now
-- has changed its name; it neither came nor went.
INSERT INTO import_change (member_id, import_id, film_id, change, what)
WITH touched AS MATERIALIZED (
	SELECT relation, key, was,
		NULLIF(was ->> 'film_id', '')::bigint AS old_film
	FROM import_undo
	WHERE member_id = current_member()
		AND import_id = current_import()
), entry AS (
	SELECT film_id, bool_or(was IS NOT NULL) AS had, bool_or(moved) AS moved,
		jsonb_populate_record(NULL::library_entry, (array_agg(was)
			FILTER (WHERE was IS NOT NULL))[1]) AS old
	FROM (SELECT COALESCE(m.film_id, t.key::bigint) AS film_id, t.was,
			m.film_id IS NOT NULL AS moved
		FROM touched t
		LEFT JOIN import_move m ON m.old_id = t.key::bigint
		WHERE t.relation = 'library_entry') e
	GROUP BY film_id
), entry_change AS (
	SELECT e.film_id, e.had, n.film_id IS NOT NULL AS has, ARRAY[
		CASE WHEN e.moved THEN 'name' END,
		CASE WHEN (n.marked_on, n.marked_rating) IS DISTINCT FROM
			((e.old).marked_on, (e.old).marked_rating)
			THEN 'watched' END,
		CASE WHEN (n.rating, n.csv_rating, n.csv_rated_on)
			IS DISTINCT FROM ((e.old).rating, (e.old).csv_rating,
				(e.old).csv_rated_on) THEN 'rating' END,
		CASE WHEN n.liked_on IS DISTINCT FROM (e.old).liked_on
			THEN 'liked' END,
		CASE WHEN n.watchlisted_on IS DISTINCT FROM (e.old).watchlisted_on
			THEN 'watchlist' END,
		CASE WHEN n.favourite IS DISTINCT FROM (e.old).favourite
			THEN 'favourite' END] AS what
	FROM entry e
	LEFT JOIN library_entry n ON n.member_id = current_member()
		AND n.film_id = e.film_id
), part AS (
	-- Viewings and places of lists: the film of the row as it was, and the
	-- film of the row as it is.
	SELECT t.relation, COALESCE(m.film_id, t.old_film) AS old_film,
		COALESCE(w.film_id, i.film_id) AS film_id,
		COALESCE(to_jsonb(w), to_jsonb(i)) - '{film_id,place,entry}'::text[]
			IS DISTINCT FROM t.was - '{film_id,place,entry}'::text[]
			AS differs
	FROM touched t
	LEFT JOIN import_move m ON m.old_id = t.old_film
	LEFT JOIN watch w ON t.relation = 'watch'
		AND w.member_id = current_member() AND w.id::text = t.key
	LEFT JOIN list_item i ON t.relation = 'list_item'
		AND i.member_id = current_member()
		AND i.list_id::text || '/' || i.position = t.key
	WHERE t.relation IN ('watch', 'list_item')
), part_change AS (
	SELECT DISTINCT f.film_id,
		CASE p.relation WHEN 'watch' THEN 'viewings' ELSE 'lists' END AS what
	FROM part p
	CROSS JOIN LATERAL (VALUES (p.old_film), (p.film_id)) AS f (film_id)
	WHERE f.film_id IS NOT NULL
		AND (p.differs OR p.old_film IS DISTINCT FROM p.film_id)
), change AS (
	SELECT film_id, bool_or(had) AS had, bool_or(has) AS has,
		array_agg(DISTINCT w ORDER BY w) FILTER (WHERE w IS NOT NULL) AS what
	FROM (SELECT film_id, had, has, unnest(what) AS w FROM entry_change
		UNION ALL
		SELECT film_id, NULL, NULL, what FROM part_change) c
	GROUP BY film_id
)
SELECT current_member(), current_import(), film_id,
	CASE WHEN has IS NULL OR had AND has THEN 'changed'
		WHEN has THEN 'came' ELSE 'gone' END,
	CASE WHEN has IS NULL OR had AND has THEN what ELSE '{}' END
FROM change
WHERE had IS DISTINCT FROM has OR what IS NOT NULL;
