-- People whom no title has named for TMDB's term, and a day for what
-- seen_at may lag. After title/expire, and not before that is done with all: a
-- title that still has its people may be renewed at any moment.
-- :most integer, people at once
-- Column: people bigint
WITH old AS MATERIALIZED (
	SELECT id
	FROM person
	WHERE seen_at < now() - tmdb_term() - interval '1 day'
		AND NOT EXISTS (SELECT FROM title t
			WHERE t.fetched_at < now() - tmdb_term()
				AND t.name <> '')
	LIMIT :most::integer
	FOR UPDATE SKIP LOCKED
), gone AS (
	DELETE FROM person p USING old WHERE p.id = old.id
)
SELECT count(*) AS people FROM old;
