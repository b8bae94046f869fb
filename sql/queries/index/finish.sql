-- All of the export is stored: it is in force from now on. Doing it again
-- changes nothing.
-- :load bigint, ours
-- :day date, of the export
-- Column: held boolean; false: the load was not ours any more.
WITH done AS (
	UPDATE tmdb_export
	SET slot = CASE slot WHEN 1 THEN 2 ELSE 1 END, export_on = :day::date,
		loaded_at = clock_timestamp(), load_until = '-infinity',
		not_before = '-infinity'
	WHERE load = :load::bigint AND load_until > '-infinity'
)
SELECT EXISTS (SELECT FROM tmdb_export WHERE load = :load::bigint) AS held;
