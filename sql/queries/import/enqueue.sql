-- Makes the jobs: one for each film to ask about that has no answer of TMDB, no
-- live job and none that was given up. Their order is the member's, their tags
-- are fair_enqueue's. A member has pending_max() at most: what is beyond is asked
-- for by a later import.
WITH pending AS MATERIALIZED (
	SELECT count(*) AS jobs
	FROM library_entry e
	JOIN enrich_job j USING (film_id)
	WHERE e.member_id = current_member()
), wanted AS MATERIALIZED (
	SELECT i.film_id, i.since, j.film_id IS NULL AS new,
		count(*) FILTER (WHERE j.film_id IS NULL)
			OVER (ORDER BY i.since, i.film_id) AS number
	FROM import_job i
	JOIN film f ON f.id = i.film_id
	LEFT JOIN enrich_job j ON j.film_id = i.film_id
	WHERE f.match_state IS NULL
		AND NOT EXISTS (SELECT FROM enrich_dead d
			WHERE d.film_id = i.film_id)
), queued AS MATERIALIZED (
	SELECT added, moved FROM fair_enqueue(ARRAY(
		SELECT film_id FROM wanted
		WHERE NOT new OR number <= pending_max()
			- (SELECT jobs FROM pending)
		ORDER BY since, film_id))
), counted AS (
	UPDATE import SET jobs = queued.added
	FROM queued
	WHERE member_id = current_member() AND id = current_import()
		AND queued.added > 0
)
SELECT pg_notify('enrich_job', '') FROM queued WHERE added + moved > 0;
