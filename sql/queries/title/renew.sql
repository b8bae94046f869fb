-- Titles that TMDB says have not changed: they, their people and their studios
-- are as good as just fetched. One whose people or studios another store has
-- locked is left as it was, to be asked for again: to wait for them could be a
-- deadlock.
-- Nothing has changed for statistics, unless they were too old to be shown.
-- :films bigint[] and :tokens bigint[], of the jobs
-- :kinds text[], :ids bigint[] and :etags text[], of their titles
WITH old AS MATERIALIZED (
	SELECT t.kind, t.tmdb_id, served.kind IS NULL AS hidden,
		t.cast_ids || t.crew_ids AS people, t.studio_ids
	FROM (SELECT DISTINCT r.kind, r.tmdb_id, r.etag
		FROM unnest(:films::bigint[], :tokens::bigint[], :kinds::text[],
				:ids::bigint[], :etags::text[])
			AS r (film_id, token, kind, tmdb_id, etag)
		JOIN enrich_job j ON j.film_id = r.film_id
			AND j.token = r.token) same
	JOIN title t ON t.kind = same.kind AND t.tmdb_id = same.tmdb_id
		AND t.etag = same.etag
	LEFT JOIN served_title served ON served.kind = t.kind
		AND served.tmdb_id = t.tmdb_id
	ORDER BY t.kind, t.tmdb_id
	FOR NO KEY UPDATE OF t
), unseen AS MATERIALIZED (
	SELECT p.id
	FROM person p
	WHERE p.id IN (SELECT unnest(people) FROM old)
		AND p.seen_at < now() - interval '1 day'
), locked AS MATERIALIZED (
	SELECT p.id
	FROM person p
	WHERE p.id IN (SELECT id FROM unseen)
	FOR NO KEY UPDATE SKIP LOCKED
), seen AS (
	UPDATE person p SET seen_at = now() FROM locked
	WHERE p.id = locked.id
), unseen_studio AS MATERIALIZED (
	SELECT s.id
	FROM studio s
	WHERE s.id IN (SELECT unnest(studio_ids) FROM old)
		AND s.seen_at < now() - interval '1 day'
), locked_studio AS MATERIALIZED (
	SELECT s.id
	FROM studio s
	WHERE s.id IN (SELECT id FROM unseen_studio)
	FOR NO KEY UPDATE SKIP LOCKED
), seen_studio AS (
	UPDATE studio s SET seen_at = now() FROM locked_studio
	WHERE s.id = locked_studio.id
), renewed AS (
	UPDATE title t
	SET fetched_at = now(), version = t.version + old.hidden::integer
	FROM old
	WHERE t.kind = old.kind AND t.tmdb_id = old.tmdb_id
		AND NOT old.people && ARRAY(SELECT id FROM unseen
			EXCEPT SELECT id FROM locked)
		AND NOT old.studio_ids && ARRAY(SELECT id FROM unseen_studio
			EXCEPT SELECT id FROM locked_studio)
	RETURNING t.kind, t.tmdb_id, old.hidden
)
SELECT notify_members(ARRAY(SELECT f.id FROM renewed r
	JOIN film f ON f.kind = r.kind AND f.tmdb_id = r.tmdb_id
	WHERE r.hidden));
