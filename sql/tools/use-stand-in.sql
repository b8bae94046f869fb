-- Run as rewatch_owner before TMDB's stand-in answers for this database. Where
-- TMDB has answered already it must not: the two would be mixed.
DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM demo) AND EXISTS (SELECT FROM film
			WHERE match_state IS NOT NULL) THEN
		RAISE EXCEPTION 'this database has answers of TMDB, and TMDB''s stand-in would mix its own with them: set TMDB_TOKEN, or take another database or STATE_DIR for a demonstration';
	END IF;
	INSERT INTO demo DEFAULT VALUES ON CONFLICT DO NOTHING;
END
$$;
