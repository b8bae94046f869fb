-- Studios that no title has named for TMDB's term, and a day for what seen_at
-- may lag. After title/expire, like person/expire.
-- :most integer, studios at once
-- Column: studios bigint
WITH old AS MATERIALIZED (
	SELECT id
	FROM studio
	WHERE seen_at < now() - tmdb_term() - interval '1 day'
		AND NOT EXISTS (SELECT FROM title t
			WHERE t.fetched_at < now() - tmdb_term()
				AND t.name <> '')
	LIMIT :most::integer
	FOR UPDATE SKIP LOCKED
), gone AS (
	DELETE FROM studio s USING old WHERE s.id = old.id
)
SELECT count(*) AS studios FROM old;
