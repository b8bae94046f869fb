-- Every job that was given up is ready again, with all its attempts, as retries
-- that share the queue with whoever waits. Films before jobs and both by id,
-- like everything that locks them.
-- Column: jobs bigint
WITH locked AS MATERIALIZED (
	SELECT f.id
	FROM enrich_dead d
	JOIN film f ON f.id = d.film_id
	ORDER BY f.id
	FOR NO KEY UPDATE OF f
), start AS MATERIALIZED (
	SELECT fair_retry(count(*)) AS tag FROM locked HAVING count(*) > 0
), restarted AS (
	INSERT INTO enrich_job (film_id, tag)
	SELECT l.id, s.tag
		+ fair_stride() * row_number() OVER (ORDER BY l.id)
	FROM locked l
	CROSS JOIN start s
	ORDER BY l.id
	ON CONFLICT DO NOTHING
), gone AS (
	DELETE FROM enrich_dead d USING locked l WHERE d.film_id = l.id
	RETURNING d.film_id
)
SELECT count(*) AS jobs, pg_notify('enrich_job', ''),
	notify_members(array_agg(film_id))
FROM gone;
