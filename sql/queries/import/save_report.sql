-- Keeps the report: what the library has now, the files with every row accounted
-- for, the causes of rejected and ambiguous lines, and of either the first thousand
-- lines. Files that are only counted have all their rows unchanged. A library that
-- changed gets a new version. The undo of the imports before the last ten goes, and
-- so does the oldest where all together take more than 64 MiB; the newest stays.
-- :account text, the user name of profile.csv; NULL: there is none
-- :seconds float8, from the arrival of the upload to this transaction
WITH undo AS MATERIALIZED (
	SELECT COALESCE(sum(100 + COALESCE(pg_column_size(was), 0)), 0) AS bytes
	FROM import_undo
	WHERE member_id = current_member() AND import_id = current_import()
), made AS (
	UPDATE import i
	SET started_at = now() - make_interval(secs => :seconds::float8),
		finished_at = clock_timestamp(), account = :account::text,
		undo_bytes = undo.bytes,
		films = (SELECT count(*) FROM library_entry e
			WHERE e.member_id = current_member()
			AND (e.marked_on IS NOT NULL OR e.rating IS NOT NULL
				OR EXISTS (SELECT FROM watch w
				WHERE w.member_id = current_member()
				AND w.film_id = e.film_id))),
		watches = (SELECT count(*) FROM watch
			WHERE member_id = current_member())
	FROM undo
	WHERE i.member_id = current_member()
		AND i.id = current_import()
	RETURNING i.member_id, i.id
), old AS MATERIALIZED (
	SELECT id FROM (SELECT id, row_number() OVER newest AS nth,
			undo.bytes + sum(undo_bytes) OVER newest AS bytes
		FROM import
		CROSS JOIN undo
		WHERE member_id = current_member() AND undoable
		WINDOW newest AS (ORDER BY id DESC)) i
	WHERE nth > 10 OR nth > 1 AND bytes > 64 * 1024 * 1024
), kept_no_more AS (
	UPDATE import SET undoable = false FROM old
	WHERE member_id = current_member() AND import.id = old.id
), forgotten AS (
	DELETE FROM import_undo USING old
	WHERE member_id = current_member() AND import_id = old.id
), forgotten_changes AS (
	DELETE FROM import_change USING old
	WHERE member_id = current_member() AND import_id = old.id
), tally AS (
	SELECT file, count(*) FILTER (WHERE verdict = 'new') AS new,
		count(*) FILTER (WHERE verdict = 'changed') AS changed,
		count(*) FILTER (WHERE verdict = 'unchanged') AS unchanged,
		count(*) FILTER (WHERE outcome = 'rejected') AS rejected,
		count(*) FILTER (WHERE outcome = 'ambiguous') AS ambiguous
	FROM import_line
	WHERE file >= 0
	GROUP BY file
), file AS (
	INSERT INTO import_file (member_id, import_id, ordinal, path, kind,
		reason, rows, new, changed, unchanged, removed, rejected, ambiguous)
	SELECT made.member_id, made.id, p.file, p.path, p.kind, p.reason, p.rows,
		COALESCE(t.new, 0), COALESCE(t.changed, 0),
		CASE WHEN p.kind = 'counted' THEN p.rows
			ELSE COALESCE(t.unchanged, 0) END,
		p.removed, p.unkept + COALESCE(t.rejected, 0), COALESCE(t.ambiguous, 0)
	FROM made
	CROSS JOIN import_part p
	LEFT JOIN tally t USING (file)
), rivals AS (
	SELECT title, year, array_agg(film_id ORDER BY marked_on, film_id)
		AS films
	FROM import_entry
	JOIN (SELECT DISTINCT title, year, unnest(rivals) AS ref
		FROM import_line WHERE rivals IS NOT NULL) n
		USING (title, year, ref)
	GROUP BY title, year
), reported AS MATERIALIZED (
	-- A favourite that nobody has named was read, and rejected here.
	SELECT *, outcome = 'ambiguous' OR kind = 'profile' AND position > 0
		AS found_here
	FROM import_line
	WHERE outcome IN ('rejected', 'ambiguous') AND reason IS NOT NULL
), line AS (
	INSERT INTO import_row (member_id, import_id, ordinal, file, line, outcome,
		reason, raw, entry, film_id, films)
	SELECT made.member_id, made.id,
		row_number() OVER (ORDER BY l.file, l.ordinal), l.file, l.line,
		l.outcome, l.reason, COALESCE(l.raw, ''), l.entry, l.film_id,
		CASE WHEN l.rivals IS NOT NULL THEN r.films END
	FROM made
	CROSS JOIN (SELECT *, row_number() OVER (PARTITION BY outcome
			ORDER BY file, ordinal) AS nth
		FROM reported) l
	LEFT JOIN rivals r USING (title, year)
	WHERE l.nth <= 1000
), cause AS (
	SELECT file, 'rejected' AS outcome, reason, line, rows FROM import_why
	UNION ALL
	SELECT file, outcome, (array_agg(reason ORDER BY ordinal))[1],
		min(line), count(*)
	FROM reported
	WHERE found_here
	GROUP BY file, outcome, cause(reason)
), told AS (
	INSERT INTO import_cause (member_id, import_id, ordinal, file, outcome,
		reason, line, rows)
	SELECT made.member_id, made.id,
		row_number() OVER (ORDER BY rows DESC, file, line), file, outcome,
		reason, line, rows
	FROM made
	CROSS JOIN cause
	ORDER BY rows DESC, file, line
	LIMIT 100
)
UPDATE member
SET library_version = library_version + 1,
	account = COALESCE(:account::text, account)
WHERE id = current_member()
	AND (EXISTS (SELECT FROM import_part WHERE touched OR removed > 0)
		OR EXISTS (SELECT FROM import_move)
		OR EXISTS (SELECT FROM import_line
			WHERE verdict IN ('new', 'changed'))
		OR EXISTS (SELECT FROM import_watch
			WHERE NOT (same_fields AND same_place AND same_review)))
RETURNING pg_notify('library', id::text);
