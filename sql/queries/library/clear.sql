-- Empties the member's library: films, viewings, lists and the kept reports of
-- imports. Films and what TMDB says of them are everybody's and stay; those that
-- nobody else has are not looked up any more.
WITH entries AS (
	DELETE FROM library_entry WHERE member_id = current_member()
	RETURNING film_id
), lists AS (
	DELETE FROM list WHERE member_id = current_member()
), imports AS (
	DELETE FROM import WHERE member_id = current_member()
), films AS MATERIALIZED (
	SELECT array_agg(film_id) AS ids FROM entries
)
UPDATE member
SET library_version = library_version + 1, sample = false, account = NULL
FROM films
WHERE member.id = current_member()
RETURNING drop_lone_jobs(films.ids), pg_notify('library', member.id::text);
