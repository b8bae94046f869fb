-- Of a change of a choice, after import/lock: the film must be in the member's
-- library or on a list of it, else the change is refused with RW002.
-- :film bigint, its id
WITH own AS MATERIALIZED (
	SELECT EXISTS (SELECT FROM library_entry
			WHERE member_id = current_member() AND film_id = :film::bigint)
		OR EXISTS (SELECT FROM list_item
			WHERE member_id = current_member() AND film_id = :film::bigint)
		AS own
), refused AS MATERIALIZED (
	SELECT refuse('RW002', 'the film is not the member''s') FROM own
	WHERE NOT own
)
UPDATE member SET library_version = library_version + 1
WHERE id = current_member() AND NOT EXISTS (SELECT FROM refused)
RETURNING pg_notify('library', id::text);
