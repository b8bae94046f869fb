-- Where the episodes among the titles just stored are.
-- :films bigint[] and :tokens bigint[], of the jobs
-- :kinds text[] and :ids bigint[], of their titles
-- :series bigint[], :seasons bigint[] and :numbers bigint[], the places
INSERT INTO episode (tmdb_id, series_id, season, number)
SELECT DISTINCT ON (r.tmdb_id) r.tmdb_id, r.series_id, r.season, r.number
FROM unnest(:films::bigint[], :tokens::bigint[], :kinds::text[],
	:ids::bigint[], :series::bigint[], :seasons::bigint[], :numbers::bigint[])
	AS r (film_id, token, kind, tmdb_id, series_id, season, number)
JOIN enrich_job j ON j.film_id = r.film_id AND j.token = r.token
WHERE r.kind = 'tv_episode'
ORDER BY r.tmdb_id
ON CONFLICT (tmdb_id) DO UPDATE
SET series_id = excluded.series_id, season = excluded.season,
	number = excluded.number;
