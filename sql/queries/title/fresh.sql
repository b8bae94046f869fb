-- Which of these titles are here, whether they were fetched lately enough and
-- are not known to have changed since (but one of the last day always will do),
-- and by what TMDB knows those that were not.
-- $1 kinds text[], $2 ids bigint[], $3 seconds double precision
-- Columns: kind, tmdb_id, fresh boolean, etag.
SELECT t.kind, t.tmdb_id, t.etag, t.fetched_at > clock_timestamp()
		- make_interval(secs => $3::double precision)
	AND (t.changed_at > t.fetched_at AND t.fetched_at
		<= clock_timestamp() - interval '1 day') IS NOT TRUE AS fresh
FROM unnest($1::text[], $2::bigint[]) AS wanted (kind, tmdb_id)
JOIN title t ON t.kind = wanted.kind AND t.tmdb_id = wanted.tmdb_id;
