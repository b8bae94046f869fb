-- Empties the member's library: films, viewings, lists and the kept reports of
-- imports. Follows import/fresh_plans. What hangs on another row goes by a statement
-- of its own, not by a trigger a row. Films and what TMDB says of them are
-- everybody's and stay; those that nobody else has are not looked up any more.
WITH viewings AS (
	DELETE FROM watch WHERE member_id = current_member()
), entries AS (
	DELETE FROM library_entry WHERE member_id = current_member()
	RETURNING film_id
), items AS (
	DELETE FROM list_item WHERE member_id = current_member()
	RETURNING film_id
), lists AS (
	DELETE FROM list WHERE member_id = current_member()
), import_rows AS (
	DELETE FROM import_row WHERE member_id = current_member()
), import_files AS (
	DELETE FROM import_file WHERE member_id = current_member()
), import_undos AS (
	DELETE FROM import_undo WHERE member_id = current_member()
), import_changes AS (
	DELETE FROM import_change WHERE member_id = current_member()
), imports AS (
	DELETE FROM import WHERE member_id = current_member()
), films AS MATERIALIZED (
	SELECT array_agg(film_id) AS ids
	FROM (SELECT film_id FROM entries UNION SELECT film_id FROM items) f
)
UPDATE member
SET library_version = library_version + 1, sample = false, account = NULL
FROM films
WHERE member.id = current_member()
RETURNING drop_lone_jobs(films.ids), pg_notify('library', member.id::text);
