-- A page of the films of the current member.
--
-- Filters; NULL is no filter:
--   :q text, part of the title
--   :year int, of release
--   :decade int, of release: any of its years
--   :genre text
--   :country text
--   :language text
--   :director bigint, a person
--   :actor bigint, a person
--   :rating_min numeric, stars
--   :rating_max numeric, stars
--   :rated boolean
--   :watched boolean; true when it, :liked, :watchlist and :state are all NULL
--   :liked boolean
--   :watchlist boolean
--   :rewatched boolean, watched twice or more
--   :state text: matched, not_found, ambiguous, failed, pending
-- The page:
--   :sort text, see `keyed`
--   :order text, asc or desc; NULL: title ascending, anything else descending
--   :after text, KEY~ID of the last film of the page before
--   :limit int, films a page
-- Columns: body. No row when :after is none of ours.
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
		(:q::text IS NULL OR position(lower(:q::text) IN lower(f.title)) > 0)
		AND (:year::int IS NULL OR f.year = :year::int)
		AND (:decade::int IS NULL OR f.year / 10 = :decade::int / 10)
		AND (:genre::text IS NULL OR t.genres @> ARRAY[:genre::text])
		AND (:country::text IS NULL OR t.countries @> ARRAY[:country::text])
		AND (:language::text IS NULL OR t.languages @> ARRAY[:language::text])
		AND (:director::bigint IS NULL OR t.director_ids @> ARRAY[:director::bigint])
		AND (:actor::bigint IS NULL OR t.cast_ids @> ARRAY[:actor::bigint])
		AND (:rating_min::numeric IS NULL OR e.rating >= :rating_min::numeric * 2)
		AND (:rating_max::numeric IS NULL OR e.rating <= :rating_max::numeric * 2)
		AND (:rated::boolean IS NULL
			OR (e.rating IS NOT NULL) = :rated::boolean)
		AND CASE WHEN :watched::boolean IS NOT NULL
				THEN s.watched = :watched::boolean
			WHEN :liked::boolean IS NULL AND :watchlist::boolean IS NULL
				AND :state::text IS NULL THEN s.watched
			ELSE true END
		AND (:liked::boolean IS NULL
			OR (e.liked_on IS NOT NULL) = :liked::boolean)
		AND (:watchlist::boolean IS NULL
			OR (e.watchlisted_on IS NOT NULL) = :watchlist::boolean)
		AND (:rewatched::boolean IS NULL
			OR (v.watches > 1) = :rewatched::boolean)
		AND (:state::text IS NULL OR s.state = :state::text), false)
),
keyed AS (
	SELECT f.*, CASE :sort::text
			WHEN 'title' THEN left(lower(title), 100)
			WHEN 'year' THEN year::text
			WHEN 'rating' THEN to_char(rating / 2.0, 'FM0.0')
			WHEN 'watched' THEN last::text
			WHEN 'watches' THEN to_char(watches, 'FM00000')
			WHEN 'runtime' THEN to_char(runtime, 'FM00000')
			WHEN 'marked' THEN COALESCE(marked_on, watchlisted_on)::text
		END COLLATE "C" AS key,
		COALESCE(:order::text, CASE :sort::text WHEN 'title' THEN 'asc'
			ELSE 'desc' END) = 'asc' AS rising
	FROM found f
),
cursor AS (
	SELECT NULLIF(substring(:after::text FROM '^(.*)~'), '') AS key,
		substring(:after::text FROM '~([0-9]{1,18})$')::bigint AS id
),
page AS (
	SELECT k.*, count(*) OVER () AS remaining,
		row_number() OVER (ORDER BY k.key IS NULL,
			CASE WHEN k.rising THEN k.key END,
			CASE WHEN NOT k.rising THEN k.key END DESC, k.id) AS place
	FROM keyed k
	CROSS JOIN cursor c
	WHERE CASE WHEN :after::text IS NULL THEN true
		WHEN c.key IS NULL THEN k.key IS NULL AND k.id > c.id
		ELSE k.key IS NULL OR (k.key = c.key AND k.id > c.id)
			OR (k.rising AND k.key > c.key)
			OR (NOT k.rising AND k.key < c.key) END
	ORDER BY place
	LIMIT :limit::int
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
		WHERE place = :limit::int AND remaining > place),
	'total', (SELECT count(*) FROM found)) AS body
WHERE :after::text IS NULL OR :after::text ~ '~[0-9]{1,18}$';
