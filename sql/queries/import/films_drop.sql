-- Films that the member has left: rows of film that others are better than, when
-- nobody else has them either, and the jobs of all that nobody has now.
SELECT drop_lone_films(ARRAY(SELECT old_id FROM import_move)),
	drop_lone_jobs(ARRAY(SELECT film_id FROM import_library
		UNION SELECT old_id FROM import_move
		EXCEPT SELECT film_id FROM library_entry
		WHERE member_id = current_member()));
