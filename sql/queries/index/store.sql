-- Stores the next batch of a load. Doing it again changes nothing.
-- $1 our load bigint, $2 number of the batch integer, from 1 on, $3 seconds
-- that the load is ours from now on double precision, $4 ids bigint[],
-- $5 names text[], $6 popularities real[]
-- Column: held boolean; false: the load is not ours any more.
WITH mine AS (
	UPDATE tmdb_export
	SET batch = $2::integer, load_until = clock_timestamp()
		+ make_interval(secs => $3::double precision)
	WHERE load = $1::bigint AND batch = $2::integer - 1
	RETURNING CASE slot WHEN 1 THEN 2 ELSE 1 END AS slot
), added AS (
	INSERT INTO tmdb_index (slot, tmdb_id, name, popularity)
	SELECT mine.slot, r.tmdb_id, r.name, r.popularity
	FROM mine
	CROSS JOIN unnest($4::bigint[], $5::text[], $6::real[])
		AS r (tmdb_id, name, popularity)
)
SELECT EXISTS (SELECT FROM tmdb_export WHERE load = $1::bigint) AS held;
