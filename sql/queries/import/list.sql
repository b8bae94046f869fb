-- The member's imports, newest first.
-- :after bigint, the last import of the page before; NULL: the first page
-- :limit int, imports a page
-- Columns: body.
WITH page AS (
	SELECT id, state, file_name, size, finished_at, films, watches, jobs,
		undone_at, undoable
	FROM import
	WHERE member_id = current_member()
		AND (:after::bigint IS NULL OR id < :after::bigint)
	ORDER BY id DESC
	LIMIT :limit::int + 1
), shown AS (
	SELECT * FROM page ORDER BY id DESC LIMIT :limit::int
)
SELECT json_build_object(
	'imports', (SELECT COALESCE(json_agg(shown ORDER BY id DESC), '[]')
		FROM shown),
	'next', CASE WHEN (SELECT count(*) FROM page) > :limit::int
		THEN (SELECT min(id) FROM shown) END
) AS body;
