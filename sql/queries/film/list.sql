-- A page of the films of the current member.
--
-- Parameters, NULL for no filter:
--   $1 text part of the title   $2 int year         $3 int year of a decade
--   $4 text genre               $5 text country     $6 text language
--   $7 bigint director          $8 bigint actor
--   $9, $10 numeric rating from, to                 $11 boolean rated
--   $12 boolean watched; when it, $13, $14 and $16 are all NULL: true
--   $13 boolean liked           $14 boolean on the watchlist
--   $15 boolean watched twice or more
--   $16 text state: matched, not_found, ambiguous, failed, pending
--   $17 text sort key, see `keyed`   $18 text asc or desc; NULL: title
--   ascending, anything else descending
--   $19 text cursor, KEY~ID of the last film of the page before
--   $20 int films a page
-- Columns: body. No row when the cursor is none of ours.
--
-- The sort key is text that compares bytewise as the value does; films without
-- a value come last either way.
WITH found AS MATERIALIZED (
	SELECT f.id, f.title, f.year, f.ref, f.kind, f.tmdb_id,
		f.chosen,
		e.rating, e.rating_source, e.marked_on, e.liked_on,
		e.watchlisted_on, e.favourite, v.watches,
		v.last, t.poster_path, t.runtime, t.genres, t.director_ids, s.state
	FROM library_entry e
	JOIN member_film f ON f.id = e.film_id
	LEFT JOIN served_title t ON t.kind = f.kind AND t.tmdb_id = f.tmdb_id
	LEFT JOIN enrich_job j ON j.film_id = f.asked_id
	CROSS JOIN LATERAL (SELECT count(*)::int AS watches,
			max(watched_on) AS last
		FROM watch
		WHERE member_id = current_member() AND film_id = e.film_id) v
	CROSS JOIN LATERAL (SELECT CASE
			WHEN f.match_state IS DISTINCT FROM 'matched'
				AND j.film_id IS NOT NULL THEN 'pending'
			ELSE f.match_state END AS state,
		v.watches > 0 OR e.marked_on IS NOT NULL
			OR e.rating IS NOT NULL AS watched) s
	WHERE e.member_id = current_member() AND COALESCE(
		($1::text IS NULL OR position(lower($1::text) IN lower(f.title)) > 0)
		AND ($2::int IS NULL OR f.year = $2::int)
		AND ($3::int IS NULL OR f.year / 10 = $3::int / 10)
		AND ($4::text IS NULL OR t.genres @> ARRAY[$4::text])
		AND ($5::text IS NULL OR t.countries @> ARRAY[$5::text])
		AND ($6::text IS NULL OR t.languages @> ARRAY[$6::text])
		AND ($7::bigint IS NULL OR t.director_ids @> ARRAY[$7::bigint])
		AND ($8::bigint IS NULL OR t.cast_ids @> ARRAY[$8::bigint])
		AND ($9::numeric IS NULL OR e.rating >= $9::numeric * 2)
		AND ($10::numeric IS NULL OR e.rating <= $10::numeric * 2)
		AND ($11::boolean IS NULL
			OR (e.rating IS NOT NULL) = $11::boolean)
		AND CASE WHEN $12::boolean IS NOT NULL
				THEN s.watched = $12::boolean
			WHEN $13::boolean IS NULL AND $14::boolean IS NULL
				AND $16::text IS NULL THEN s.watched
			ELSE true END
		AND ($13::boolean IS NULL
			OR (e.liked_on IS NOT NULL) = $13::boolean)
		AND ($14::boolean IS NULL
			OR (e.watchlisted_on IS NOT NULL) = $14::boolean)
		AND ($15::boolean IS NULL
			OR (v.watches > 1) = $15::boolean)
		AND ($16::text IS NULL OR s.state = $16::text), false)
),
keyed AS (
	SELECT f.*, CASE $17::text
			WHEN 'title' THEN left(lower(title), 100)
			WHEN 'year' THEN year::text
			WHEN 'rating' THEN to_char(rating / 2.0, 'FM0.0')
			WHEN 'watched' THEN last::text
			WHEN 'watches' THEN to_char(watches, 'FM00000')
			WHEN 'runtime' THEN to_char(runtime, 'FM00000')
			WHEN 'marked' THEN COALESCE(marked_on, watchlisted_on)::text
		END COLLATE "C" AS key,
		COALESCE($18::text, CASE $17::text WHEN 'title' THEN 'asc'
			ELSE 'desc' END) = 'asc' AS rising
	FROM found f
),
cursor AS (
	SELECT NULLIF(substring($19::text FROM '^(.*)~'), '') AS key,
		substring($19::text FROM '~([0-9]{1,18})$')::bigint AS id
),
page AS (
	SELECT k.*, count(*) OVER () AS remaining,
		row_number() OVER (ORDER BY k.key IS NULL,
			CASE WHEN k.rising THEN k.key END,
			CASE WHEN NOT k.rising THEN k.key END DESC, k.id) AS place
	FROM keyed k
	CROSS JOIN cursor c
	WHERE CASE WHEN $19::text IS NULL THEN true
		WHEN c.key IS NULL THEN k.key IS NULL AND k.id > c.id
		ELSE k.key IS NULL OR (k.key = c.key AND k.id > c.id)
			OR (k.rising AND k.key > c.key)
			OR (NOT k.rising AND k.key < c.key) END
	ORDER BY place
	LIMIT $20::int
)
SELECT json_build_object(
	'films', (SELECT COALESCE(json_agg(json_build_object(
			'id', id, 'title', title, 'year', year,
			'letterboxd_ref', ref,
			'rating', rating / 2::float8, 'rating_source', rating_source,
			'watches', watches, 'last_watched', last,
			'marked_on', marked_on, 'liked', liked_on IS NOT NULL,
			'watchlisted', watchlisted_on IS NOT NULL,
			'favourite', favourite, 'match_state', state,
			'chosen', chosen,
			'tmdb', CASE WHEN tmdb_id IS NOT NULL THEN
				json_build_object('kind', kind, 'id', tmdb_id) END,
			'poster_path', poster_path, 'runtime', runtime,
			'genres', COALESCE(genres, '{}'),
			'directors', (SELECT COALESCE(json_agg(json_build_object(
					'id', p.id, 'name', p.name) ORDER BY d.ord), '[]')
				FROM unnest(director_ids) WITH ORDINALITY d (id, ord)
				JOIN person p ON p.id = d.id)) ORDER BY place), '[]')
		FROM page),
	'next', (SELECT concat(key, '~', id) FROM page
		WHERE place = $20::int AND remaining > place),
	'total', (SELECT count(*) FROM found)) AS body
WHERE $19::text IS NULL OR $19::text ~ '~[0-9]{1,18}$';
