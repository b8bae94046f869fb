-- Deploy rewatch:enrich_job to pg
-- requires: film
-- The queue between the API server (adds) and the daemons (work). A row is a
-- live job; success deletes it. See the header of enrich-daemon/queue.h.
BEGIN;

CREATE TABLE enrich_job (
	film_id bigint PRIMARY KEY REFERENCES film (id) ON DELETE CASCADE,
	tag bigint NOT NULL,
	token bigint NOT NULL DEFAULT 0,
	claimed_at timestamptz,
	parked boolean NOT NULL DEFAULT false,
	run_at timestamptz,
	attempt smallint NOT NULL DEFAULT 0,
	rescues smallint NOT NULL DEFAULT 0,
	last_error text,
	created_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50,
	autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
	autovacuum_analyze_scale_factor = 0,
	autovacuum_analyze_threshold = 20000,
	autovacuum_vacuum_insert_scale_factor = 0,
	autovacuum_vacuum_insert_threshold = 50000,
	autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE enrich_job IS 'Make this film''s TMDB data present and fresh. The primary key is the promise of at most one live job a film.';
COMMENT ON COLUMN enrich_job.tag IS 'Fair-queueing tag, computed at enqueue: the order of dispatch.';
COMMENT ON COLUMN enrich_job.token IS '0: ready. Else the fence and the owner: (daemon epoch << 24) | claim number. In no index, so that a claim is a HOT update.';
COMMENT ON COLUMN enrich_job.parked IS 'Waits for run_at after a failure.';
COMMENT ON COLUMN enrich_job.attempt IS 'Claims so far that were not given back.';
COMMENT ON COLUMN enrich_job.rescues IS 'Times its daemon died with it.';
CREATE INDEX enrich_job_ready ON enrich_job (tag) WHERE NOT parked;
CREATE INDEX enrich_job_parked ON enrich_job (run_at) WHERE parked;

CREATE TABLE enrich_dead (
	film_id bigint PRIMARY KEY REFERENCES film (id) ON DELETE CASCADE,
	attempt smallint NOT NULL,
	last_error text NOT NULL,
	died_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE enrich_dead IS 'Jobs given up after their last attempt, with the last error; restartable.';

CREATE TABLE enrich_daemon (
	instance text PRIMARY KEY,
	epoch bigint NOT NULL UNIQUE
		CHECK (epoch > 0 AND epoch < (1::bigint << 38)),
	host text NOT NULL,
	pid integer NOT NULL,
	started_at timestamptz NOT NULL DEFAULT now(),
	low_tag bigint NOT NULL DEFAULT -9223372036854775808,
	expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE enrich_daemon IS 'One lease row a daemon. A job whose token holds an epoch without a live lease goes back to the queue.';
COMMENT ON COLUMN enrich_daemon.epoch IS 'Random and new at each registration; never from a sequence, which can repeat after a failover.';
COMMENT ON COLUMN enrich_daemon.low_tag IS 'Smallest tag of its last claim: where the search for ready jobs may begin.';

CREATE TABLE enrich_clock (
	singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
	last_tag bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE enrich_clock IS 'The largest tag ever given out: virtual time when the queue is empty.';
INSERT INTO enrich_clock DEFAULT VALUES;

CREATE TABLE tmdb_budget (
	name text PRIMARY KEY,
	tat timestamptz NOT NULL DEFAULT '-infinity',
	blocked_until timestamptz NOT NULL DEFAULT '-infinity',
	calls bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
COMMENT ON TABLE tmdb_budget IS 'The one rate limit (GCRA) that all daemons behind one address share.';
COMMENT ON COLUMN tmdb_budget.tat IS 'Theoretical arrival time of the next call.';
COMMENT ON COLUMN tmdb_budget.blocked_until IS 'After a 429 or 5xx nobody calls before this.';
COMMENT ON COLUMN tmdb_budget.calls IS 'Calls granted so far, raised with tat: what GET /v1/enrichment shows.';
INSERT INTO tmdb_budget (name) VALUES ('tmdb');

GRANT SELECT, INSERT ON enrich_job TO rewatch_api;
GRANT UPDATE (tag) ON enrich_job TO rewatch_api;
GRANT SELECT, DELETE ON enrich_dead TO rewatch_api;
GRANT SELECT ON enrich_daemon, tmdb_budget TO rewatch_api;
GRANT SELECT, UPDATE ON enrich_clock TO rewatch_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON enrich_job, enrich_dead, enrich_daemon
	TO rewatch_daemon;
GRANT SELECT, UPDATE ON tmdb_budget TO rewatch_daemon;
COMMIT;
