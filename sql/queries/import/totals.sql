-- What an import came to, for the operator.
-- :import bigint, its id; NULL: the member's newest
-- Columns: import, file_name, bytes; rows, new, changed, unchanged, removed,
-- rejected, of all its files; films in the library afterwards; gone, films that
-- left it.
SELECT i.id AS import, i.file_name, i.size AS bytes, f.*, i.films,
	(SELECT count(*) FROM import_change c
		WHERE c.member_id = i.member_id AND c.import_id = i.id
			AND c.change = 'gone') AS gone
FROM import i
CROSS JOIN LATERAL (
	SELECT COALESCE(sum(rows), 0) AS rows, COALESCE(sum(new), 0) AS new,
		COALESCE(sum(changed), 0) AS changed,
		COALESCE(sum(unchanged), 0) AS unchanged,
		COALESCE(sum(removed), 0) AS removed,
		COALESCE(sum(rejected), 0) AS rejected
	FROM import_file
	WHERE member_id = i.member_id AND import_id = i.id) f
WHERE i.member_id = current_member() AND i.id = COALESCE(:import::bigint,
	(SELECT max(id) FROM import WHERE member_id = current_member()));
