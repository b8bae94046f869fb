-- Titles that TMDB says have not changed: they are as good as just fetched.
-- Nothing has changed for statistics, unless they were too old to be shown.
-- $1 film ids bigint[] and $2 tokens bigint[] of the jobs, $3 kinds text[],
-- $4 ids bigint[] and $5 etags text[] of their titles
WITH old AS MATERIALIZED (
	SELECT t.kind, t.tmdb_id, served.kind IS NULL AS hidden
	FROM (SELECT DISTINCT r.kind, r.tmdb_id, r.etag
		FROM unnest($1::bigint[], $2::bigint[], $3::text[],
				$4::bigint[], $5::text[])
			AS r (film_id, token, kind, tmdb_id, etag)
		JOIN enrich_job j ON j.film_id = r.film_id
			AND j.token = r.token) same
	JOIN title t ON t.kind = same.kind AND t.tmdb_id = same.tmdb_id
		AND t.etag = same.etag
	LEFT JOIN served_title served ON served.kind = t.kind
		AND served.tmdb_id = t.tmdb_id
	ORDER BY t.kind, t.tmdb_id
	FOR NO KEY UPDATE OF t
), renewed AS (
	UPDATE title t SET fetched_at = now()
	FROM old
	WHERE t.kind = old.kind AND t.tmdb_id = old.tmdb_id
)
UPDATE film f SET version = nextval('film_version')
FROM old
WHERE old.hidden AND f.kind = old.kind AND f.tmdb_id = old.tmdb_id;
