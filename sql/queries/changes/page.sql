-- A page of a list of changes was read: those titles of it that are here and
-- were fetched before the read began are marked. One that is just being stored
-- is new anyway, and not waited for: a store locks titles statement by
-- statement, so not all of them in one order. An episode changes with its
-- series: TMDB has no list of them.
-- After the last page the days are done with. A read that is not ours any more,
-- or has this page already, is left alone. It is given up for now when members
-- wait for something.
-- :kind text, of the titles
-- :epoch bigint, of our lease
-- :page integer, its number
-- :ids bigint[], what is on it
-- :last boolean, is it the last page?
-- Columns: now bigint, titles marked by this page; marked, by the whole read so
-- far; ours boolean, to be gone on with.
WITH mine AS MATERIALIZED (
	SELECT c.kind, c.begun_at, c.to_day,
		c.to_day = (c.begun_at AT TIME ZONE 'UTC')::date AS reached,
		EXISTS (SELECT FROM enrich_job j
			WHERE NOT j.parked
				AND j.tag < first_background_tag()) AS wanted
	FROM tmdb_changes c
	WHERE c.kind = :kind::text AND c.epoch = :epoch::bigint
		AND c.page = :page::integer AND c.begun_at IS NOT NULL
	FOR UPDATE
), listed AS (
	SELECT mine.kind, unnest(:ids::bigint[]) AS tmdb_id FROM mine
	UNION
	SELECT e.kind, e.tmdb_id
	FROM mine
	JOIN episode e ON mine.kind = 'tv' AND e.series_id = ANY (:ids::bigint[])
), changed AS MATERIALIZED (
	SELECT t.kind, t.tmdb_id, mine.begun_at
	FROM mine
	CROSS JOIN listed
	JOIN title t ON t.kind = listed.kind AND t.tmdb_id = listed.tmdb_id
		AND t.fetched_at < mine.begun_at
		AND COALESCE(t.changed_at < mine.begun_at, true)
	ORDER BY t.kind, t.tmdb_id
	FOR NO KEY UPDATE OF t SKIP LOCKED
), marked AS (
	UPDATE title t SET changed_at = changed.begun_at
	FROM changed
	WHERE t.kind = changed.kind AND t.tmdb_id = changed.tmdb_id
	RETURNING 1
)
UPDATE tmdb_changes c
SET page = c.page + 1, failures = 0,
	marked = c.marked + (SELECT count(*) FROM marked),
	from_day = CASE WHEN :last::boolean THEN mine.to_day
		ELSE c.from_day END,
	read_at = CASE WHEN :last::boolean AND mine.reached THEN mine.begun_at
		ELSE c.read_at END,
	begun_at = CASE WHEN NOT :last::boolean THEN c.begun_at END,
	to_day = CASE WHEN NOT :last::boolean THEN c.to_day END,
	epoch = CASE WHEN NOT :last::boolean AND NOT mine.wanted THEN c.epoch END
FROM mine
WHERE c.kind = mine.kind
RETURNING (SELECT count(*) FROM marked) AS now, c.marked,
	c.epoch IS NOT NULL AS ours;
