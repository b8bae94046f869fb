-- Parked jobs whose time has come are ready again. Those whose turn it was when
-- they failed are retries now, all of them together one of those who share the
-- queue; what had a later tag keeps it. They were claimed before they were
-- parked: when that is in the future, the clock was set back; looked for among
-- those that are to wait longest, as all may be very many.
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
