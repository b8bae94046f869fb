-- Parked jobs whose time has come are ready again.
-- A job whose turn has passed meanwhile (late) becomes a retry: all retries
-- together are one flow of the fair queue. A job whose turn is still to come
-- keeps its tag.
-- A job is claimed before it is parked. When claimed_at lies in the future, the
-- clock was set back, and run_at says nothing: such a job is ready as well. The
-- statement looks for them among the jobs that are to wait longest, since a look
-- at all of them could take long.
-- :most integer, jobs at once
-- Column: promoted bigint
WITH due AS MATERIALIZED (
	SELECT film_id, tag, tag <= (SELECT virtual_time()) AS late
	FROM enrich_job
	WHERE film_id = ANY (ARRAY(
			(SELECT film_id FROM enrich_job
			WHERE parked AND run_at <= now()
			ORDER BY run_at LIMIT :most::integer)
			UNION ALL
			(SELECT film_id FROM enrich_job
			WHERE parked
			ORDER BY run_at DESC LIMIT :most::integer)))
		AND parked
		AND NOT holds_now(COALESCE(claimed_at, '-infinity'), run_at)
	ORDER BY run_at LIMIT :most::integer
	FOR UPDATE SKIP LOCKED
), start AS MATERIALIZED (
	SELECT fair_retry(count(*)) AS tag FROM due WHERE late
	HAVING count(*) > 0
), placed AS MATERIALIZED (
	SELECT film_id, CASE WHEN late THEN (SELECT tag FROM start)
		+ fair_stride() * row_number()
			OVER (PARTITION BY late ORDER BY tag, film_id)
		ELSE tag END AS tag
	FROM due
), ready AS (
	UPDATE enrich_job j
	SET parked = false, run_at = NULL, tag = p.tag
	FROM placed p
	WHERE j.film_id = p.film_id
	RETURNING 1
)
SELECT count(*) AS promoted FROM ready;
