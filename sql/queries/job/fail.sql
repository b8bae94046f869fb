-- Failed attempts: the job waits for its next one, or is given up after the
-- last. An attempt that is not the job's fault is given back. A film that had
-- an answer before keeps it.
-- An array a column, an element a job:
--   :films bigint[], their ids
--   :tokens bigint[]
--   :errors text[]
--   :delays double precision[], seconds; NULL: not to be tried again
--   :excused boolean[], is the attempt given back?
-- :attempts integer, the most
-- Columns: film_id, dead boolean; sorted by film_id.
WITH failed AS MATERIALIZED (
	SELECT j.film_id, j.attempt, left(r.error, 500) AS error, r.delay,
		r.excused, r.delay IS NULL
			OR j.attempt >= :attempts::integer AND NOT r.excused AS dead
	FROM unnest(:films::bigint[], :tokens::bigint[], :errors::text[],
			:delays::double precision[], :excused::boolean[])
		AS r (film_id, token, error, delay, excused)
	JOIN enrich_job j ON j.film_id = r.film_id AND j.token = r.token
	ORDER BY j.film_id
	FOR UPDATE OF j
), parked AS (
	UPDATE enrich_job j
	SET token = 0, parked = true, last_error = f.error,
		attempt = j.attempt - f.excused::integer,
		run_at = clock_timestamp() + make_interval(secs => f.delay)
	FROM failed f
	WHERE j.film_id = f.film_id AND NOT f.dead
), gone AS (
	DELETE FROM enrich_job j
	USING failed f
	WHERE j.film_id = f.film_id AND f.dead
), buried AS (
	INSERT INTO enrich_dead AS d (film_id, attempt, last_error)
	SELECT film_id, attempt, error FROM failed WHERE dead ORDER BY film_id
	ON CONFLICT (film_id) DO UPDATE
	SET attempt = excluded.attempt, last_error = excluded.last_error,
		died_at = now()
), shown AS (
	UPDATE film
	SET match_state = 'failed', version = film.version + 1
	FROM failed f
	WHERE film.id = f.film_id AND f.dead AND film.match_state IS NULL
), notified AS MATERIALIZED (
	SELECT notify_members(ARRAY(SELECT film_id FROM failed WHERE dead))
)
SELECT film_id, dead FROM failed CROSS JOIN notified ORDER BY film_id;
