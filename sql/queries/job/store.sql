-- The verdicts of finished jobs, and the end of these jobs. Last statement of
-- the store: a job whose token is another one by now is left out. To be told
-- the match that a film has ("known") changes nothing of it.
-- An array a column, an element a job:
--   :films bigint[], their ids
--   :tokens bigint[]
--   :states text[], of the match
--   :kinds text[], of the title
--   :ids bigint[], of the title
--   :methods text[]
--   :confidences text[]
--   :scores double precision[]
--   :candidates text[], each a JSON array
-- Column: film_id of what was stored, sorted.
WITH done AS (
	DELETE FROM enrich_job j
	USING unnest(:films::bigint[], :tokens::bigint[]) AS r (film_id, token)
	WHERE j.film_id = r.film_id AND j.token = r.token
	RETURNING j.film_id
), forgiven AS (
	DELETE FROM enrich_dead d USING done WHERE d.film_id = done.film_id
), answered AS (
	UPDATE film f
	SET match_state = r.state, kind = r.kind, tmdb_id = r.tmdb_id,
		match_method = r.method, confidence = r.confidence,
		match_score = r.score, candidates = r.candidates::jsonb,
		matched_at = now(), version = f.version
			+ ((f.match_state, f.kind, f.tmdb_id)
			IS DISTINCT FROM (r.state, r.kind, r.tmdb_id))::integer,
		misses = CASE r.state WHEN 'not_found'
			THEN LEAST(f.misses + 1, 3) ELSE 0 END,
		next_try_at = now() + CASE r.state
			WHEN 'not_found' THEN CASE f.misses
				WHEN 0 THEN interval '7 days'
				WHEN 1 THEN interval '30 days'
				ELSE interval '90 days' END
			WHEN 'ambiguous' THEN interval '30 days' END
	FROM unnest(:films::bigint[], :states::text[], :kinds::text[],
			:ids::bigint[], :methods::text[], :confidences::text[],
			:scores::double precision[], :candidates::text[])
		AS r (film_id, state, kind, tmdb_id, method, confidence, score,
			candidates)
	JOIN done ON done.film_id = r.film_id
	WHERE f.id = r.film_id AND (r.method, r.kind, r.tmdb_id)
		IS DISTINCT FROM ('known', f.kind, f.tmdb_id)
), notified AS MATERIALIZED (
	-- Once, and not once a row.
	SELECT notify_members(ARRAY(SELECT film_id FROM done))
)
SELECT film_id FROM done CROSS JOIN notified ORDER BY film_id;
