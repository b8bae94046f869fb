-- Deploy rewatch:tmdb_terms to pg
-- requires: title_credits
-- requires: tmdb_index
-- TMDB allows its data to be kept for six months. What is older was not shown;
-- now it is erased as well, and for that people and an index that is not used
-- any more need an age.
BEGIN;

ALTER TABLE person ADD seen_at timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE person ALTER seen_at SET DEFAULT now();
UPDATE person p
SET seen_at = known.fetched_at
FROM (SELECT c.id, max(t.fetched_at) AS fetched_at
	FROM title t
	CROSS JOIN LATERAL unnest(t.cast_ids || t.crew_ids) AS c (id)
	GROUP BY c.id) known
WHERE known.id = p.id;
COMMENT ON COLUMN person.seen_at IS 'When TMDB last named them in a title that was fetched or renewed, or up to a day before.';

CREATE INDEX film_candidates ON film (matched_at) WHERE candidates <> '[]';

-- A function, because only the owner may TRUNCATE.
CREATE FUNCTION tmdb_index_erase() RETURNS boolean
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp SET lock_timeout = '500ms' AS $$
BEGIN
	PERFORM FROM tmdb_export
	WHERE GREATEST(loaded_at, load_until)
			< clock_timestamp() - interval '180 days'
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
COMMENT ON FUNCTION tmdb_index_erase() IS 'Empties an index that was last loaded more than six months ago, as when no daemon uses it any more. False: there is none, or somebody reads it just now.';
REVOKE EXECUTE ON FUNCTION tmdb_index_erase() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tmdb_index_erase() TO rewatch_daemon;
COMMIT;
