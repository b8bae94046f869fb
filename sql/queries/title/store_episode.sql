-- Where the episodes among the titles just stored are.
-- $1 film ids bigint[] and $2 tokens bigint[] of the jobs; then $3 kinds text[]
-- and $4 ids bigint[] of their titles, $5 series bigint[], $6 seasons bigint[],
-- $7 numbers bigint[]
INSERT INTO episode (tmdb_id, series_id, season, number)
SELECT DISTINCT ON (r.tmdb_id) r.tmdb_id, r.series_id, r.season, r.number
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[],
		$5::bigint[], $6::bigint[], $7::bigint[])
	AS r (film_id, token, kind, tmdb_id, series_id, season, number)
JOIN enrich_job j ON j.film_id = r.film_id AND j.token = r.token
WHERE r.kind = 'tv_episode'
ORDER BY r.tmdb_id
ON CONFLICT (tmdb_id) DO UPDATE
SET series_id = excluded.series_id, season = excluded.season,
	number = excluded.number;
