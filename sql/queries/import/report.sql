-- The report of an import.
-- :import bigint, its id; NULL: the member's newest
-- Columns: body. `reasons` has each cause of a rejected or ambiguous row once, by
-- its first row and how many have it: causes that differ in a number or in what
-- they quote alone are one. `rows_not_kept` are those that import/rows does not
-- have. A dry run has no id, and brings the first of its
-- rejected and ambiguous rows and of its films along, since nothing of it is
-- kept.
SELECT json_strip_nulls(json_build_object(
	'id', CASE WHEN i.state = 'committed' THEN i.id END,
	'state', i.state,
	'file_name', i.file_name,
	'sha256', i.sha256,
	'size', i.size,
	'account', i.account,
	'warnings', i.warnings,
	'undone_at', i.undone_at,
	'undoable', i.undoable AND i.state = 'committed',
	'started_at', i.started_at,
	'finished_at', i.finished_at,
	'files', (SELECT json_agg(json_build_object('path', f.path,
			'kind', f.kind, 'reason', f.reason, 'rows', f.rows, 'new', f.new,
			'changed', f.changed, 'unchanged', f.unchanged,
			'removed', f.removed, 'rejected', f.rejected,
			'ambiguous', f.ambiguous) ORDER BY f.ordinal)
		FROM import_file f
		WHERE f.member_id = i.member_id AND f.import_id = i.id),
	'films', i.films,
	'watches', i.watches,
	'jobs', i.jobs,
	'changes', (SELECT json_build_object(
			'came', count(*) FILTER (WHERE c.change = 'came'),
			'changed', count(*) FILTER (WHERE c.change = 'changed'),
			'gone', count(*) FILTER (WHERE c.change = 'gone'))
		FROM import_change c
		WHERE c.member_id = i.member_id AND c.import_id = i.id),
	'reasons', (SELECT COALESCE(json_agg(json_build_object('file', f.path,
			'outcome', c.outcome, 'reason', c.reason, 'rows', c.rows,
			'line', c.line) ORDER BY c.ordinal), '[]')
		FROM import_cause c
		JOIN import_file f ON f.member_id = c.member_id
			AND f.import_id = c.import_id AND f.ordinal = c.file
		WHERE c.member_id = i.member_id AND c.import_id = i.id),
	'rows_not_kept', (SELECT sum(f.rejected + f.ambiguous) FROM import_file f
			WHERE f.member_id = i.member_id AND f.import_id = i.id)
		- (SELECT count(*) FROM import_row r
			WHERE r.member_id = i.member_id AND r.import_id = i.id),
	'changed_films', CASE WHEN i.state = 'dry_run' THEN (SELECT COALESCE(
			json_agg(json_build_object('id', f.id, 'title', f.title,
				'year', f.year, 'change', f.change,
				'what', f.what)
				ORDER BY f.title COLLATE "C", f.id), '[]')
		FROM (SELECT f.id, f.title, f.year, c.change, c.what
			FROM import_change c
			JOIN film f ON f.id = c.film_id
			WHERE c.member_id = i.member_id AND c.import_id = i.id
			ORDER BY array_position(ARRAY['gone', 'changed',
				'came'], c.change), f.title COLLATE "C", f.id
			LIMIT 200) f) END,
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
