-- A page of the viewings of the current member, newest first, undated last.
--
-- Filters; NULL is no filter:
--   :year int, of watching
--   :from date, the first day
--   :to date, the last day
--   :film bigint, its id
--   :rewatch boolean
--   :rated boolean
--   :tag text
--   :source text: diary, reviews, watched, orphaned
-- The page:
--   :after text, DATE~ID of the last viewing of the page before
--   :limit int, viewings a page
-- Columns: body. No row when :after is none of ours.
WITH found AS MATERIALIZED (
	SELECT w.*, w.watched_on::text COLLATE "C" AS key
	FROM watch w
	WHERE w.member_id = current_member() AND COALESCE(
		(:year::int IS NULL OR extract(year FROM w.watched_on) = :year::int)
		AND (:from::date IS NULL OR w.watched_on >= :from::date)
		AND (:to::date IS NULL OR w.watched_on <= :to::date)
		AND (:film::bigint IS NULL OR w.film_id = :film::bigint)
		AND (:rewatch::boolean IS NULL OR w.rewatch = :rewatch::boolean)
		AND (:rated::boolean IS NULL OR (w.rating IS NOT NULL) = :rated::boolean)
		AND (:tag::text IS NULL OR w.tags @> ARRAY[:tag::text])
		AND (:source::text IS NULL OR w.source = :source::text), false)
),
cursor AS (
	SELECT NULLIF(substring(:after::text FROM '^(.*)~'), '') AS key,
		substring(:after::text FROM '~([0-9]{1,18})$')::bigint AS id
),
page AS (
	SELECT f.*, count(*) OVER () AS remaining,
		row_number() OVER (ORDER BY f.key DESC NULLS LAST, f.id DESC)
			AS place
	FROM found f
	CROSS JOIN cursor c
	WHERE CASE WHEN :after::text IS NULL THEN true
		WHEN c.key IS NULL THEN f.key IS NULL AND f.id < c.id
		ELSE f.key IS NULL OR (f.key = c.key AND f.id < c.id)
			OR f.key < c.key END
	ORDER BY place
	LIMIT :limit::int
)
SELECT json_build_object(
	'watches', (SELECT COALESCE(json_agg(json_build_object(
			'id', p.id, 'film', json_build_object('id', f.id,
				'title', f.title, 'year', f.year,
				'poster_path', t.poster_path),
			'source', p.source, 'watched_on', p.watched_on,
			'logged_on', p.logged_on, 'rating', p.rating / 2::float8,
			'rewatch', p.rewatch, 'tags', p.tags, 'review', p.review)
			ORDER BY p.place), '[]')
		FROM page p
		JOIN member_film f ON f.id = p.film_id
		LEFT JOIN served_title t ON t.kind = f.kind AND t.tmdb_id = f.tmdb_id),
	'next', (SELECT concat(key, '~', id) FROM page
		WHERE place = :limit::int AND remaining > place),
	'total', (SELECT count(*) FROM found)) AS body
WHERE :after::text IS NULL OR :after::text ~ '~[0-9]{1,18}$';
