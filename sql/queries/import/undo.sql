-- Of the undo of an import, after import/lock: makes the library what it was before
-- it, which undoes the later ones as well. Refused with RW002 when there is no such
-- import, with RW004 when its undo is not kept or it is undone already.
-- :import bigint, its id
WITH asked AS MATERIALIZED (
	SELECT * FROM import
	WHERE member_id = current_member() AND id = :import::bigint
), refused AS MATERIALIZED (
	SELECT CASE WHEN NOT EXISTS (SELECT FROM asked)
			THEN refuse('RW002', 'no such import')
		WHEN EXISTS (SELECT FROM asked WHERE undone_at IS NOT NULL)
			THEN refuse('RW004', 'This import is undone already.')
		WHEN NOT EXISTS (SELECT FROM import_undo
			WHERE member_id = current_member()
				AND import_id = :import::bigint)
			THEN refuse('RW004', 'Only the last ten imports that changed '
				'something can be undone, and this one cannot.')
		END AS refusal
), undone AS MATERIALIZED (
	SELECT undo_imports(:import::bigint) AS films
	FROM refused WHERE refusal IS NULL
), marked AS (
	UPDATE import SET undone_at = now()
	FROM undone
	WHERE member_id = current_member() AND id >= :import::bigint
		AND undone_at IS NULL
)
UPDATE member m
SET library_version = library_version + 1, sample = a.sample_before,
	account = a.account_before
FROM asked a, undone u
WHERE m.id = current_member()
RETURNING drop_lone_jobs(u.films), pg_notify('library', m.id::text);
