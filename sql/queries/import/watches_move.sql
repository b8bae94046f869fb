-- The undated viewing of a film that has moved is known by that film now.
-- Follows films_move, whose cascade this statement sees.
UPDATE watch w SET entry = 'watched:' || w.film_id
FROM import_film i
WHERE w.member_id = current_member() AND w.film_id = i.film_id
	AND i.old_id <> i.film_id AND w.entry = 'watched:' || i.old_id;
