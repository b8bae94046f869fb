-- The member's imports, newest first.
-- $1 bigint: imports before this one; $2 int: how many.
-- Columns: body.
WITH page AS (
	SELECT id, state, file_name, size, finished_at, films, watches, jobs
	FROM import
	WHERE member_id = current_member() AND ($1::bigint IS NULL OR id < $1::bigint)
	ORDER BY id DESC
	LIMIT $2::int + 1
), shown AS (
	SELECT * FROM page ORDER BY id DESC LIMIT $2::int
)
SELECT json_build_object(
	'imports', (SELECT COALESCE(json_agg(shown ORDER BY id DESC), '[]')
		FROM shown),
	'next', CASE WHEN (SELECT count(*) FROM page) > $2::int
		THEN (SELECT min(id) FROM shown) END
) AS body;
