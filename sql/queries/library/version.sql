-- What the answers about a member's library depend on, as one word: when it
-- is the same, they are the same. Run with the member set.
--   => version text   rises of the library, highest rise of its films
SELECT member.library_version || '-' || COALESCE((
		SELECT max(film.version)
		FROM library_entry
		JOIN member_film film ON film.id = library_entry.film_id
		WHERE library_entry.member_id = member.id), 0) AS version
FROM member
WHERE member.id = current_member()
