-- The sweep. A job whose daemon has no live lease is ready again, with its
-- attempt given back; one that was rescued too often is given up, as it may be
-- what kills them. A job of our own that we do not hold (the answer to its
-- claim or release was lost) is ready again as well. Stateless, and any daemon
-- does it for all.
-- :rescues integer, the most
-- :epoch bigint, of our lease
-- :films bigint[] and :tokens bigint[], of the jobs that we hold
-- Columns: rescued, recovered, dead bigint.
WITH lost AS MATERIALIZED (
	SELECT j.film_id, j.token >> 24 = :epoch::bigint AS own,
		j.token >> 24 <> :epoch::bigint AND j.rescues >= :rescues::integer AS dead
	FROM enrich_job j
	JOIN film f ON f.id = j.film_id
	WHERE j.token <> 0 AND CASE
		WHEN j.token >> 24 = :epoch::bigint THEN NOT EXISTS (
			SELECT FROM unnest(:films::bigint[], :tokens::bigint[])
				AS held (film_id, token)
			WHERE held.film_id = j.film_id
				AND held.token = j.token)
		ELSE NOT EXISTS (
			SELECT FROM enrich_daemon d
			WHERE d.epoch = j.token >> 24
				AND holds_now(d.renewed_at, d.expires_at))
		END
	ORDER BY j.film_id
	FOR NO KEY UPDATE OF f SKIP LOCKED
	FOR UPDATE OF j SKIP LOCKED
), freed AS (
	UPDATE enrich_job j
	SET token = 0, attempt = j.attempt - 1,
		rescues = j.rescues + (NOT lost.own)::integer
	FROM lost
	WHERE j.film_id = lost.film_id AND NOT lost.dead
), gone AS (
	DELETE FROM enrich_job j
	USING lost
	WHERE j.film_id = lost.film_id AND lost.dead
	RETURNING j.film_id, j.attempt
), buried AS (
	INSERT INTO enrich_dead AS d (film_id, attempt, last_error)
	SELECT film_id, attempt, 'its daemon died with it too often'
	FROM gone ORDER BY film_id
	ON CONFLICT (film_id) DO UPDATE
	SET attempt = excluded.attempt, last_error = excluded.last_error,
		died_at = now()
), shown AS (
	UPDATE film
	SET match_state = 'failed', version = film.version + 1
	FROM gone
	WHERE film.id = gone.film_id AND film.match_state IS NULL
), forgotten AS (
	DELETE FROM enrich_daemon
	WHERE expires_at < clock_timestamp() - interval '1 day'
		OR renewed_at > clock_timestamp() + interval '1 day'
)
SELECT count(*) FILTER (WHERE NOT own AND NOT dead) AS rescued,
	count(*) FILTER (WHERE own) AS recovered,
	count(*) FILTER (WHERE dead) AS dead,
	notify_members(array_agg(film_id) FILTER (WHERE dead))
FROM lost;
