-- Empties the member's library: films, viewings, lists and the kept reports of
-- imports. Films and what TMDB says of them are everybody's and stay.
WITH entries AS (
	DELETE FROM library_entry WHERE member_id = current_member()
), lists AS (
	DELETE FROM list WHERE member_id = current_member()
), imports AS (
	DELETE FROM import WHERE member_id = current_member()
)
UPDATE member SET library_version = library_version + 1, sample = false
WHERE id = current_member()
RETURNING pg_notify('library', id::text);
