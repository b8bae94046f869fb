-- Makes the jobs: one for each film to ask about that has no answer of TMDB, no
-- live job and none that was given up.
-- Start-time fair queueing: the member's films get tags one stride apart, from
-- the later of the virtual time (the smallest tag that is ready, or with none
-- the largest ever given) and the member's own last tag. A live job that waits
-- behind its tag here is moved up. Jobs a daemon holds are left alone.
-- $1 bigint: stride.
WITH wanted AS MATERIALIZED (
	SELECT i.film_id, row_number() OVER (ORDER BY i.since, i.film_id) AS place
	FROM import_job i
	JOIN film f ON f.id = i.film_id
	WHERE f.match_state IS NULL
		AND NOT EXISTS (SELECT FROM enrich_dead d
			WHERE d.film_id = i.film_id)
), live AS MATERIALIZED (
	SELECT j.film_id, j.tag, j.token, j.parked
	FROM wanted
	JOIN enrich_job j USING (film_id)
), virtual AS MATERIALIZED (
	SELECT GREATEST(COALESCE(
		(SELECT tag FROM enrich_job
			WHERE NOT parked AND token = 0 AND tag >= COALESCE(
				(SELECT min(low_tag) FROM enrich_daemon
					WHERE expires_at > clock_timestamp()),
				-9223372036854775808)
				AND tag < first_background_tag()
			ORDER BY tag LIMIT 1),
		(SELECT last_tag FROM enrich_clock)),
		(SELECT last_tag FROM enrich_share
			WHERE member_id = current_member())) AS start
), tagged AS MATERIALIZED (
	SELECT w.film_id, v.start + $1::bigint * w.place AS tag
	FROM wanted w
	CROSS JOIN virtual v
), added AS (
	INSERT INTO enrich_job (film_id, tag)
	SELECT t.film_id, t.tag
	FROM tagged t
	LEFT JOIN live USING (film_id)
	WHERE live.film_id IS NULL
	ORDER BY t.film_id
	ON CONFLICT DO NOTHING
	RETURNING film_id, tag
), ahead AS MATERIALIZED (
	SELECT j.film_id, t.tag
	FROM enrich_job j
	JOIN tagged t USING (film_id)
	WHERE j.token = 0 AND NOT j.parked AND j.tag > t.tag
	ORDER BY j.film_id
	FOR NO KEY UPDATE OF j SKIP LOCKED
), moved AS (
	UPDATE enrich_job j SET tag = a.tag
	FROM ahead a
	WHERE j.film_id = a.film_id
	RETURNING a.tag
), given AS MATERIALIZED (
	SELECT max(tag) AS last_tag
	FROM (SELECT tag FROM added UNION ALL SELECT tag FROM moved) AS t
), share AS (
	INSERT INTO enrich_share AS s (member_id, last_tag)
	SELECT current_member(), last_tag FROM given WHERE last_tag IS NOT NULL
	ON CONFLICT (member_id) DO UPDATE SET last_tag = EXCLUDED.last_tag
), clock AS (
	UPDATE enrich_clock c SET last_tag = g.last_tag
	FROM given g
	WHERE g.last_tag > c.last_tag
), counted AS (
	UPDATE import SET jobs = (SELECT count(*) FROM added)
	WHERE member_id = current_member() AND id = (SELECT max(id) FROM import
		WHERE member_id = current_member())
		AND EXISTS (SELECT FROM added)
)
SELECT pg_notify('enrich_job', '') FROM given WHERE last_tag IS NOT NULL;
