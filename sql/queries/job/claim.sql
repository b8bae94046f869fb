-- Takes the next ready jobs. No indexed column changes, so the claim is a HOT
-- update, and a scan by ctid cannot be planned badly.
-- :token bigint, of this claim
-- :most integer, jobs at once
-- :low_tag bigint, the smallest tag to look at
-- :index boolean, is the index of names to be asked?
-- Columns:
--   film_id, attempt, tag, title, year
--   kind, tmdb_id   the title that is known already, NULL when none is: the one
--                   that somebody chose, else the film's own, else that of a
--                   film with the same link whose title is named like this film
--   chosen          that title is somebody's choice
--   own             that title is the film's own
--   series_id, season, number
--                   the episode's place; a choice may have nothing else
--   imdb_id         of a title that somebody chose by this number
--   indexed_id      where nothing is known: the one title of this name in the
--                   index of TMDB's films, when no other there comes near it
WITH claimed AS (
	UPDATE enrich_job j
	SET token = :token::bigint, attempt = j.attempt + 1,
		claimed_at = clock_timestamp()
	WHERE j.ctid = ANY (ARRAY(
		SELECT ctid FROM enrich_job
		WHERE NOT parked AND token = 0 AND tag >= :low_tag::bigint
		ORDER BY tag LIMIT :most::integer
		FOR UPDATE SKIP LOCKED))
	RETURNING j.film_id, j.attempt, j.tag
)
SELECT c.film_id, c.attempt, c.tag, f.title, f.year,
	COALESCE(chosen[1], f.kind, same.kind,
		CASE WHEN place IS NOT NULL THEN 'tv_episode' END) AS kind,
	COALESCE(chosen[2]::bigint, f.tmdb_id, same.tmdb_id) AS tmdb_id,
	chosen IS NOT NULL OR place IS NOT NULL AS chosen,
	f.tmdb_id IS NOT NULL AS own,
	COALESCE(e.series_id, place[1]::bigint) AS series_id,
	COALESCE(e.season, place[2]::integer) AS season,
	COALESCE(e.number, place[3]::integer) AS number,
	substring(f.ref FROM '^imdb:(.*)$') AS imdb_id,
	indexed.tmdb_id AS indexed_id
FROM claimed c
JOIN film f ON f.id = c.film_id
CROSS JOIN LATERAL regexp_match(f.ref, '^tmdb:([a-z]+):([0-9]+)$')
	AS chosen
CROSS JOIN LATERAL regexp_match(f.ref,
	'^tmdb:tv:([0-9]+)/season/([0-9]+)/episode/([0-9]+)$') AS place
LEFT JOIN LATERAL (
	SELECT t.kind, t.tmdb_id
	FROM film o
	JOIN title t ON t.kind = o.kind AND t.tmdb_id = o.tmdb_id
	WHERE f.tmdb_id IS NULL AND f.ref <> ''
		AND o.ref = f.ref AND o.confidence <> 'low'
		AND f.title IN (t.name, t.original_name)
		AND (f.year IS NULL OR abs(f.year
			- extract(year FROM t.released_on)) <= 1)
	ORDER BY o.id LIMIT 1
) same ON true
LEFT JOIN episode e ON e.kind = COALESCE(f.kind, same.kind)
	AND e.tmdb_id = COALESCE(f.tmdb_id, same.tmdb_id)
LEFT JOIN LATERAL (
	SELECT top.tmdb_id
	FROM (SELECT i.tmdb_id, i.popularity,
			lead(i.popularity) OVER by_popularity AS next
		FROM tmdb_index i
		WHERE f.tmdb_id IS NULL AND same.tmdb_id IS NULL
			AND f.ref !~ '^(tmdb|imdb):'
			AND i.slot = (SELECT slot FROM tmdb_export)
			AND lower(i.name) = lower(f.title)
		WINDOW by_popularity AS (ORDER BY i.popularity DESC)
		ORDER BY i.popularity DESC LIMIT 1) top
	WHERE :index::boolean AND (top.next IS NULL OR (top.popularity > 0
			AND top.popularity >= 10 * top.next))
		AND NOT EXISTS (SELECT FROM film o
			WHERE o.title = f.title AND o.year = f.year
				AND o.ref <> f.ref
				AND left(o.ref, 5)
					= left(f.ref, 5))
) indexed ON true
ORDER BY c.tag;
