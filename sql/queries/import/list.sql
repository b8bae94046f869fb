-- The member's imports, newest first.
-- :after bigint, the last import of the page before; NULL: the first page
-- :limit int, imports a page
-- Columns: body.
WITH page AS (
	SELECT i.id, i.state, i.file_name, i.size, i.finished_at, i.films,
		i.watches, i.jobs, i.undone_at, i.undone_at IS NULL
			AND EXISTS (SELECT FROM import_undo u
				WHERE u.member_id = i.member_id
				AND u.import_id = i.id) AS undoable
	FROM import i
	WHERE i.member_id = current_member()
		AND (:after::bigint IS NULL OR i.id < :after::bigint)
	ORDER BY i.id DESC
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
