-- Takes the next slots of the rate that all daemons share (GCRA): nothing is
-- saved up while nobody calls, and nobody books further ahead than :ahead.
-- :name text, of the rate
-- :slots integer, how many
-- :period double precision, seconds between slots
-- :guard double precision, seconds kept free before the first slot and behind
-- the last, as the asker may be wrong about this clock by so much
-- :ahead double precision, seconds: how far ahead slots are given out
-- :booking double precision, seconds from now: the end of a booking at most.
-- One that ends much later is of a clock that was set back, and what was booked
-- then ends by then.
-- :last_us bigint, end_us of the asker's last booking
-- :last_guard double precision, its guard: when nobody has booked since, no
-- guard is needed in between
-- Columns: now_us bigint, the time of this answer, microseconds since 1970;
-- granted boolean; at_us bigint, when the first of the slots is or, when none
-- were granted, when asking makes sense; end_us bigint, of the booking.
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
