-- Rows of film that the member has left for more exact ones, when nobody else
-- has them either: nobody waits for their jobs any more.
SELECT drop_lone_films(ARRAY(SELECT old_id FROM import_film
	WHERE old_id <> film_id));
