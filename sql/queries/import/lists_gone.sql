-- Lists the member no longer has, and their items: reported as files without rows.
-- :all_lists boolean, the upload holds all lists
WITH gone AS (
	DELETE FROM list l
	WHERE :all_lists::boolean AND l.member_id = current_member()
		AND NOT EXISTS (SELECT FROM import_part p WHERE p.slug = l.slug)
	RETURNING id, slug
), gone_items AS (
	DELETE FROM list_item
	WHERE member_id = current_member() AND list_id IN (SELECT id FROM gone)
	RETURNING list_id
), item AS (
	SELECT list_id, count(*) AS removed FROM gone_items GROUP BY list_id
)
INSERT INTO import_part (file, path, kind, rows, removed, touched)
SELECT (SELECT max(file) FROM import_part) + row_number() OVER (ORDER BY slug),
	'lists/' || slug || '.csv', 'list', 0, COALESCE(removed, 0), true
FROM gone
LEFT JOIN item ON list_id = id;
