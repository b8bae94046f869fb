-- Takes a lease under a new epoch. What the daemon of that name held before
-- is ready again at once: it is gone, or we would not have its name.
-- $1 instance text, $2 epoch bigint, $3 host text, $4 pid integer,
-- $5 length of the lease in seconds double precision
-- Column: freed bigint, jobs that are ready again.
WITH previous AS (
	SELECT epoch FROM enrich_daemon WHERE instance = $1::text FOR UPDATE
), registered AS (
	INSERT INTO enrich_daemon (instance, epoch, host, pid, renewed_at,
		expires_at)
	VALUES ($1::text, $2::bigint, $3::text, $4::integer, clock_timestamp(),
		clock_timestamp() + make_interval(secs => $5::double precision))
	ON CONFLICT (instance) DO UPDATE
	SET epoch = excluded.epoch, host = excluded.host, pid = excluded.pid,
		started_at = now(), low_tag = excluded.low_tag,
		renewed_at = excluded.renewed_at,
		expires_at = excluded.expires_at
), freed AS (
	UPDATE enrich_job j
	SET token = 0, attempt = j.attempt - 1, rescues = j.rescues + 1
	FROM previous p
	WHERE j.token <> 0 AND j.token >> 24 = p.epoch
	RETURNING 1
)
SELECT count(*) AS freed FROM freed;
