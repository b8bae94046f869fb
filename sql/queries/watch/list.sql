-- A page of the viewings of the current member, newest first, undated last.
--
-- Parameters, NULL for no filter:
--   $1 int year        $2 date from      $3 date to        $4 bigint film
--   $5 boolean rewatch $6 boolean rated  $7 text tag
--   $8 text source: diary, reviews, watched, orphaned
--   $9 text cursor, DATE~ID of the last viewing of the page before
--   $10 int viewings a page
-- Columns: body. No row when the cursor is none of ours.
WITH found AS MATERIALIZED (
	SELECT w.*, w.watched_on::text COLLATE "C" AS key
	FROM watch w
	WHERE w.member_id = current_member() AND COALESCE(
		($1::int IS NULL OR extract(year FROM w.watched_on) = $1::int)
		AND ($2::date IS NULL OR w.watched_on >= $2::date)
		AND ($3::date IS NULL OR w.watched_on <= $3::date)
		AND ($4::bigint IS NULL OR w.film_id = $4::bigint)
		AND ($5::boolean IS NULL OR w.rewatch = $5::boolean)
		AND ($6::boolean IS NULL OR (w.rating IS NOT NULL) = $6::boolean)
		AND ($7::text IS NULL OR w.tags @> ARRAY[$7::text])
		AND ($8::text IS NULL OR w.source = $8::text), false)
),
cursor AS (
	SELECT NULLIF(substring($9::text FROM '^(.*)~'), '') AS key,
		substring($9::text FROM '~([0-9]{1,18})$')::bigint AS id
),
page AS (
	SELECT f.*, count(*) OVER () AS remaining,
		row_number() OVER (ORDER BY f.key DESC NULLS LAST, f.id DESC)
			AS place
	FROM found f
	CROSS JOIN cursor c
	WHERE CASE WHEN $9::text IS NULL THEN true
		WHEN c.key IS NULL THEN f.key IS NULL AND f.id < c.id
		ELSE f.key IS NULL OR (f.key = c.key AND f.id < c.id)
			OR f.key < c.key END
	ORDER BY place
	LIMIT $10::int
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
		WHERE place = $10::int AND remaining > place),
	'total', (SELECT count(*) FROM found)) AS body
WHERE $9::text IS NULL OR $9::text ~ '~[0-9]{1,18}$';
