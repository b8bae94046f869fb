-- The state of the queue, for the summary and the metrics.
-- Columns: ready, running, parked, dead, daemons bigint; oldest double
-- precision, seconds since the oldest ready job was made.
SELECT count(*) FILTER (WHERE NOT parked AND token = 0) AS ready,
	count(*) FILTER (WHERE token <> 0) AS running,
	count(*) FILTER (WHERE parked) AS parked,
	(SELECT count(*) FROM enrich_dead) AS dead,
	(SELECT count(*) FROM enrich_daemon
		WHERE holds_now(renewed_at, expires_at)) AS daemons,
	GREATEST(0, extract(epoch FROM clock_timestamp() - min(created_at)
		FILTER (WHERE NOT parked AND token = 0)))::double precision
		AS oldest
FROM enrich_job;
