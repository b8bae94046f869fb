-- Takes the next slots of the rate that all daemons share (GCRA): nothing is
-- saved up while nobody calls, and nobody books further ahead than $4.
-- $1 name text, $2 slots integer, $3 seconds between slots double precision,
-- $4 how far ahead slots are given out in seconds double precision
-- Columns: granted boolean; delay double precision, seconds from now to the
-- first of the slots or, when none were granted, until asking makes sense.
WITH taken AS (
	UPDATE tmdb_budget
	SET tat = GREATEST(tat, clock_timestamp())
		+ make_interval(secs => $2::integer * $3::double precision)
	WHERE name = $1::text
		AND blocked_until <= clock_timestamp()
		AND tat < clock_timestamp()
			+ make_interval(secs => $4::double precision)
	RETURNING extract(epoch FROM tat - clock_timestamp())::double precision
		- $2::integer * $3::double precision AS delay
)
SELECT EXISTS (SELECT FROM taken) AS granted,
	GREATEST(0, COALESCE((SELECT delay FROM taken),
		extract(epoch FROM GREATEST(blocked_until,
			tat - make_interval(secs => $4::double precision))
			- clock_timestamp())::double precision)) AS delay
FROM tmdb_budget
WHERE name = $1::text;
