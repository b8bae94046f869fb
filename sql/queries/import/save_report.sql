-- Keeps the report: the import, its files with every row accounted for, and the
-- rejected and ambiguous lines. Files that are only counted have all their rows
-- unchanged. A library that changed gets a new version.
-- :file_name text
-- :sha256 bytea, of the upload
-- :size bigint, its bytes
-- :seconds float8, from its arrival to this transaction
-- :state text, committed or dry_run
WITH made AS (
	INSERT INTO import (member_id, file_name, sha256, size, state, started_at,
		films, watches)
	SELECT current_member(), :file_name::text, encode(:sha256::bytea, 'hex'),
	:size::bigint,
		:state::text,
		now() - make_interval(secs => :seconds::float8),
		(SELECT count(*) FROM library_entry e
			WHERE e.member_id = current_member()
			AND (e.marked_on IS NOT NULL OR e.rating IS NOT NULL
				OR EXISTS (SELECT FROM watch w
				WHERE w.member_id = current_member()
				AND w.film_id = e.film_id))),
		(SELECT count(*) FROM watch WHERE member_id = current_member())
	RETURNING member_id, id
), tally AS (
	SELECT file, count(*) FILTER (WHERE verdict = 'new') AS new,
		count(*) FILTER (WHERE verdict = 'changed') AS changed,
		count(*) FILTER (WHERE verdict = 'unchanged') AS unchanged,
		count(*) FILTER (WHERE outcome = 'rejected') AS rejected,
		count(*) FILTER (WHERE outcome = 'ambiguous') AS ambiguous
	FROM import_line
	WHERE kind <> 'stored'
	GROUP BY file
), file AS (
	INSERT INTO import_file (member_id, import_id, ordinal, path, kind, rows,
		new, changed, unchanged, removed, rejected, ambiguous)
	SELECT made.member_id, made.id, p.file, p.path, p.kind, p.rows,
		COALESCE(t.new, 0), COALESCE(t.changed, 0),
		CASE WHEN p.kind = 'counted' THEN p.rows
			ELSE COALESCE(t.unchanged, 0) END,
		p.removed, COALESCE(t.rejected, 0), COALESCE(t.ambiguous, 0)
	FROM made
	CROSS JOIN import_part p
	LEFT JOIN tally t USING (file)
), line AS (
	INSERT INTO import_row (member_id, import_id, ordinal, file, line, outcome,
		reason, raw)
	SELECT made.member_id, made.id,
		row_number() OVER (ORDER BY l.file, l.ordinal), l.file, l.line,
		l.outcome, l.reason, COALESCE(l.raw, '')
	FROM made
	CROSS JOIN import_line l
	WHERE l.outcome IN ('rejected', 'ambiguous')
)
UPDATE member
SET library_version = library_version + 1
WHERE id = current_member()
	AND (EXISTS (SELECT FROM import_part WHERE touched OR removed > 0)
		OR EXISTS (SELECT FROM import_film WHERE old_id <> film_id)
		OR EXISTS (SELECT FROM import_line
			WHERE verdict IN ('new', 'changed'))
		OR EXISTS (SELECT FROM import_watch
			WHERE NOT (same_fields AND same_review)))
RETURNING pg_notify('library', id::text);
