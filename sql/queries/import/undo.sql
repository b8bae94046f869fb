-- Makes the library what it was before an import, which undoes the later ones as
-- well. Follows import/undo_check.
-- :import bigint, its id
WITH undone AS MATERIALIZED (
	SELECT undo_imports(:import::bigint) AS films
), marked AS (
	UPDATE import SET undone_at = now(), undoable = false
	WHERE member_id = current_member() AND id >= :import::bigint
		AND undone_at IS NULL
)
UPDATE member m
SET library_version = library_version + 1, sample = i.sample_before,
	account = i.account_before
FROM import i, undone u
WHERE m.id = current_member() AND i.member_id = m.id AND i.id = :import::bigint
RETURNING drop_lone_jobs(u.films), pg_notify('library', m.id::text);
