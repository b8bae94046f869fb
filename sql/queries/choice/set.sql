-- The member's choice for a film. Follows choice/add_target. The title chosen before
-- is not looked up any more, unless somebody else has it. Both are locked by id, as
-- everywhere: choice/enqueue locks the new one again.
-- :film bigint, its id
-- :ref text, of the title; NULL: TMDB has none
WITH target AS MATERIALIZED (
	SELECT (SELECT id FROM film WHERE ref = :ref::text AND title = :ref::text
		AND COALESCE(year, 0) = 0) AS id
), before AS MATERIALIZED (
	SELECT target_film_id AS id FROM film_choice
	WHERE member_id = current_member() AND film_id = :film::bigint
), locked AS MATERIALIZED (
	SELECT count(*) AS films
	FROM lock_films(ARRAY(SELECT id FROM target UNION SELECT id FROM before))
)
INSERT INTO film_choice (member_id, film_id, target_film_id)
SELECT current_member(), :film::bigint, target.id
FROM target CROSS JOIN locked
ON CONFLICT (member_id, film_id) DO UPDATE
SET target_film_id = EXCLUDED.target_film_id, chosen_at = EXCLUDED.chosen_at
RETURNING drop_lone_jobs(ARRAY(SELECT id FROM before
	WHERE id <> film_choice.target_film_id
		OR film_choice.target_film_id IS NULL));
