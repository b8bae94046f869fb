-- Deploy rewatch:fair_queue to pg
-- requires: member
-- requires: enrich_job
-- requires: film_retry
-- Start-time fair queueing, in one place. A job's tag says when it is served;
-- those who add jobs (each member's films, each member's choices, all retries
-- together) are flows, and a flow's jobs get tags one stride apart, from the
-- later of the virtual time and the flow's own last tag. So flows with jobs
-- take turns, however many jobs one of them has; one that has had none for long
-- begins at the virtual time, with neither debt nor credit.
-- The functions run with the rights of who calls them: a member's flows are
-- behind row-level security.
BEGIN;

ALTER TABLE enrich_clock ADD retry_tag bigint NOT NULL DEFAULT 0;
COMMENT ON TABLE enrich_clock IS 'Virtual time when the queue is empty is the later of the two.';
COMMENT ON COLUMN enrich_clock.last_tag IS 'The largest tag that a member''s films were given.';
COMMENT ON COLUMN enrich_clock.retry_tag IS 'The last tag given to jobs tried again: they are one flow, whosever they are.';
GRANT UPDATE (retry_tag) ON enrich_clock TO rewatch_daemon;

ALTER TABLE enrich_share ADD choice_tag bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN enrich_share.last_tag IS 'The last tag that this member''s films were given.';
COMMENT ON COLUMN enrich_share.choice_tag IS 'Where the next title that this member chooses may be: a flow of its own, so that it need not wait behind the member''s films.';

CREATE FUNCTION fair_stride() RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 1000::bigint;
COMMENT ON FUNCTION fair_stride() IS 'From one tag of a flow to the next.';

CREATE FUNCTION virtual_time() RETURNS bigint
	LANGUAGE sql STABLE
	RETURN COALESCE(
		(SELECT tag FROM enrich_job
		WHERE NOT parked AND token = 0 AND tag >= COALESCE(
				(SELECT min(low_tag) FROM enrich_daemon
				WHERE expires_at > statement_timestamp()),
				-9223372036854775808)
			AND tag < first_background_tag()
		ORDER BY tag LIMIT 1),
		(SELECT GREATEST(last_tag, retry_tag) FROM enrich_clock));
COMMENT ON FUNCTION virtual_time() IS 'The smallest tag that is ready and somebody waits for, or when there is none the largest ever given. Looked for from the daemons'' low tags on: before them the index has little but dead entries.';

-- However large the queue, and whatever is known of it: one probe of the
-- primary key a film.
CREATE FUNCTION fair_move(films bigint[], tags bigint[]) RETURNS bigint
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off SET enable_bitmapscan = off
	SET enable_hashjoin = off SET enable_mergejoin = off
	SET enable_nestloop = on
AS $$
DECLARE
	moved bigint;
BEGIN
	WITH ahead AS MATERIALIZED (
		SELECT j.film_id, c.tag
		FROM unnest(films, tags) AS c (id, tag)
		JOIN enrich_job j ON j.film_id = c.id
		WHERE j.token = 0 AND NOT j.parked AND j.tag > c.tag
		ORDER BY j.film_id
		FOR NO KEY UPDATE OF j SKIP LOCKED
	)
	UPDATE enrich_job j SET tag = a.tag
	FROM ahead a
	WHERE j.film_id = a.film_id;
	GET DIAGNOSTICS moved = ROW_COUNT;
	RETURN moved;
END
$$;
COMMENT ON FUNCTION fair_move(bigint[], bigint[]) IS 'Moves up the jobs of films that wait behind these tags. One that a daemon holds or is just taking, or that waits after a failure, is left alone.';

CREATE FUNCTION fair_enqueue(films bigint[], OUT added bigint, OUT moved bigint)
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off SET enable_bitmapscan = off
	SET enable_hashjoin = off SET enable_mergejoin = off
	SET enable_nestloop = on
AS $$
DECLARE
	start bigint := GREATEST(virtual_time(), (SELECT last_tag
		FROM enrich_share WHERE member_id = current_member()));
	ids bigint[];
	tags bigint[];
BEGIN
	-- A film whose job comes no later than it would among all of these
	-- comes anyway: only the others are charged for.
	SELECT array_agg(c.id ORDER BY c.id), array_agg(c.tag ORDER BY c.id)
	INTO ids, tags
	FROM (
		SELECT w.id, start + fair_stride()
			* row_number() OVER (ORDER BY w.place) AS tag
		FROM unnest(films) WITH ORDINALITY AS w (id, place)
		LEFT JOIN enrich_job j ON j.film_id = w.id
		WHERE j.film_id IS NULL OR j.token = 0 AND NOT j.parked
			AND j.tag > start + fair_stride() * w.place) c;

	INSERT INTO enrich_job (film_id, tag)
	SELECT c.id, c.tag FROM unnest(ids, tags) AS c (id, tag)
	ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS added = ROW_COUNT;
	-- Also what somebody else has added meanwhile: the insert has waited
	-- for that.
	moved := CASE WHEN added < cardinality(ids)
		THEN fair_move(ids, tags) ELSE 0 END;
	IF added + moved = 0 THEN
		RETURN;
	END IF;

	start := start + fair_stride() * cardinality(ids);
	INSERT INTO enrich_share AS s (member_id, last_tag)
	VALUES (current_member(), start)
	ON CONFLICT (member_id) DO UPDATE SET last_tag = EXCLUDED.last_tag;
	UPDATE enrich_clock SET last_tag = start WHERE last_tag < start;
END
$$;
COMMENT ON FUNCTION fair_enqueue(bigint[]) IS 'Jobs for films that the current member waits for, in this order; those that have one are moved up to where they would be. The caller has locked the member. Locks the clock: comes last in a transaction.';

CREATE FUNCTION fair_choice(film bigint) RETURNS boolean
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

CREATE FUNCTION fair_retry(jobs bigint) RETURNS bigint
	LANGUAGE sql VOLATILE
BEGIN ATOMIC
	UPDATE enrich_clock
	SET retry_tag = GREATEST(virtual_time(), retry_tag)
		+ fair_stride() * jobs
	RETURNING retry_tag - fair_stride() * jobs;
END;
COMMENT ON FUNCTION fair_retry(bigint) IS 'Takes the tags for so many jobs that are tried again: they begin one stride after what this returns. Locks the clock.';
COMMIT;
