-- Every job that was given up is ready again, with all its attempts, behind
-- what waits now. Films before jobs and both by id, like everything that locks
-- them; the films' versions rise, because they are not failed but pending.
-- Column: jobs bigint
WITH locked AS MATERIALIZED (
	SELECT f.id
	FROM enrich_dead d
	JOIN film f ON f.id = d.film_id
	ORDER BY f.id
	FOR NO KEY UPDATE OF f
), restarted AS (
	INSERT INTO enrich_job (film_id, tag)
	SELECT l.id, c.last_tag
	FROM locked l
	CROSS JOIN enrich_clock c
	ORDER BY l.id
	ON CONFLICT DO NOTHING
), gone AS (
	DELETE FROM enrich_dead d USING locked l WHERE d.film_id = l.id
	RETURNING d.film_id
), told AS (
	UPDATE film f SET version = nextval('film_version')
	FROM gone
	WHERE f.id = gone.film_id
)
SELECT count(*) AS jobs, pg_notify('enrich_job', ''), pg_notify('enriched', '')
FROM gone;
