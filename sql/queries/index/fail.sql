-- A load has failed: what is in force stays so, and it is tried again later.
-- :load bigint, ours
-- :retry double precision, seconds until then
UPDATE tmdb_export
SET load_until = '-infinity', not_before = clock_timestamp()
	+ make_interval(secs => :retry::double precision)
WHERE load = :load::bigint AND load_until > '-infinity';
