-- Nobody calls for a while.
-- $1 name text, $2 seconds double precision
UPDATE tmdb_budget
SET blocked_until = GREATEST(blocked_until,
	clock_timestamp() + make_interval(secs => $2::double precision))
WHERE name = $1::text;
