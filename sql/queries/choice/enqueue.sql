-- The job for the title chosen, unless it is here and may be shown. Somebody
-- waits for this one film, so it goes to the front (fair_choice). A job that was
-- given up is asked again; one that a daemon holds, or that waits after a
-- failure, is left alone. The film is locked before its job, like everywhere.
-- :film bigint, its id
WITH wanted AS MATERIALIZED (
	SELECT lock_films(ARRAY[f.id]) AS id
	FROM film_choice c
	JOIN film f ON f.id = c.target_film_id
	LEFT JOIN served_title t ON t.kind = f.kind AND t.tmdb_id = f.tmdb_id
	WHERE c.member_id = current_member() AND c.film_id = :film::bigint
		AND t.tmdb_id IS NULL
), queued AS MATERIALIZED (
	SELECT id, fair_choice(id) FROM wanted
), forgiven AS (
	DELETE FROM enrich_dead d USING wanted w WHERE d.film_id = w.id
)
SELECT pg_notify('enrich_job', '') FROM queued;
