-- Takes the next slots of the rate that all daemons share (GCRA): nothing is
-- saved up while nobody calls, and nobody books further ahead than $4.
-- $1 name text, $2 slots integer, $3 seconds between slots double precision,
-- $4 how far ahead slots are given out in seconds double precision,
-- $5 the end of the last slot at most, in seconds from now double precision: a
-- booking beyond is of a clock that was set back, and what was booked then
-- ends by then
-- Columns: now_us bigint, the time of this answer, microseconds since 1970;
-- granted boolean; delay double precision, seconds from then to the first of
-- the slots or, when none were granted, until asking makes sense.
WITH taken AS (
	UPDATE tmdb_budget
	SET tat = GREATEST(clock_timestamp(), LEAST(tat, clock_timestamp()
			+ make_interval(secs => $5::double precision)))
		+ make_interval(secs => $2::integer * $3::double precision)
	WHERE name = $1::text
		AND NOT holds_now(blocked_at, blocked_until)
		AND (tat < clock_timestamp()
				+ make_interval(secs => $4::double precision)
			OR tat > clock_timestamp()
				+ make_interval(secs => $5::double precision))
	RETURNING extract(epoch FROM tat - clock_timestamp())::double precision
		- $2::integer * $3::double precision AS delay
)
SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now_us,
	EXISTS (SELECT FROM taken) AS granted,
	GREATEST(0, COALESCE((SELECT delay FROM taken),
		extract(epoch FROM GREATEST(
			CASE WHEN holds_now(blocked_at, blocked_until)
				THEN blocked_until END,
			CASE WHEN tat <= clock_timestamp()
					+ make_interval(secs => $5::double precision)
				THEN tat - make_interval(
					secs => $4::double precision) END)
			- clock_timestamp())::double precision)) AS delay
FROM tmdb_budget
WHERE name = $1::text;
