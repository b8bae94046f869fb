-- Films of the member that the upload knows a more exact ref of: what the
-- member has of them moves to the row of that ref, viewings go along with their
-- entry (a cascade), and the library as it was before the import with them. The
-- row of film itself stays as it is, since others may have it.
WITH moved AS MATERIALIZED (
	SELECT old_id, film_id FROM import_film WHERE old_id <> film_id
), entries AS (
	UPDATE library_entry e SET film_id = m.film_id
	FROM moved m
	WHERE e.member_id = current_member() AND e.film_id = m.old_id
), items AS (
	UPDATE list_item i SET film_id = m.film_id
	FROM moved m
	WHERE i.member_id = current_member() AND i.film_id = m.old_id
), second AS (
	-- Both rows have a choice: that of the row that stays counts.
	DELETE FROM film_choice c
	USING moved m
	WHERE c.member_id = current_member() AND c.film_id = m.old_id
		AND EXISTS (SELECT FROM film_choice o
			WHERE o.member_id = current_member()
				AND o.film_id = m.film_id)
), choices AS (
	UPDATE film_choice c SET film_id = m.film_id
	FROM moved m
	WHERE c.member_id = current_member() AND c.film_id = m.old_id
		AND c.target_film_id IS DISTINCT FROM m.film_id
		AND NOT EXISTS (SELECT FROM film_choice o
			WHERE o.member_id = current_member()
				AND o.film_id = m.film_id)
)
UPDATE import_library h SET film_id = i.film_id, ref = i.ref
FROM import_film i
WHERE h.film_id = i.old_id AND i.old_id <> i.film_id;
