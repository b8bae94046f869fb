-- Parked jobs whose time has come are ready again, behind nobody's back: not
-- before the job that is next now.
-- $1 how many at once integer
-- Column: promoted bigint
WITH due AS (
	UPDATE enrich_job j
	SET parked = false, run_at = NULL, tag = GREATEST(j.tag, COALESCE((
		SELECT tag FROM enrich_job WHERE NOT parked AND token = 0
			AND tag < first_background_tag()
		ORDER BY tag LIMIT 1), 0))
	WHERE j.film_id = ANY (ARRAY(
		SELECT film_id FROM enrich_job
		WHERE parked AND run_at <= clock_timestamp()
		ORDER BY run_at LIMIT $1::integer
		FOR UPDATE SKIP LOCKED))
	RETURNING 1
)
SELECT count(*) AS promoted FROM due;
