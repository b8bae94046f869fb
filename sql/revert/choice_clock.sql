-- Revert rewatch:choice_clock from pg
BEGIN;
COMMENT ON COLUMN enrich_clock.last_tag IS 'The largest tag that a member''s films were given.';

CREATE OR REPLACE FUNCTION fair_choice(film bigint) RETURNS boolean
	LANGUAGE plpgsql AS $$
DECLARE
	start bigint := GREATEST(virtual_time(), (SELECT choice_tag
		FROM enrich_share WHERE member_id = current_member()));
BEGIN
	INSERT INTO enrich_job (film_id, tag) VALUES (film, start)
	ON CONFLICT DO NOTHING;
	IF NOT FOUND AND fair_move(ARRAY[film], ARRAY[start]) = 0 THEN
		RETURN false;
	END IF;
	INSERT INTO enrich_share AS s (member_id, last_tag, choice_tag)
	VALUES (current_member(), 0, start + fair_stride())
	ON CONFLICT (member_id) DO UPDATE SET choice_tag = EXCLUDED.choice_tag;
	RETURN true;
END
$$;
COMMENT ON FUNCTION fair_choice(bigint) IS 'The job for a film that the current member has just chosen: at the virtual time, so that it comes next; those of a member who chooses many are one stride apart. False: it has one that comes no later. The caller has locked the member.';
COMMIT;
