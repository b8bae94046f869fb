-- Takes a lease under a new epoch, and that of the daemon that had the name
-- before is gone: so is the daemon, or we would not have its name. What it held
-- is left to the sweep (job/rescue).
-- :instance text, our name
-- :epoch bigint, the new one
-- :host text
-- :pid integer
-- :seconds double precision, the length of the lease
INSERT INTO enrich_daemon (instance, epoch, host, pid, renewed_at, expires_at)
VALUES (:instance::text, :epoch::bigint, :host::text, :pid::integer,
	clock_timestamp(),
	clock_timestamp() + make_interval(secs => :seconds::double precision))
ON CONFLICT (instance) DO UPDATE
SET epoch = excluded.epoch, host = excluded.host, pid = excluded.pid,
	started_at = now(), low_tag = excluded.low_tag,
	renewed_at = excluded.renewed_at, expires_at = excluded.expires_at;
