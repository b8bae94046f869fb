-- The member's choice for a film. Follows choice/add_target.
-- :film bigint, its id
-- :ref text, of the title; NULL: TMDB has none
INSERT INTO film_choice (member_id, film_id, target_film_id)
VALUES (current_member(), :film::bigint, (SELECT id FROM film
	WHERE ref = :ref::text AND title = :ref::text
		AND COALESCE(year, 0) = 0))
ON CONFLICT (member_id, film_id) DO UPDATE
SET target_film_id = EXCLUDED.target_film_id, chosen_at = EXCLUDED.chosen_at;
