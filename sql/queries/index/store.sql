-- Stores the next batch of a load. Doing it again changes nothing.
-- :load bigint, ours
-- :batch integer, its number, from 1 on
-- :hold double precision, seconds that the load is ours from now on
-- An array a column, an element a film:
-- :ids bigint[]
-- :names text[]
-- :popularities real[]
-- Column: held boolean; false: the load is not ours any more.
WITH mine AS (
	UPDATE tmdb_export
	SET batch = :batch::integer, load_until = clock_timestamp()
		+ make_interval(secs => :hold::double precision)
	WHERE load = :load::bigint AND batch = :batch::integer - 1
	RETURNING CASE slot WHEN 1 THEN 2 ELSE 1 END AS slot
), added AS (
	INSERT INTO tmdb_index (slot, tmdb_id, name, popularity)
	SELECT mine.slot, r.tmdb_id, r.name, r.popularity
	FROM mine
	CROSS JOIN unnest(:ids::bigint[], :names::text[], :popularities::real[])
		AS r (tmdb_id, name, popularity)
)
SELECT EXISTS (SELECT FROM tmdb_export WHERE load = :load::bigint) AS held;
