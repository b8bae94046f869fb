-- Whose library this is. The sample goes into an empty library or over the
-- sample; anything else clears the sample first, what hangs on another row by a
-- statement of its own.
-- :sample boolean, this import is the sample export. Refused with RW001 when
-- the library is the member's own.
WITH own AS MATERIALIZED (
	SELECT sample FROM member WHERE id = current_member()
), refused AS MATERIALIZED (
	SELECT refuse('RW001', 'the library is not the sample') FROM own
	WHERE :sample::boolean AND NOT sample AND EXISTS (SELECT FROM library_entry)
), viewings AS (
	DELETE FROM watch USING own WHERE sample AND NOT :sample::boolean
), entries AS (
	DELETE FROM library_entry USING own WHERE sample AND NOT :sample::boolean
), items AS (
	DELETE FROM list_item USING own WHERE sample AND NOT :sample::boolean
), lists AS (
	DELETE FROM list USING own WHERE sample AND NOT :sample::boolean
), imports AS (
	DELETE FROM import USING own WHERE sample AND NOT :sample::boolean
		AND id <> current_import()
)
UPDATE member
SET sample = :sample::boolean, library_version = library_version + 1
WHERE id = current_member() AND sample <> :sample::boolean
	AND NOT EXISTS (SELECT FROM refused)
RETURNING pg_notify('library', id::text);
