-- The member's films that failed are asked for again, and wanted so also those
-- that TMDB had no title for. Their tags are those that an import would give
-- them (see import/enqueue.sql). What has a job already is left alone. The
-- member, films and jobs are locked in the order in which an import does it.
-- $1 boolean those not found as well
-- Columns: body, the number of jobs made.
WITH me AS MATERIALIZED (
	SELECT id FROM member WHERE id = current_member() FOR NO KEY UPDATE
), own AS (
	SELECT film_id FROM library_entry WHERE member_id = (SELECT id FROM me)
	UNION
	SELECT film_id FROM list_item WHERE member_id = (SELECT id FROM me)
), locked AS MATERIALIZED (
	SELECT id
	FROM film
	WHERE id = ANY (ARRAY(SELECT f.asked_id
		FROM own
		JOIN member_film f ON f.id = own.film_id
		LEFT JOIN enrich_job j ON j.film_id = f.asked_id
		WHERE j.film_id IS NULL AND (f.match_state = 'failed'
			OR $1::boolean AND f.match_state = 'not_found')))
	ORDER BY id
	FOR NO KEY UPDATE
), wanted AS MATERIALIZED (
	SELECT id AS film_id, row_number() OVER (ORDER BY id) AS place
	FROM locked
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
), added AS (
	INSERT INTO enrich_job (film_id, tag)
	SELECT w.film_id, v.start + 1000 * w.place
	FROM wanted w
	CROSS JOIN virtual v
	ORDER BY w.film_id
	ON CONFLICT DO NOTHING
	RETURNING film_id, tag
), given AS MATERIALIZED (
	SELECT max(tag) AS last_tag, count(*) AS jobs FROM added
), forgiven AS (
	DELETE FROM enrich_dead d USING added a WHERE d.film_id = a.film_id
), share AS (
	INSERT INTO enrich_share AS s (member_id, last_tag)
	SELECT current_member(), last_tag FROM given WHERE jobs > 0
	ON CONFLICT (member_id) DO UPDATE SET last_tag = EXCLUDED.last_tag
), clock AS (
	UPDATE enrich_clock c SET last_tag = g.last_tag
	FROM given g
	WHERE g.last_tag > c.last_tag
), changed AS (
	UPDATE member SET library_version = library_version + 1
	FROM given
	WHERE member.id = current_member() AND given.jobs > 0
	RETURNING pg_notify('library', member.id::text),
		pg_notify('enrich_job', '')
)
SELECT json_build_object('jobs', given.jobs) AS body
FROM given
LEFT JOIN changed ON true;
