-- The difference that an import made, by film, in the order of titles.
-- :import bigint, its id
-- :change text, came, changed or gone; NULL: all
-- :after text, of the last film of the page before: its title and id with ~
--   between; NULL: the first page
-- :limit int, films a page
-- Columns: body, none when there is no such import.
WITH page AS (
	SELECT f.id, f.title, f.year, c.change, c.what,
		left(f.title, 100) COLLATE "C" AS sort
	FROM import_change c
	JOIN film f ON f.id = c.film_id
	WHERE c.member_id = current_member() AND c.import_id = :import::bigint
		AND (:change::text IS NULL OR c.change = :change::text)
		AND (:after::text IS NULL OR (left(f.title, 100) COLLATE "C", f.id) > (
			substring(:after::text FROM '^(.*)~') COLLATE "C",
			substring(:after::text FROM '~([0-9]{1,18})$')::bigint))
	ORDER BY sort, f.id
	LIMIT :limit::int + 1
), shown AS (
	SELECT * FROM page ORDER BY sort, id LIMIT :limit::int
)
SELECT json_build_object(
	'films', (SELECT COALESCE(json_agg(json_build_object('id', id,
			'title', title, 'year', year, 'change', change,
			'what', what) ORDER BY sort, id), '[]') FROM shown),
	'next', CASE WHEN (SELECT count(*) FROM page) > :limit::int
		THEN (SELECT concat(sort, '~', id) FROM shown
			ORDER BY sort DESC, id DESC LIMIT 1) END
) AS body
FROM import
WHERE member_id = current_member() AND id = :import::bigint;
