-- A load has failed: what is in force stays so, and it is tried again later.
-- $1 our load bigint, $2 seconds until then double precision
UPDATE tmdb_export
SET load_until = '-infinity', not_before = clock_timestamp()
	+ make_interval(secs => $2::double precision)
WHERE load = $1::bigint AND load_until > '-infinity';
