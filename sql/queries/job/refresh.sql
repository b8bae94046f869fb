-- Jobs for what has grown old, behind everything that somebody waits for: films
-- that TMDB had no title for and whose time to try again has come, and titles,
-- by one of their films: those fetched too long ago, then those that have
-- changed since, unless they were fetched within a day; of each those first
-- that were fetched longest ago. What has a job already is left out, what nobody
-- has any more, and for a day what was given up.
-- :fresh double precision, seconds that a title is fresh
-- :most integer, jobs at once
-- Column: jobs bigint
WITH known AS NOT MATERIALIZED (
	SELECT t.fetched_at, t.changed_at, first.film_id
	FROM title t
	CROSS JOIN LATERAL (
		SELECT min(f.id) AS film_id
		FROM film f
		LEFT JOIN enrich_job j ON j.film_id = f.id
		LEFT JOIN enrich_dead d ON d.film_id = f.id
			AND d.died_at > now() - interval '1 day'
		WHERE f.kind = t.kind AND f.tmdb_id = t.tmdb_id
			AND film_is_had(f.id)
		HAVING count(f.id) > 0 AND count(j.film_id) = 0
			AND count(d.film_id) = 0) first
), due AS MATERIALIZED (
	(SELECT f.id AS film_id
	FROM film f
	WHERE f.next_try_at <= now() AND film_is_had(f.id)
		AND NOT EXISTS (SELECT FROM enrich_job j
			WHERE j.film_id = f.id)
		AND NOT EXISTS (SELECT FROM enrich_dead d
			WHERE d.film_id = f.id
				AND d.died_at > now() - interval '1 day')
	ORDER BY f.next_try_at
	LIMIT :most::integer)
	UNION ALL
	(SELECT film_id
	FROM known
	WHERE fetched_at < now() - make_interval(secs => :fresh::double precision)
	ORDER BY fetched_at
	LIMIT :most::integer)
	UNION ALL
	(SELECT film_id
	FROM known
	WHERE changed_at > fetched_at
		AND fetched_at <= now() - interval '1 day'
		AND fetched_at
			>= now() - make_interval(secs => :fresh::double precision)
	ORDER BY fetched_at
	LIMIT :most::integer)
	LIMIT :most::integer
), held AS MATERIALIZED (
	-- Not one that an import is dropping just now.
	SELECT f.id
	FROM film f
	JOIN due ON due.film_id = f.id
	FOR KEY SHARE OF f SKIP LOCKED
), added AS (
	INSERT INTO enrich_job (film_id, tag)
	SELECT id, first_background_tag()
		+ (extract(epoch FROM now()) * 1000000)::bigint
	FROM held
	ORDER BY id
	ON CONFLICT DO NOTHING
	RETURNING 1
)
SELECT count(*) AS jobs FROM added;
