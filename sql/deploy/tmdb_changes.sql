-- Deploy rewatch:tmdb_changes to pg
-- requires: title
-- TMDB's list of what has changed there: how far it has been read, and which
-- of our titles were on it
-- (title.changed_at).
BEGIN;

CREATE TABLE tmdb_changes (
	kind text PRIMARY KEY CHECK (kind IN ('movie', 'tv')),
	from_day date NOT NULL
		DEFAULT (now() AT TIME ZONE 'UTC')::date,
	read_at timestamptz NOT NULL DEFAULT now(),
	begun_at timestamptz,
	to_day date,
	page integer NOT NULL DEFAULT 1,
	marked integer NOT NULL DEFAULT 0,
	failures smallint NOT NULL DEFAULT 0,
	retry_at timestamptz,
	epoch bigint,
	CHECK ((begun_at IS NULL) = (to_day IS NULL))
) WITH (fillfactor = 50);
COMMENT ON TABLE tmdb_changes IS 'TMDB''s lists of changed films and series, read by one daemon for all.';
COMMENT ON COLUMN tmdb_changes.from_day IS 'The changes of all days (UTC) before it are known. A read begins with it, so what changed on it after the last read is not missed.';
COMMENT ON COLUMN tmdb_changes.read_at IS 'When the last read began that reached its own day.';
COMMENT ON COLUMN tmdb_changes.begun_at IS 'When the read that is under way began; NULL: none is.';
COMMENT ON COLUMN tmdb_changes.to_day IS 'Its last day.';
COMMENT ON COLUMN tmdb_changes.page IS 'The next page of it.';
COMMENT ON COLUMN tmdb_changes.marked IS 'Titles marked by it so far.';
COMMENT ON COLUMN tmdb_changes.failures IS 'Pages that could not be read, in a row; not before retry_at again.';
COMMENT ON COLUMN tmdb_changes.epoch IS 'The daemon that reads it, for as long as that has a live lease.';
INSERT INTO tmdb_changes (kind) VALUES ('movie'), ('tv');

GRANT SELECT, UPDATE ON tmdb_changes TO rewatch_daemon;
COMMIT;
