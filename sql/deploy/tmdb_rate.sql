-- Deploy rewatch:tmdb_rate to pg
-- requires: enrich_queue
-- The one rate limit of calls to TMDB that all daemons share.
BEGIN;

CREATE TABLE tmdb_rate (
	name text PRIMARY KEY,
	tat timestamptz NOT NULL DEFAULT '-infinity',
	blocked_at timestamptz NOT NULL DEFAULT '-infinity',
	blocked_until timestamptz NOT NULL DEFAULT '-infinity',
	calls bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
COMMENT ON TABLE tmdb_rate IS 'The one rate limit (GCRA) that all daemons behind one address share.';
COMMENT ON COLUMN tmdb_rate.tat IS 'Theoretical arrival time of the next call.';
COMMENT ON COLUMN tmdb_rate.blocked_until IS 'After a 429 or 5xx nobody calls before this.';
COMMENT ON COLUMN tmdb_rate.calls IS 'Calls made so far, added about once a second: what GET /v1/enrichment shows.';
COMMENT ON COLUMN tmdb_rate.blocked_at IS 'When blocked_until was said. Nobody calls while holds_now(blocked_at, blocked_until).';
INSERT INTO tmdb_rate (name) VALUES ('tmdb');

GRANT SELECT ON tmdb_rate TO rewatch_api;
GRANT SELECT, UPDATE ON tmdb_rate TO rewatch_daemon;
COMMIT;
