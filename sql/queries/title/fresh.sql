-- Which of these titles are here, whether they were fetched lately enough and
-- are not known to have changed since (but one of the last day always will do),
-- and by what TMDB knows those that were not.
-- :kinds text[] and :ids bigint[], of the titles
-- :seconds double precision, that a title is fresh
-- Columns: kind, tmdb_id, fresh boolean, etag.
SELECT t.kind, t.tmdb_id, t.etag, t.fetched_at > clock_timestamp()
		- make_interval(secs => :seconds::double precision)
	AND (t.changed_at > t.fetched_at AND t.fetched_at
		<= clock_timestamp() - interval '1 day') IS NOT TRUE AS fresh
FROM unnest(:kinds::text[], :ids::bigint[]) AS wanted (kind, tmdb_id)
JOIN title t ON t.kind = wanted.kind AND t.tmdb_id = wanted.tmdb_id;
