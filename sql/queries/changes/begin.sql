-- Takes the next list of changes that is to be read, if there is one and no
-- member waits for anything: one that was not read to its end, or whose last
-- read is long enough ago. What a daemon without a live lease reads is free. A
-- read covers two days at most, since TMDB gives no more than 500 pages; after
-- a pause one follows the other, from at most 13 days ago (TMDB takes 14 days
-- in one range). One that covers other days than the read left behind begins
-- anew.
-- :epoch bigint, of our lease
-- :every double precision, seconds between reads
-- Columns: kind; from_day, to_day as TMDB writes dates; page, the next one;
-- failures.
WITH due AS MATERIALIZED (
	SELECT c.kind, day.first, day.last, c.from_day = day.first
		AND c.to_day IS NOT DISTINCT FROM day.last AS same
	FROM tmdb_changes c
	CROSS JOIN LATERAL (SELECT first, LEAST(first + 1, today) AS last
		FROM (SELECT (now() AT TIME ZONE 'UTC')::date AS today) utc
		CROSS JOIN LATERAL LEAST(utc.today,
			GREATEST(c.from_day, utc.today - 13)) AS first) day
	WHERE (c.begun_at IS NOT NULL OR c.read_at
			<= now() - make_interval(secs => :every::double precision))
		AND (c.retry_at IS NULL OR c.retry_at <= now())
		AND NOT EXISTS (SELECT FROM enrich_daemon d
			WHERE d.epoch = c.epoch AND d.epoch <> :epoch::bigint
				AND holds_now(d.renewed_at, d.expires_at))
		AND NOT EXISTS (SELECT FROM enrich_job j
			WHERE NOT j.parked AND j.tag < first_background_tag())
	ORDER BY c.read_at, c.kind
	LIMIT 1
	FOR UPDATE OF c SKIP LOCKED
)
UPDATE tmdb_changes c
SET epoch = :epoch::bigint, retry_at = NULL, from_day = due.first,
	to_day = due.last,
	begun_at = CASE WHEN same THEN c.begun_at ELSE now() END,
	page = CASE WHEN same THEN c.page ELSE 1 END,
	marked = CASE WHEN same THEN c.marked ELSE 0 END
FROM due
WHERE c.kind = due.kind
RETURNING c.kind, to_char(c.from_day, 'YYYY-MM-DD') AS from_day,
	to_char(c.to_day, 'YYYY-MM-DD') AS to_day, c.page, c.failures;
