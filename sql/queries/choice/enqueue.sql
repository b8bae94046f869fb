-- The job for the title chosen, unless it is here and fresh. Somebody waits for
-- this one film, so it goes to the front: its tag is the virtual time (see
-- import/enqueue.sql), and the member's share is not charged. A job that was
-- given up is asked again; one that a daemon holds, or that waits after a
-- failure, is left alone.
-- $1 bigint film
WITH wanted AS MATERIALIZED (
	SELECT f.id
	FROM film_choice c
	JOIN film f ON f.id = c.target_film_id
	LEFT JOIN title t ON t.kind = f.kind AND t.tmdb_id = f.tmdb_id
	WHERE c.member_id = current_member() AND c.film_id = $1::bigint
		AND (t.fetched_at > now() - interval '150 days') IS NOT TRUE
), virtual AS MATERIALIZED (
	SELECT COALESCE(
		(SELECT tag FROM enrich_job
			WHERE NOT parked AND token = 0 AND tag >= COALESCE(
				(SELECT min(low_tag) FROM enrich_daemon
					WHERE expires_at > clock_timestamp()),
				-9223372036854775808)
				AND tag < first_background_tag()
			ORDER BY tag LIMIT 1),
		(SELECT last_tag FROM enrich_clock)) AS tag
), added AS (
	INSERT INTO enrich_job (film_id, tag)
	SELECT w.id, v.tag FROM wanted w CROSS JOIN virtual v
	ON CONFLICT DO NOTHING
), ahead AS MATERIALIZED (
	SELECT j.film_id, v.tag
	FROM enrich_job j
	JOIN wanted w ON w.id = j.film_id
	CROSS JOIN virtual v
	WHERE j.token = 0 AND NOT j.parked AND j.tag > v.tag
	FOR NO KEY UPDATE OF j SKIP LOCKED
), moved AS (
	UPDATE enrich_job j SET tag = a.tag
	FROM ahead a
	WHERE j.film_id = a.film_id
), forgiven AS (
	DELETE FROM enrich_dead d USING wanted w WHERE d.film_id = w.id
)
SELECT pg_notify('enrich_job', '') FROM wanted;
