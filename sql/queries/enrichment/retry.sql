-- The member's films that failed are asked for again, and wanted so also those
-- that TMDB had no title for. Their tags are those that an import would give
-- them. What has a job already is left alone, and for a day what TMDB has just said
-- it does not have. The member, films and jobs are locked in the order in which an
-- import does it.
-- :not_found boolean, those not found as well
-- Columns: body, the number of jobs made, and of films that were asked for within
-- the day.
WITH me AS MATERIALIZED (
	SELECT id FROM member WHERE id = current_member() FOR NO KEY UPDATE
), own AS (
	SELECT film_id FROM library_entry WHERE member_id = (SELECT id FROM me)
	UNION
	SELECT film_id FROM list_item WHERE member_id = (SELECT id FROM me)
), wanted AS MATERIALIZED (
	SELECT f.asked_id, f.match_state = 'not_found'
			AND f.matched_at > now() - interval '1 day'
			AND f.matched_at <= now() AS fresh
	FROM own
	JOIN member_film f ON f.id = own.film_id
	LEFT JOIN enrich_job j ON j.film_id = f.asked_id
	WHERE f.asked_id IS NOT NULL AND j.film_id IS NULL
		AND (f.match_state = 'failed'
			OR :not_found::boolean AND f.match_state = 'not_found')
), locked AS MATERIALIZED (
	SELECT id FROM lock_films(ARRAY(SELECT asked_id FROM wanted
		WHERE fresh IS NOT TRUE)) AS id
), given AS MATERIALIZED (
	SELECT added AS jobs
	FROM fair_enqueue(ARRAY(SELECT id FROM locked ORDER BY id))
), forgiven AS (
	DELETE FROM enrich_dead d USING locked l WHERE d.film_id = l.id
), notified AS (
	SELECT pg_notify('enriched', current_member()::text),
		pg_notify('enrich_job', '')
	FROM given
	WHERE given.jobs > 0
)
SELECT json_build_object('jobs', given.jobs, 'fresh', (SELECT count(*) FROM wanted
	WHERE fresh)) AS body
FROM given
LEFT JOIN notified ON true;
