-- Nobody calls for a while; a pause that holds already is not shortened.
-- :name text, of the rate
-- :seconds double precision, from now
UPDATE tmdb_rate
SET blocked_at = clock_timestamp(), blocked_until = GREATEST(
	CASE WHEN holds_now(blocked_at, blocked_until) THEN blocked_until END,
	clock_timestamp() + make_interval(secs => :seconds::double precision))
WHERE name = :name::text;
