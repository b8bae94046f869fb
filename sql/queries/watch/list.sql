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
--   :after text, of the last viewing of the page before: its days of watching
--     and of logging as numbers, its place and its id, with ~ between
--   :limit int, viewings a page; fewer when they are long (page_bytes)
-- Columns: body. No row when :after is none of ours.
WITH found AS MATERIALIZED (
	SELECT w.*, COALESCE(w.watched_on - date '0001-01-01', -1) AS day,
		COALESCE(w.logged_on - date '0001-01-01', -1) AS logged
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
	SELECT part[1]::int AS day, part[2]::int AS logged,
		part[3]::numeric AS place, part[4]::bigint AS id
	FROM regexp_match(:after::text, '^(-?[0-9]{1,7})~(-?[0-9]{1,7})'
		'~([0-9]{1,19})~([0-9]{1,18})$') part
),
page AS (
	SELECT f.*, count(*) OVER () AS remaining, row_number() OVER (
			ORDER BY day DESC, logged DESC, place DESC, id DESC) AS number
	FROM found f
	WHERE :after::text IS NULL OR (f.day, f.logged, f.place, f.id)
		< (SELECT c.day, c.logged, c.place, c.id FROM cursor c)
	ORDER BY number
	LIMIT :limit::int
),
shown AS (
	SELECT * FROM (SELECT *, sum(octet_length(tags::text)
				+ COALESCE(octet_length(review), 0))
			OVER (ORDER BY number) AS bytes
		FROM page) p
	WHERE number = 1 OR bytes <= page_bytes()
)
SELECT json_build_object(
	'watches', (SELECT COALESCE(json_agg(json_build_object(
			'id', p.id, 'film', json_build_object('id', f.id,
				'title', f.title, 'year', f.year,
				'poster_path', t.poster_path),
			'source', p.source, 'watched_on', p.watched_on,
			'logged_on', p.logged_on, 'rating', p.rating / 2::float8,
			'rewatch', p.rewatch, 'tags', p.tags, 'review', p.review)
			ORDER BY p.number), '[]')
		FROM shown p
		JOIN member_film f ON f.id = p.film_id
		LEFT JOIN served_title t ON t.kind = f.kind AND t.tmdb_id = f.tmdb_id),
	'next', (SELECT concat_ws('~', day, logged, place, id) FROM shown
		WHERE number = (SELECT max(number) FROM shown)
			AND remaining > number),
	'total', (SELECT count(*) FROM found)) AS body
WHERE :after::text IS NULL OR (SELECT id FROM cursor) IS NOT NULL;
