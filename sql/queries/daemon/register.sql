-- Takes a lease under a new epoch, and that of the daemon that had the name
-- before is gone: so is the daemon, or we would not have its name. What it held
-- is left to the sweep (job/rescue).
-- $1 instance text, $2 epoch bigint, $3 host text, $4 pid integer,
-- $5 length of the lease in seconds double precision
INSERT INTO enrich_daemon (instance, epoch, host, pid, renewed_at, expires_at)
VALUES ($1::text, $2::bigint, $3::text, $4::integer, clock_timestamp(),
	clock_timestamp() + make_interval(secs => $5::double precision))
ON CONFLICT (instance) DO UPDATE
SET epoch = excluded.epoch, host = excluded.host, pid = excluded.pid,
	started_at = now(), low_tag = excluded.low_tag,
	renewed_at = excluded.renewed_at, expires_at = excluded.expires_at;
