-- Nobody calls for a while; a pause that holds already is not shortened.
-- $1 name text, $2 seconds double precision
UPDATE tmdb_rate
SET blocked_at = clock_timestamp(), blocked_until = GREATEST(
	CASE WHEN holds_now(blocked_at, blocked_until) THEN blocked_until END,
	clock_timestamp() + make_interval(secs => $2::double precision))
WHERE name = $1::text;
