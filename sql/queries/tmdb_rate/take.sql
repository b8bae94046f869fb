-- Books the next slots of the rate that all daemons share. The algorithm is GCRA:
-- tat is the end of the last booking, and the next one begins there or now,
-- whichever is later, so that nothing is saved up while nobody calls.
-- A daemon is told no when the last booking ends more than :ahead from now, or
-- while calls are blocked for everybody.
-- :name text, of the rate
-- :slots integer, how many
-- :period double precision, seconds between slots
-- :guard double precision, seconds kept free before the first slot and behind
-- the last: by so much the daemon may be wrong about this clock
-- :ahead double precision, seconds: how far ahead slots are given out
-- :booking double precision, seconds from now: a booking ends by then. One that
-- ends much later was made by a clock that was set back since, and is void.
-- :last_us bigint, end_us of the daemon's own last booking
-- :last_guard double precision, seconds: its guard. Between two bookings of one
-- daemon, when nobody has booked in between, no guard is needed.
-- Columns:
--   now_us    bigint, the time of this answer, microseconds since 1970
--   granted   boolean
--   at_us     bigint, the first slot; not granted: when asking makes sense
--   end_us    bigint, the end of the booking
WITH taken AS (
	UPDATE tmdb_rate
	SET tat = GREATEST(
			clock_timestamp() + make_interval(secs => :guard::double precision),
			LEAST(CASE WHEN tat = timestamptz 'epoch'
						+ :last_us::bigint * interval '1 microsecond'
					THEN tat - make_interval(secs => :last_guard::double precision)
					ELSE tat + make_interval(secs => :guard::double precision)
				END, clock_timestamp()
				+ make_interval(secs => :booking::double precision)))
		+ make_interval(secs => :slots::integer * :period::double precision
			+ :guard::double precision)
	WHERE name = :name::text
		AND NOT holds_now(blocked_at, blocked_until)
		AND (tat < clock_timestamp()
				+ make_interval(secs => :ahead::double precision)
			OR tat > clock_timestamp()
				+ make_interval(secs => 2 * :booking::double precision))
	RETURNING tat AS ends, tat - make_interval(
		secs => :slots::integer * :period::double precision
			+ :guard::double precision)
		AS first
), asked AS (
	SELECT (SELECT first FROM taken) AS first,
		(SELECT ends FROM taken) AS ends, GREATEST(clock_timestamp(),
		CASE WHEN holds_now(blocked_at, blocked_until)
			THEN blocked_until END,
		CASE WHEN tat <= clock_timestamp()
				+ make_interval(secs => 2 * :booking::double precision)
			THEN tat - make_interval(
				secs => :ahead::double precision) END) AS again
	FROM tmdb_rate
	WHERE name = :name::text
)
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now_us,
	first IS NOT NULL AS granted,
	(extract(epoch FROM COALESCE(first, again)) * 1000000)::bigint AS at_us,
	(extract(epoch FROM COALESCE(ends, again)) * 1000000)::bigint AS end_us
FROM asked;
