-- The job for the title chosen, unless it is here and fresh. Somebody waits for
-- this one film, so it goes to the front (fair_choice). A job that was given up
-- is asked again; one that a daemon holds, or that waits after a failure, is
-- left alone. The film is locked before its job, like everywhere.
-- $1 bigint film
WITH wanted AS MATERIALIZED (
	SELECT f.id
	FROM film_choice c
	JOIN film f ON f.id = c.target_film_id
	LEFT JOIN title t ON t.kind = f.kind AND t.tmdb_id = f.tmdb_id
	WHERE c.member_id = current_member() AND c.film_id = $1::bigint
		AND (t.fetched_at > now() - interval '150 days') IS NOT TRUE
	FOR NO KEY UPDATE OF f
), queued AS MATERIALIZED (
	SELECT id, fair_choice(id) FROM wanted
), forgiven AS (
	DELETE FROM enrich_dead d USING wanted w WHERE d.film_id = w.id
)
SELECT pg_notify('enrich_job', '') FROM queued;
