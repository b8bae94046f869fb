-- Is it time to load the export anew, and does nobody else do it? Then we do.
-- :good double precision, seconds that a load is good for
-- :hold double precision, seconds that the new one is ours without a sign of
-- life
-- Column: load bigint, the number of ours; no row: there is nothing to do.
UPDATE tmdb_export
SET load = load + 1, batch = 0,
	load_until = clock_timestamp()
		+ make_interval(secs => :hold::double precision)
WHERE GREATEST(load_until, not_before,
	loaded_at + make_interval(secs => :good::double precision))
	<= clock_timestamp()
RETURNING load;
