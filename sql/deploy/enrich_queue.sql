-- Deploy rewatch:enrich_queue to pg
-- requires: film
-- requires: member
-- The queue between the API server (adds) and the daemons (work). A row is a
-- live job; success deletes it. See the header of enrich-daemon/queue/queue.h.
BEGIN;

-- The database's wall clock may be set back. A time noted before then lies
-- ahead for as long as the clock went back, and what was to last a second would
-- last an hour. So what holds until a time has the time it was said at, too.
CREATE FUNCTION holds_now(said_at timestamptz, until timestamptz)
	RETURNS boolean LANGUAGE sql VOLATILE PARALLEL SAFE
	RETURN until > clock_timestamp()
		AND said_at <= clock_timestamp() + interval '2 seconds';
COMMENT ON FUNCTION holds_now(timestamptz, timestamptz) IS 'Whether what was said to hold until a time still does. Not when it was said in what is the future now: the clock was set back. By a second or two it may be, which clocks are when they are adjusted.';

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
	renewed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE enrich_daemon IS 'One lease row a daemon. A job whose token holds an epoch without a live lease goes back to the queue.';
COMMENT ON COLUMN enrich_daemon.epoch IS 'Random and new at each registration; never from a sequence, which can repeat after a failover.';
COMMENT ON COLUMN enrich_daemon.low_tag IS 'Smallest tag of its last claim: where the search for ready jobs may begin.';
COMMENT ON COLUMN enrich_daemon.renewed_at IS 'The last heartbeat. The lease is live when holds_now(renewed_at, expires_at).';

-- Start-time fair queueing. A job's tag says when it is served; those who add
-- jobs (each member's films, each member's choices, all retries together) are
-- flows, and a flow's jobs get tags one stride apart, from the later of the
-- virtual time and the flow's own last tag. So flows with jobs take turns,
-- however many jobs one of them has; one that has had none for long begins at
-- the virtual time, with neither debt nor credit.
-- The functions run with the rights of who calls them: a member's flows are
-- behind row-level security.
CREATE TABLE enrich_clock (
	singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
	last_tag bigint NOT NULL DEFAULT 0,
	retry_tag bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE enrich_clock IS 'Virtual time when the queue is empty is the later of the two.';
COMMENT ON COLUMN enrich_clock.last_tag IS 'The largest tag that a member''s films or choices were given.';
COMMENT ON COLUMN enrich_clock.retry_tag IS 'The last tag given to jobs tried again: they are one flow, whosever they are.';
INSERT INTO enrich_clock DEFAULT VALUES;

CREATE TABLE enrich_share (
	member_id bigint PRIMARY KEY REFERENCES member (id) ON DELETE CASCADE,
	last_tag bigint NOT NULL,
	choice_tag bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
COMMENT ON TABLE enrich_share IS 'How far this member''s flows have come.';
COMMENT ON COLUMN enrich_share.last_tag IS 'The last tag that this member''s films were given.';
COMMENT ON COLUMN enrich_share.choice_tag IS 'Where the next title that this member chooses may be: a flow of its own, so that it need not wait behind the member''s films.';
CALL wall_off('enrich_share');

-- Jobs that nobody waits for have tags from here on, behind all others, and
-- what computes a member's tags does not look at them.
CREATE FUNCTION first_background_tag() RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 1::bigint << 62;
COMMENT ON FUNCTION first_background_tag() IS 'Smallest tag of a job that nobody waits for; the tag is this plus microseconds since 1970.';

CREATE FUNCTION fair_stride() RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 1000::bigint;
COMMENT ON FUNCTION fair_stride() IS 'From one tag of a flow to the next.';

CREATE FUNCTION pending_max() RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 50000::bigint;
COMMENT ON FUNCTION pending_max() IS 'An import makes no job for a member that has so many films with one.';

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
	UPDATE enrich_clock SET last_tag = start WHERE last_tag < start;
	RETURN true;
END
$$;
COMMENT ON FUNCTION fair_choice(bigint) IS 'The job for a film that the current member has just chosen: at the virtual time, so that it comes next; those of a member who chooses many are one stride apart. False: it has one that comes no later. The caller has locked the member, and the film, which comes before the clock.';

CREATE FUNCTION fair_retry(jobs bigint) RETURNS bigint
	LANGUAGE sql VOLATILE
BEGIN ATOMIC
	UPDATE enrich_clock
	SET retry_tag = GREATEST(virtual_time(), retry_tag)
		+ fair_stride() * jobs
	RETURNING retry_tag - fair_stride() * jobs;
END;
COMMENT ON FUNCTION fair_retry(bigint) IS 'Takes the tags for so many jobs that are tried again: they begin one stride after what this returns. Locks the clock.';

GRANT SELECT, INSERT ON enrich_job TO rewatch_api;
GRANT UPDATE (tag) ON enrich_job TO rewatch_api;
GRANT SELECT, DELETE ON enrich_dead TO rewatch_api;
GRANT SELECT ON enrich_daemon TO rewatch_api;
GRANT SELECT, UPDATE ON enrich_clock TO rewatch_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON enrich_job, enrich_dead, enrich_daemon
	TO rewatch_daemon;
GRANT SELECT ON enrich_clock TO rewatch_daemon;
GRANT UPDATE (retry_tag) ON enrich_clock TO rewatch_daemon;
COMMIT;
