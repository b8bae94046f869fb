-- Candidates of films whose matching is as old as TMDB allows: they are titles
-- of TMDB's too.
-- :most integer, films at once
-- Column: films bigint
WITH old AS MATERIALIZED (
	SELECT id
	FROM film
	WHERE candidates <> '[]' AND matched_at < now() - tmdb_term()
	ORDER BY matched_at
	LIMIT :most::integer
	FOR NO KEY UPDATE SKIP LOCKED
), cleared AS (
	UPDATE film f SET candidates = '[]' FROM old WHERE f.id = old.id
)
SELECT count(*) AS films FROM old;
