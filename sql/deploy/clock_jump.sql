-- Deploy rewatch:clock_jump to pg
-- requires: enrich_job
-- requires: film_retry
-- The database's wall clock may be set back. A time noted before then lies
-- ahead for as long as the clock went back, and what was to last a second would
-- last an hour. So what holds until a time has the time it was said at, too.
BEGIN;

CREATE FUNCTION holds_now(said_at timestamptz, until timestamptz)
	RETURNS boolean LANGUAGE sql VOLATILE PARALLEL SAFE
	RETURN until > clock_timestamp()
		AND said_at <= clock_timestamp() + interval '2 seconds';
COMMENT ON FUNCTION holds_now(timestamptz, timestamptz) IS 'Whether what was said to hold until a time still does. Not when it was said in what is the future now: the clock was set back. By a second or two it may be, which clocks are when they are adjusted.';

ALTER TABLE enrich_daemon
	ADD renewed_at timestamptz NOT NULL DEFAULT clock_timestamp();
COMMENT ON COLUMN enrich_daemon.renewed_at IS 'The last heartbeat. The lease is live when holds_now(renewed_at, expires_at).';
ALTER TABLE tmdb_budget
	ADD blocked_at timestamptz NOT NULL DEFAULT '-infinity';
COMMENT ON COLUMN tmdb_budget.blocked_at IS 'When blocked_until was said. Nobody calls while holds_now(blocked_at, blocked_until).';
COMMIT;
