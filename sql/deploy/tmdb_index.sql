-- Deploy rewatch:tmdb_index to pg
-- requires: title
-- TMDB's daily export: which films there are by their original names, so that
-- a film may be found without a search. Two slots: one is in force while the
-- other is filled; a slot is emptied by TRUNCATE, which leaves no dead rows.
BEGIN;

CREATE TABLE tmdb_index (
	slot smallint NOT NULL,
	tmdb_id bigint NOT NULL,
	name text NOT NULL,
	popularity real NOT NULL
) PARTITION BY LIST (slot);
COMMENT ON TABLE tmdb_index IS 'Films of TMDB''s daily export. Names are the original ones, and there are no years: what is found here must be verified.';
COMMENT ON COLUMN tmdb_index.popularity IS 'Compared within one export only: TMDB changes its scale.';
CREATE TABLE tmdb_index_1 PARTITION OF tmdb_index FOR VALUES IN (1);
CREATE TABLE tmdb_index_2 PARTITION OF tmdb_index FOR VALUES IN (2);
CREATE INDEX tmdb_index_name ON tmdb_index (lower(name));

CREATE TABLE tmdb_export (
	singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
	slot smallint CHECK (slot IN (1, 2)),
	export_on date,
	loaded_at timestamptz NOT NULL DEFAULT '-infinity',
	load bigint NOT NULL DEFAULT 0,
	batch integer NOT NULL DEFAULT 0,
	load_until timestamptz NOT NULL DEFAULT '-infinity',
	not_before timestamptz NOT NULL DEFAULT '-infinity',
	CHECK ((slot IS NULL) = (export_on IS NULL))
) WITH (fillfactor = 50);
COMMENT ON TABLE tmdb_export IS 'Which export is in force, and who loads the next one.';
COMMENT ON COLUMN tmdb_export.slot IS 'Of tmdb_index, in force; NULL: none is.';
COMMENT ON COLUMN tmdb_export.load IS 'Number of the last load that was begun: the fence of its statements.';
COMMENT ON COLUMN tmdb_export.batch IS 'The last one of that load that was stored.';
COMMENT ON COLUMN tmdb_export.load_until IS 'Until then the load belongs to who began it; each batch prolongs it.';
COMMENT ON COLUMN tmdb_export.not_before IS 'After a load that failed.';
INSERT INTO tmdb_export DEFAULT VALUES;

-- A function, because only the owner may TRUNCATE. Who reads a slot for long
-- (a backup) is not waited for long, as claims would wait behind.
CREATE FUNCTION tmdb_index_clear(bigint) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp SET lock_timeout = '500ms' AS $$
DECLARE
	in_force smallint;
BEGIN
	SELECT slot INTO in_force FROM tmdb_export WHERE load = $1 FOR UPDATE;
	IF NOT FOUND THEN
		RETURN;
	ELSIF in_force = 1 THEN
		TRUNCATE tmdb_index_2;
	ELSE
		TRUNCATE tmdb_index_1;
	END IF;
END
$$;
COMMENT ON FUNCTION tmdb_index_clear(bigint) IS 'Empties the slot that is not in force, if the load of this number is the last.';

REVOKE EXECUTE ON FUNCTION tmdb_index_clear(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tmdb_index_clear(bigint) TO rewatch_daemon;
GRANT SELECT, INSERT ON tmdb_index TO rewatch_daemon;
GRANT SELECT, UPDATE ON tmdb_export TO rewatch_daemon;

-- A function, because only the owner may TRUNCATE.
CREATE FUNCTION tmdb_index_erase() RETURNS boolean
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp SET lock_timeout = '500ms' AS $$
BEGIN
	PERFORM FROM tmdb_export
	WHERE GREATEST(loaded_at, load_until)
			< clock_timestamp() - tmdb_term()
		AND EXISTS (SELECT FROM tmdb_index)
	FOR UPDATE;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	TRUNCATE tmdb_index;
	UPDATE tmdb_export SET slot = NULL, export_on = NULL;
	RETURN true;
EXCEPTION WHEN lock_not_available THEN
	RETURN false;
END
$$;
COMMENT ON FUNCTION tmdb_index_erase() IS 'Empties an index that was last loaded longer ago than tmdb_term(), as when no daemon uses it any more. False: there is none, or somebody reads it just now.';
REVOKE EXECUTE ON FUNCTION tmdb_index_erase() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tmdb_index_erase() TO rewatch_daemon;
COMMIT;
