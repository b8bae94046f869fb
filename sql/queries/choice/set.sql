-- The member's choice for a film. Follows choice/add_target.
-- $1 bigint film, $2 text ref of the title; NULL: TMDB has none
INSERT INTO film_choice (member_id, film_id, target_film_id)
VALUES (current_member(), $1::bigint, (SELECT id FROM film
	WHERE ref = $2::text AND title = $2::text
		AND COALESCE(year, 0) = 0))
ON CONFLICT (member_id, film_id) DO UPDATE
SET target_film_id = EXCLUDED.target_film_id, chosen_at = EXCLUDED.chosen_at;
