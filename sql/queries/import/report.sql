-- The report of an import.
-- :import bigint, its id; NULL: the member's newest
-- Columns: body. A dry run has no id, and brings the first of its rejected and
-- ambiguous rows along, since nothing of it is kept.
SELECT json_strip_nulls(json_build_object(
	'id', CASE WHEN i.state = 'committed' THEN i.id END,
	'state', i.state,
	'file_name', i.file_name,
	'sha256', i.sha256,
	'size', i.size,
	'started_at', i.started_at,
	'finished_at', i.finished_at,
	'files', (SELECT json_agg(json_build_object('path', f.path,
			'kind', f.kind, 'rows', f.rows, 'new', f.new,
			'changed', f.changed, 'unchanged', f.unchanged,
			'removed', f.removed, 'rejected', f.rejected,
			'ambiguous', f.ambiguous) ORDER BY f.ordinal)
		FROM import_file f
		WHERE f.member_id = i.member_id AND f.import_id = i.id),
	'films', i.films,
	'watches', i.watches,
	'jobs', i.jobs,
	'rows', CASE WHEN i.state = 'dry_run' THEN (SELECT COALESCE(
			json_agg(json_build_object('file', f.path, 'line', r.line,
				'outcome', r.outcome, 'reason', r.reason, 'raw', r.raw)
				ORDER BY r.ordinal), '[]')
		FROM import_row r
		JOIN import_file f ON f.member_id = r.member_id
			AND f.import_id = r.import_id AND f.ordinal = r.file
		WHERE r.member_id = i.member_id AND r.import_id = i.id
			AND r.ordinal <= 200) END
)) AS body
FROM import i
WHERE i.member_id = current_member() AND i.id = COALESCE(:import::bigint,
	(SELECT max(id) FROM import WHERE member_id = current_member()));
