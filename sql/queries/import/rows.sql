-- Rejected and ambiguous rows of an import, in the order of its files.
-- $1 bigint: import; $2 text: outcome, NULL for both; $3 bigint: rows after
-- this one; $4 int: how many.
-- Columns: body, none when there is no such import.
WITH page AS (
	SELECT r.ordinal, f.path, r.line, r.outcome, r.reason, r.raw
	FROM import_row r
	JOIN import_file f ON f.member_id = r.member_id
		AND f.import_id = r.import_id AND f.ordinal = r.file
	WHERE r.member_id = current_member() AND r.import_id = $1::bigint
		AND ($2::text IS NULL OR r.outcome = $2::text)
		AND r.ordinal > COALESCE($3::bigint, 0)
	ORDER BY r.ordinal
	LIMIT $4::int + 1
), shown AS (
	SELECT * FROM page ORDER BY ordinal LIMIT $4::int
)
SELECT json_build_object(
	'rows', (SELECT COALESCE(json_agg(json_build_object('file', path,
			'line', line, 'outcome', outcome, 'reason', reason,
			'raw', raw) ORDER BY ordinal), '[]') FROM shown),
	'next', CASE WHEN (SELECT count(*) FROM page) > $4::int
		THEN (SELECT max(ordinal) FROM shown) END
) AS body
FROM import
WHERE member_id = current_member() AND id = $1::bigint;
