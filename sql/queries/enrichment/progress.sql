-- How far the current member's films are looked up in TMDB.
-- Columns: body.
--
-- Counted are films of the library and of lists that were asked for: with a
-- final answer or a job. A matched film whose data is only being refreshed is
-- matched. Doubtful are matched films, too: those of less than high confidence
-- that the member has not chosen. The rate behind eta_seconds is that of this
-- member's films in the last minute; NULL while there is none.
WITH own AS (
	SELECT film_id FROM library_entry WHERE member_id = current_member()
	UNION
	SELECT film_id FROM list_item WHERE member_id = current_member()
),
film_state AS (
	SELECT f.matched_at,
		f.confidence <> 'high' AND NOT f.chosen AS doubtful, CASE
		WHEN f.match_state IS DISTINCT FROM 'matched'
			AND j.film_id IS NOT NULL THEN 'pending'
		ELSE f.match_state END AS state
	FROM own
	JOIN member_film f ON f.id = own.film_id
	LEFT JOIN enrich_job j ON j.film_id = f.asked_id
),
counted AS (
	SELECT count(state) AS films,
		count(*) FILTER (WHERE state = 'matched') AS matched,
		count(*) FILTER (WHERE state = 'matched' AND doubtful) AS doubtful,
		count(*) FILTER (WHERE state = 'not_found') AS not_found,
		count(*) FILTER (WHERE state = 'ambiguous') AS ambiguous,
		count(*) FILTER (WHERE state = 'failed') AS failed,
		count(*) FILTER (WHERE state = 'pending') AS pending,
		count(*) FILTER (WHERE state IS NULL) AS not_asked,
		count(*) FILTER (WHERE matched_at > recent.since
			AND matched_at <= now()) AS done,
		extract(epoch FROM now() - min(matched_at)
			FILTER (WHERE matched_at > recent.since
				AND matched_at <= now())) AS seconds
	FROM film_state, (SELECT now() - interval '1 minute' AS since) recent
)
SELECT json_build_object(
	'films', c.films, 'matched', c.matched, 'doubtful', c.doubtful,
	'not_found', c.not_found, 'ambiguous', c.ambiguous,
	'failed', c.failed, 'pending', c.pending, 'not_asked', c.not_asked,
	'percent', CASE WHEN c.films = 0 THEN 100
		ELSE floor(1000.0 * (c.films - c.pending) / c.films)::float8 / 10
		END,
	'calls', b.calls,
	'eta_seconds', CASE WHEN c.pending = 0 THEN 0
		WHEN c.done > 1 THEN ceil(c.pending * c.seconds / c.done) END,
	'paused_until', CASE WHEN holds_now(b.blocked_at, b.blocked_until) THEN
		to_char(b.blocked_until AT TIME ZONE 'UTC',
			'YYYY-MM-DD"T"HH24:MI:SS"Z"') END) AS body
FROM counted c
LEFT JOIN tmdb_rate b ON b.name = 'tmdb';
