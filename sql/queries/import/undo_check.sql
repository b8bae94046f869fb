-- Of the undo of an import, after import/lock. Refused with RW002 when there is no
-- such import, with RW004 when its undo is not kept or it is undone already.
-- :import bigint, its id
SELECT CASE WHEN undone_at IS NOT NULL
		THEN refuse('RW004', 'This import is undone already.')
	WHEN NOT undoable
		THEN refuse('RW004', 'The undo of this import is not kept any '
			'more; only the last ten imports can be undone, and of '
			'large ones the last.')
	WHEN id IS NULL THEN refuse('RW002', 'no such import')
	END AS refused
FROM (SELECT 1) one
LEFT JOIN import ON member_id = current_member() AND id = :import::bigint;
