-- Which of these titles are here and were fetched lately enough.
-- $1 kinds text[], $2 ids bigint[], $3 seconds double precision
-- Columns: kind, tmdb_id.
SELECT t.kind, t.tmdb_id
FROM unnest($1::text[], $2::bigint[]) AS wanted (kind, tmdb_id)
JOIN title t ON t.kind = wanted.kind AND t.tmdb_id = wanted.tmdb_id
WHERE t.fetched_at > clock_timestamp()
	- make_interval(secs => $3::double precision);
